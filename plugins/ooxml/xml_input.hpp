// The text of a part as one growing piece of UTF-8: decoded, all of its characters allowed, its lines counted. A zero
// byte stands behind what is there, so that whoever reads needs to look for the end only when he meets one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archive.hpp"

namespace ooxml {

class XmlInput {
 public:
  explicit XmlInput(Source& source);
  const char* begin() const { return m_buffer.data(); }
  const char* end() const { return m_buffer.data() + m_last; }
  // Gets more text; what lies before `keep` is given up, and `keep` then is at begin(). False: there is no more.
  bool more(const char* keep);
  std::uint64_t offset(const char* at) const { return m_before + static_cast<std::uint64_t>(at - m_buffer.data()); }
  // The line of a place; of places that never go back.
  std::size_t line(const char* at) {
    std::uint64_t place = offset(at);
    while (m_next_break < m_breaks.size() && m_breaks[m_next_break] < place) ++m_next_break;
    return m_line + m_next_break;
  }
  // The bytes are UTF-16.
  bool wide() const { return m_wide; }

 private:
  bool pull();
  void take(std::string_view piece);
  void open(std::string_view piece);
  void narrow(std::string_view piece);
  void put_wide(std::uint16_t unit);
  void check();
  std::size_t check_sequence(std::size_t at);
  [[noreturn]] void bad(std::size_t at, const char* why);

  Source& m_source;
  std::string m_buffer;
  std::string_view m_piece;              // what the source gave and is not taken yet
  std::size_t m_last = 0, m_filled = 0;  // what may be read, and what is there
  std::uint64_t m_before = 0;            // bytes that were given up
  std::vector<std::uint64_t> m_breaks;
  std::size_t m_next_break = 0, m_line = 1;
  bool m_opened = false, m_ended = false, m_wide = false, m_big = false;
  std::string m_odd;  // bytes that are no whole character yet
  std::uint16_t m_surrogate = 0;
};

}  // namespace ooxml
