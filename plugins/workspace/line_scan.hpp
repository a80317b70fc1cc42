// The lines of one open file that match. It is read in blocks, so that a file of any size takes the same memory; at the
// first NUL it counts as binary and is left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "matcher.hpp"

namespace workspace {

struct Line {
  std::uint64_t number = 0;  // from 1
  std::uint64_t column = 0;  // of the match, in characters, from 1
  std::string text;          // around the match, without the line's end
  bool cut = false;          // the line is longer than `text`
};

// Memory for the blocks of one file after the other, as large as a line wanted it.
class Room {
 public:
  char* data() { return m_bytes.get(); }
  std::size_t size() const { return m_size; }
  // As much, at least, with the first `held` bytes of what was in it.
  void demand(std::size_t size, std::size_t held);

 private:
  std::unique_ptr<char[]> m_bytes;
  std::size_t m_size = 0;
};

class LineScan {
 public:
  static constexpr std::size_t most_text = 400;     // bytes of a line that are told
  static constexpr std::size_t longest = 4u << 20;  // a longer line is looked at in pieces of that size

  // Both say whether to go on; `more` is asked between two blocks.
  using Take = std::function<bool(Line&&)>;
  using More = std::function<bool()>;
  enum class End { whole, binary, unreadable, stopped, unopened, empty };  // the last two: there was nothing to run on

  LineScan(const Matcher& matcher, Room& room) : m_matcher(matcher), m_room(room) {}
  End run(int fd, const Take& take, const More& more);

 private:
  bool look_at(std::string_view lines, const Take& take);

  const Matcher& m_matcher;
  Room& m_room;
  std::uint64_t m_lines = 0;
};

}  // namespace workspace
