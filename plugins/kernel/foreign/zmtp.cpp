// Room is taken as bytes come, not as they are announced; what is too large is thrown away as it comes.
#include "foreign/zmtp.hpp"

#include <algorithm>
#include <utility>

namespace kernel::foreign {

namespace {

constexpr std::size_t greeting_size = 64, most_command = 4096;
constexpr unsigned more = 1, is_long = 2, is_command = 4;
constexpr std::string_view mechanism{"NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20};

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

void put_number(std::string& to, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) to += static_cast<char>(number >> (8 * i));
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) number = number << 8 | byte_at(bytes, i);
  return number;
}

std::string greeting() {
  std::string all("\xff\0\0\0\0\0\0\0\0\x7f\3\0", 12);
  all += mechanism;
  all.resize(greeting_size, '\0');
  return all;
}

void put_property(std::string& to, std::string_view name, std::string_view value) {
  put_number(to, name.size(), 1);
  to += name;
  put_number(to, value.size(), 4);
  to += value;
}

}  // namespace

Zmtp::Zmtp(std::string type, std::string identity)
    : m_type(std::move(type)), m_identity(std::move(identity)), m_unsent(greeting()) {}

bool Zmtp::feed(std::string_view bytes) {
  if (m_broken) return false;
  m_bytes += bytes;
  while (step()) continue;
  m_bytes.erase(0, std::exchange(m_at, 0));
  return !m_broken;
}

std::optional<Zmtp::Came> Zmtp::next() {
  if (m_ready.empty()) return std::nullopt;
  auto came = std::move(m_ready.front());
  m_ready.pop_front();
  return came;
}

bool Zmtp::step() {
  if (m_broken) return false;
  if (!m_greeted) return greet();
  return m_in_frame ? end_frame() : begin_frame();
}

bool Zmtp::greet() {
  const auto all = waiting();
  if (all.size() < greeting_size) return false;
  const bool right = byte_at(all, 0) == 0xff && byte_at(all, 9) == 0x7f && byte_at(all, 10) >= 3 &&
                     all.substr(12, mechanism.size()) == mechanism;
  m_at += greeting_size;
  m_greeted = right;
  m_broken = !right;
  if (!right) return false;
  std::string ready("\5READY");
  put_property(ready, "Socket-Type", m_type);
  if (m_type == "DEALER") put_property(ready, "Identity", m_identity);
  append(m_unsent, ready, is_command);
  return true;
}

bool Zmtp::begin_frame() {
  const auto all = waiting();
  if (all.size() < 2) return false;
  m_flags = byte_at(all, 0);
  const std::size_t digits = (m_flags & is_long) != 0 ? 8 : 1;
  if (all.size() < 1 + digits) return false;
  m_size = number_in(all.substr(1, digits));
  m_at += 1 + digits;
  m_in_frame = true;
  const bool for_us = (m_flags & is_command) != 0;
  m_broken = m_flags > 7 || (for_us && (m_size > most_command || (m_flags & more) != 0)) || (!for_us && !m_up);
  if (for_us || m_broken) return !m_broken;
  auto& frames = m_coming.frames;
  const bool fits = !m_coming.left_out && frames.size() < most_frames && m_size <= most_bytes &&
                    m_coming_bytes + m_size <= most_bytes;
  m_skipping = !fits;
  if (fits) return true;
  m_coming.left_out = true;
  frames = {};
  return true;
}

bool Zmtp::end_frame() {
  if (m_skipping) skip();
  if (m_skipping ? m_size > 0 : waiting().size() < m_size) return false;
  const bool for_us = (m_flags & is_command) != 0;
  const auto body = waiting().substr(0, m_skipping ? 0 : static_cast<std::size_t>(m_size));
  m_at += body.size();
  m_in_frame = false;
  if (for_us) return command(body);
  if (!m_skipping) m_coming.frames.emplace_back(body);
  m_coming_bytes += body.size();
  m_skipping = false;
  if ((m_flags & more) != 0) return true;
  m_ready.push_back(std::exchange(m_coming, {}));
  m_coming_bytes = 0;
  return true;
}

void Zmtp::skip() {
  const auto some = std::min<std::uint64_t>(m_size, waiting().size());
  m_at += static_cast<std::size_t>(some);
  m_size -= some;
}

// READY comes first; what else there may be (PING of later versions) is not for who speaks 3.0.
bool Zmtp::command(std::string_view body) {
  const bool ready = body.substr(0, 6) == "\5READY", error = body.substr(0, 6) == "\5ERROR";
  m_broken = error || (!m_up && !ready);
  if (m_broken) return false;
  if (std::exchange(m_up, true)) return true;
  if (m_type == "SUB") append(m_unsent, "\1", 0);  // to all there is
  m_unsent += std::exchange(m_early, {});
  return true;
}

void Zmtp::append(std::string& to, std::string_view frame, unsigned flags) {
  const bool large = frame.size() > 255;
  to += static_cast<char>(flags | (large ? is_long : 0));
  put_number(to, frame.size(), large ? 8 : 1);
  to += frame;
}

void Zmtp::put(const wire::Frames& frames) {
  auto& to = m_up ? m_unsent : m_early;
  for (std::size_t i = 0; i < frames.size(); ++i) append(to, frames[i], i + 1 < frames.size() ? more : 0);
}

}  // namespace kernel::foreign
