// What is cut off ends with a line where there is one near, so that no escape sequence begins in its middle.
#include "history.hpp"

#include <berth/output.hpp>

#include <algorithm>

namespace shell {

namespace {

constexpr std::size_t near = 4096;

}  // namespace

void History::add(std::string_view bytes) {
  m_bytes += bytes;
  if (m_bytes.size() <= 2 * m_most) return;
  std::size_t cut = m_bytes.size() - m_most;
  const auto line = m_bytes.find('\n', cut);
  if (line != std::string::npos && line - cut < std::min(near, m_most))
    cut = line + 1;
  else
    cut += berth::first_whole(std::string_view(m_bytes).substr(cut));
  m_bytes.erase(0, cut);
  m_begin += cut;
}

std::string_view History::from(std::uint64_t place) const {
  return std::string_view(m_bytes).substr(static_cast<std::size_t>(place - m_begin));
}

}  // namespace shell
