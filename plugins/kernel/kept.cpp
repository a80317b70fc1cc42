// The end is cut only when it has grown to twice its size, so that a flood costs one copy.
#include "kept.hpp"

#include <algorithm>
#include <utility>

namespace kernel {

namespace {

bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// How many bytes the character wants that begins so.
std::size_t wanted(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xc2 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 1;
}

// Bytes at the end that begin a character and do not end it.
std::size_t begun(std::string_view bytes) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
    const char c = bytes[bytes.size() - back];
    if (!goes_on(c)) return wanted(c) > back ? back : 0;
  }
  return 0;
}

}  // namespace

void Kept::add(std::string_view bytes) {
  const std::size_t half = m_most / 2;
  if (m_head.size() < half && m_tail.empty()) {
    const auto part = bytes.substr(0, half - m_head.size());
    m_head += part;
    bytes.remove_prefix(part.size());
  }
  m_tail += bytes;
  if (m_tail.size() <= 2 * half) return;
  const std::size_t out = m_tail.size() - half;
  if (m_out) m_out(std::string_view(m_tail).substr(0, out));
  m_left_out += out;
  m_tail.erase(0, out);
}

std::string Kept::text(std::string_view instead) const {
  if (!cut()) return m_head + m_tail;
  const std::size_t end = m_head.size() - begun(m_head);
  std::size_t from = 0;
  while (from < m_tail.size() && from < 4 && goes_on(m_tail[from])) ++from;
  return m_head.substr(0, end) + std::string(instead) + m_tail.substr(from);
}

std::string Whole::add(std::string_view bytes) {
  std::string all = std::exchange(m_rest, {}) + std::string(bytes);
  const std::size_t cut = begun(all);
  m_rest = all.substr(all.size() - cut);
  all.resize(all.size() - cut);
  return all;
}

}  // namespace kernel
