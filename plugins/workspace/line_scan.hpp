// The lines of one open file that match. It is read in blocks, so that a file of any size takes the same memory; at the
// first NUL it counts as binary and is left.
#pragma once

#include <cstdint>
#include <functional>
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

class LineScan {
 public:
  static constexpr std::size_t most_text = 400;     // bytes of a line that are told
  static constexpr std::size_t longest = 4u << 20;  // a longer line is looked at in pieces of that size

  // Both say whether to go on; `more` is asked between two blocks.
  using Take = std::function<bool(Line&&)>;
  using More = std::function<bool()>;
  enum class End { whole, binary, unreadable, stopped };

  explicit LineScan(const Matcher& matcher) : m_matcher(matcher) {}
  End run(int fd, const Take& take, const More& more);

 private:
  bool look_at(std::string_view lines, const Take& take);

  const Matcher& m_matcher;
  std::string m_room;  // kept from file to file, as large as a line wanted it
  std::uint64_t m_lines = 0;
};

}  // namespace workspace
