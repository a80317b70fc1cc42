// Reads a line's most at once and moves what is left to the front.
#include "store_lines.hpp"

#include <algorithm>
#include <cstring>

#include "content.hpp"

namespace workspace {

bool StoreLines::next() {
  const auto end_of = [this] {
    return static_cast<const char*>(m_at == m_have ? nullptr : std::memchr(m_room.data() + m_at, '\n', m_have - m_at));
  };
  const char* end = end_of();
  if (!end && fill()) end = end_of();
  if (m_at == m_have) return false;
  m_ended = end != nullptr;
  const std::size_t size = m_ended ? static_cast<std::size_t>(end - m_room.data()) - m_at : m_have - m_at;
  m_offset = m_read - (m_have - m_at);
  m_line = std::string_view(m_room).substr(m_at, size);
  m_at += size + (m_ended ? 1 : 0);
  return true;
}

bool StoreLines::fill() {
  m_room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(4 * most_line, m_size)));
  std::memmove(m_room.data(), m_room.data() + m_at, m_have - m_at);
  m_have -= m_at;
  m_at = 0;
  while (m_have < m_room.size() && m_read < m_size) {
    const std::size_t wanted = std::min<std::uint64_t>(m_room.size() - m_have, m_size - m_read);
    const ssize_t got = read_at(m_fd, m_room.data() + m_have, wanted, m_read);
    if (got < 0) throw berth::Error(500, "unreadable_store", "the store cannot be read");
    if (got == 0) break;
    m_have += static_cast<std::size_t>(got);
    m_read += static_cast<std::uint64_t>(got);
  }
  return m_have > 0;
}

}  // namespace workspace
