// A worker writes a mark in one piece, so one that is cut in two was only read in two.
#include "marks.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kernel {

std::size_t MarkReader::begun(std::string_view bytes) const {
  const std::size_t most = std::min(bytes.size(), m_begin.size() - 1);
  const auto at = bytes.substr(bytes.size() - most).rfind('\x1e');
  if (at == std::string_view::npos) return 0;
  const auto end = bytes.substr(bytes.size() - most + at);
  return std::string_view(m_begin).substr(0, end.size()) == end ? end.size() : 0;
}

bool MarkReader::read_number(std::string_view mark) {
  const auto text = mark.substr(m_begin.size(), digits);
  std::uint64_t number = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (done.ec != std::errc() || done.ptr != text.data() + text.size() || mark.back() != '\x1e') return false;
  m_number = number;
  return true;
}

void MarkReader::feed(std::string_view fresh, std::vector<Piece>& pieces) {
  const std::string all = std::exchange(m_rest, {}) + std::string(fresh);
  std::string_view bytes = all;
  std::string data;
  const auto tell = [&] {
    if (!data.empty()) pieces.push_back({m_number, std::exchange(data, {})});
  };
  while (!bytes.empty()) {
    const auto at = bytes.find(m_begin);
    const std::size_t kept = at == std::string_view::npos ? begun(bytes) : 0;
    data += bytes.substr(0, at == std::string_view::npos ? bytes.size() - kept : at);
    if (at == std::string_view::npos || bytes.size() - at < length()) {
      m_rest = bytes.substr(at == std::string_view::npos ? bytes.size() - kept : at);
      break;
    }
    const auto mark = bytes.substr(at, length());
    const auto before = m_number;
    if (read_number(mark)) {
      const auto now = std::exchange(m_number, before);
      tell();
      m_number = now;
      bytes.remove_prefix(at + length());
    } else {  // a forgery
      data += m_begin;
      bytes.remove_prefix(at + m_begin.size());
    }
  }
  tell();
}

std::string MarkReader::take_rest() { return std::exchange(m_rest, {}); }

}  // namespace kernel
