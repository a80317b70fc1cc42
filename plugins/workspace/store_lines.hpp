// The lines of a store's file, one after the other, in the memory of one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "record.hpp"

namespace workspace {

class StoreLines {
 public:
  // Of the first `size` bytes of the file.
  StoreLines(int fd, std::uint64_t size) : m_fd(fd), m_size(size) {}

  // False: there is none. A line that is longer than any record comes in pieces, none of which is a record.
  bool next();
  std::string_view line() const { return m_line; }   // without its newline; until the next next()
  bool ended() const { return m_ended; }             // the line has its newline
  std::uint64_t offset() const { return m_offset; }  // of its first byte

 private:
  bool fill();

  const int m_fd;
  const std::uint64_t m_size;
  std::string m_room;
  std::size_t m_at = 0, m_have = 0;
  std::uint64_t m_read = 0, m_offset = 0;
  std::string_view m_line;
  bool m_ended = false;
};

}  // namespace workspace
