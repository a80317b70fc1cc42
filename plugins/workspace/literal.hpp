// Fixed texts, which are found many times faster than expressions match: by the bytes of theirs that are rarest in most
// texts, and also in an expression, if every match of it must have one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace workspace {

class Literal {
 public:
  explicit Literal(std::string text);
  const std::string& text() const { return m_text; }
  // Where it begins, at `from` or later; npos.
  std::size_t find(std::string_view in, std::size_t from) const;

 private:
  std::size_t find_by_three(std::string_view in, std::size_t from) const;
  std::size_t farthest() const;
  bool is_at(const char* at) const;

  std::string m_text;
  std::size_t m_rarest = 0, m_second = 0;  // where in it these are; the same: it has no two
  std::size_t m_third = 0;                 // as far as may be from both: neighbours often come together
};

// The longest text that all matches of an expression must have, as far as a glance at it tells; "" if it does not.
std::string required_text(std::string_view expression);

std::size_t count_newlines(std::string_view text);

}  // namespace workspace
