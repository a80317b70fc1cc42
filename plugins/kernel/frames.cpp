// Room is taken as bytes come, not as they are announced.
#include "frames.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kernel {

using berth::Json;

namespace {

constexpr int most_levels = 100;
constexpr std::size_t most_values = 2'000'000;  // each takes many times the room of its text

// Whoever writes JSON again does it by recursion.
bool modest(std::string_view text) {
  int level = 0;
  std::size_t values = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' || c == '[') ++level;
    if (c == '}' || c == ']') --level;
    if (c == ',' || c == '{' || c == '[') ++values;
    if (level > most_levels || values > most_values) return false;
  }
  return true;
}

std::uint32_t length_at(const char* at) {
  const auto byte = [at](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

}  // namespace

std::optional<Json> parse_object(std::string_view text) {
  if (!modest(text)) return std::nullopt;
  auto read = berth::read_json(text);
  Json json = read ? std::move(*read) : Json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

std::string frame_of(const Json& json) {
  std::string text = berth::json_text(json);
  const auto size = static_cast<std::uint32_t>(text.size());
  const char head[4] = {static_cast<char>(size), static_cast<char>(size >> 8), static_cast<char>(size >> 16),
                        static_cast<char>(size >> 24)};
  return text.insert(0, head, sizeof head);
}

bool FrameReader::feed(std::string_view bytes, std::vector<berth::Fd> fds) {
  if (m_broken) return false;
  m_bytes.append(bytes);
  std::move(fds.begin(), fds.end(), std::back_inserter(m_fds));
  while (cut()) continue;
  m_bytes.erase(0, std::exchange(m_at, 0));
  if (m_fds.size() > most_fds) m_broken = true;
  return !m_broken;
}

bool FrameReader::cut() {
  if (m_broken || m_bytes.size() - m_at < 4) return false;
  const std::size_t length = length_at(m_bytes.data() + m_at);
  if (length > largest) {
    m_broken = true;
    return false;
  }
  if (m_bytes.size() - m_at < 4 + length) return false;
  auto json = parse_object(std::string_view(m_bytes).substr(m_at + 4, length));
  m_at += 4 + length;
  if (!json) {
    m_broken = true;
    return false;
  }
  Frame frame{std::move(*json), {}, length};
  const auto said = frame.json.find("fds");
  std::size_t count = said != frame.json.end() && said->is_number_unsigned() ? said->get<std::size_t>() : 0;
  count = std::min(count, m_fds.size());
  std::move(m_fds.begin(), m_fds.begin() + static_cast<std::ptrdiff_t>(count), std::back_inserter(frame.fds));
  m_fds.erase(m_fds.begin(), m_fds.begin() + static_cast<std::ptrdiff_t>(count));
  m_ready.push_back(std::move(frame));
  return true;
}

std::optional<FrameReader::Frame> FrameReader::next() {
  if (m_ready.empty()) return std::nullopt;
  auto frame = std::move(m_ready.front());
  m_ready.pop_front();
  return frame;
}

}  // namespace kernel
