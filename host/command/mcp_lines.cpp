// Bounded, whatever comes.
#include "command/mcp_lines.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace berth::command {

namespace {
constexpr std::chrono::milliseconds longest_retry{60'000};
}

void McpLines::add(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (m_line.size() + part.size() > m_longest) m_too_long = true;
    if (m_too_long)
      std::string().swap(m_line);
    else
      m_line += part;
    if (end == std::string_view::npos) return;
    finish(take);
    bytes.remove_prefix(end + 1);
  }
}

void McpLines::end(const Take& take) {
  if (!m_line.empty() || m_too_long) finish(take);
}

void McpLines::finish(const Take& take) {
  auto line = std::exchange(m_line, {});
  if (std::exchange(m_too_long, false)) return take(std::nullopt);
  if (line.ends_with('\r')) line.pop_back();
  take(std::move(line));
}

bool McpEvents::add(std::string_view bytes, const Take& take) {
  m_lines.add(bytes, [&](std::optional<std::string> text) {
    if (!text) m_too_long = true;
    if (!m_too_long) line(*text, take);
  });
  return !m_too_long;
}

void McpEvents::line(const std::string& text, const Take& take) {
  if (text.empty()) {
    auto event = std::exchange(m_event, {});
    if (std::exchange(m_any, false)) take(std::move(event));
    return;
  }
  const auto colon = std::min(text.find(':'), text.size());
  const auto name = std::string_view(text).substr(0, colon);
  auto value = std::string_view(text).substr(std::min(colon + 1, text.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  m_any = m_any || !name.empty();
  if (name == "id") m_event.id = value;
  if (name == "data") {
    if (m_event.data.size() + value.size() > m_longest) m_too_long = true;
    if (!m_event.data.empty()) m_event.data += '\n';
    m_event.data += value;
  }
  if (name == "retry") {
    long long time = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), time);
    if (failed == std::errc() && end == value.data() + value.size() && time >= 0)
      m_event.retry = std::min<std::chrono::milliseconds>(std::chrono::milliseconds(time), longest_retry);
  }
}

std::string one_line(std::string json) {
  std::replace_if(
      json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  while (json.ends_with(' ')) json.pop_back();
  return json;
}

}  // namespace berth::command
