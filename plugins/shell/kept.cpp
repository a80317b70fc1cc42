// The end is cut only when it has grown to twice its size, so that a flood costs one copy.
#include "kept.hpp"

#include <algorithm>

#include "text.hpp"

namespace shell {

void Kept::add(std::string_view bytes) {
  m_total += bytes.size();
  if (m_tail.empty()) {
    const auto first = bytes.substr(0, m_half - std::min(m_half, m_head.size()));
    m_head += first;
    bytes.remove_prefix(first.size());
  }
  m_tail += bytes;
  if (m_tail.size() > 2 * m_half) m_tail.erase(0, m_tail.size() - m_half);
}

std::string Kept::text() const {
  if (!cut()) return m_head + m_tail;
  const std::uint64_t gone = m_total - m_head.size() - m_tail.size();
  return m_head.substr(0, whole_size(m_head)) + "\n… " + std::to_string(gone) + " bytes left out here …\n" +
         m_tail.substr(first_whole(m_tail));
}

}  // namespace shell
