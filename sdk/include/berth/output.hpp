// What programs write, for a plugin that passes it on: within bounds, and as text in which no character is torn.
#pragma once

#include <berth/json_text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace berth {

namespace detail {

inline bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

// Of the character that begins so; 1 if none does.
inline std::size_t size_by_lead(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xc2 || byte > 0xf4) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

}  // namespace detail

// How many bytes from the start on are whole characters of UTF-8. What is left, three bytes at the most, may be the
// begin of one that goes on with what comes next. Only the end is looked at: what is wrong before it stays wrong.
inline std::size_t whole_size(std::string_view bytes) {
  for (std::size_t back = 1; back < 4 && back <= bytes.size(); ++back) {
    const char c = bytes[bytes.size() - back];
    if (!detail::goes_on(c)) return bytes.size() - (detail::size_by_lead(c) > back ? back : 0);
  }
  return bytes.size();
}

// Where the first character begins: behind what is left of one that is gone.
inline std::size_t first_whole(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && at < 3 && detail::goes_on(bytes[at])) ++at;
  return at;
}

// UTF-8, whatever it was: each byte that is of no character becomes U+FFFD.
inline std::string clean(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = detail::character_size(bytes);
    text += size > 0 ? bytes.substr(0, size) : std::string_view("\xef\xbf\xbd");
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

// What stands where something is missing. `where`: what else there is to say of it.
inline std::string left_out_note(std::uint64_t bytes, std::string_view where) {
  return "\n… " + std::to_string(bytes) + " bytes left out here" + std::string(where) + " …\n";
}

// The whole characters of what comes piece by piece; one that is cut is kept for the next piece.
class Whole {
 public:
  std::string add(std::string_view bytes) {
    std::string all = std::exchange(m_rest, {});
    all += bytes;
    const std::size_t size = whole_size(all);
    m_rest = all.substr(size);
    all.resize(size);
    return all;
  }
  std::string rest() { return std::exchange(m_rest, {}); }

 private:
  std::string m_rest;
};

// All of it, or the begin and the end: half of `most` each, the end up to twice that, so that a flood costs one copy.
// What falls out between them goes to `out`, if there is one.
class Kept {
 public:
  using Out = std::function<void(std::string_view)>;
  explicit Kept(std::size_t most, Out out = {}) : m_half(most / 2), m_out(std::move(out)) {}

  void add(std::string_view bytes) {
    if (m_head.size() < m_half && m_tail.empty()) {
      const auto part = bytes.substr(0, m_half - m_head.size());
      m_head += part;
      bytes.remove_prefix(part.size());
    }
    m_tail += bytes;
    if (m_tail.size() <= 2 * m_half) return;
    const std::size_t gone = m_tail.size() - m_half;
    if (m_out) m_out(std::string_view(m_tail).substr(0, gone));
    m_left_out += gone;
    m_tail.erase(0, gone);
  }
  bool cut() const { return m_left_out > 0; }
  std::uint64_t left_out() const { return m_left_out; }                               // bytes
  std::uint64_t total() const { return m_left_out + m_head.size() + m_tail.size(); }  // that came
  // With a note between the two parts, if anything is missing there.
  std::string text(std::string_view where = {}) const {
    if (!cut()) return m_head + m_tail;
    const auto head = m_head.substr(0, whole_size(m_head)), tail = m_tail.substr(first_whole(m_tail));
    return head + left_out_note(total() - head.size() - tail.size(), where) + tail;
  }
  // What is kept from there on, up to `most` bytes, and where it begins: that is later if what is there was left out.
  std::pair<std::uint64_t, std::string> from(std::uint64_t at, std::size_t most) const {
    const std::uint64_t tail = m_head.size() + m_left_out;
    at = std::min(at, total());
    if (at >= m_head.size()) at = std::max(at, tail);
    std::string bytes = at < m_head.size() ? m_head.substr(at, most) : std::string();
    const std::uint64_t next = at + bytes.size();
    if (next >= tail) bytes += m_tail.substr(next - tail, most - bytes.size());
    return {at, std::move(bytes)};
  }

 private:
  std::size_t m_half;
  Out m_out;
  std::string m_head, m_tail;
  std::uint64_t m_left_out = 0;
};

}  // namespace berth
