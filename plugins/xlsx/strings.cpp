// What is full goes to the file as a whole, so there it is one text again.
#include "strings.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "spool.hpp"

namespace xlsx {

namespace {

constexpr std::size_t window_bytes = 64u << 10;

}  // namespace

Strings::~Strings() {
  if (m_file >= 0) ::close(m_file);
}

void Strings::add(std::string_view text) {
  if (m_count % step == 0) m_places.push_back(bytes());
  ++m_count;
  for (std::size_t rest = text.size();; rest >>= 7) {
    m_text += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
    if (rest <= 0x7F) break;
  }
  m_text += text;
  if (m_text.size() > m_memory) spill();
}

void Strings::spill() {
  if (m_file < 0) m_file = unnamed_file();
  write_all(m_file, m_text);
  m_filed += m_text.size();
  m_text.clear();
}

std::string_view Strings::bytes_at(std::uint64_t from, std::size_t size) {
  if (from >= m_filed) return std::string_view(m_text).substr(static_cast<std::size_t>(from - m_filed), size);
  const bool inside = from >= m_window_at && from + size <= m_window_at + m_window.size();
  if (!inside) {
    m_window.resize(std::max(window_bytes, size));
    const ssize_t got = ::pread(m_file, m_window.data(), m_window.size(), static_cast<off_t>(from));
    if (got < 0) throw std::runtime_error("what was put into a file for a while cannot be read");
    m_window.resize(static_cast<std::size_t>(got));
    m_window_at = from;
  }
  return std::string_view(m_window).substr(static_cast<std::size_t>(from - m_window_at), size);
}

std::uint64_t Strings::length_at(std::uint64_t& from) {
  std::uint64_t length = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto one = bytes_at(from++, 1);
    if (one.empty()) return 0;
    length |= std::uint64_t{static_cast<unsigned char>(one[0]) & 0x7FU} << shift;
    if ((static_cast<unsigned char>(one[0]) & 0x80) == 0) break;
  }
  return length;
}

// One that was begun in memory and spilled lies whole in the file: what is spilled ends with the end of a text.
std::string_view Strings::at(std::size_t number) {
  if (number >= m_count) return {};
  std::uint64_t from = m_places[number / step];
  for (std::size_t i = number % step; i > 0; --i) {
    const std::uint64_t length = length_at(from);
    from += length;
  }
  const std::uint64_t length = length_at(from);
  return bytes_at(from, static_cast<std::size_t>(length));
}

}  // namespace xlsx
