// What is looked for in a text: a fixed string, or a regular expression of RE2, which takes time in proportion to the
// text whatever the expression is.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "literal.hpp"

namespace re2 {
class RE2;
}

namespace workspace {

struct Pattern {
  std::string text;
  bool fixed = false;  // as it stands, and no expression
  bool ignore_case = false;
};

class Matcher {
 public:
  explicit Matcher(Pattern pattern);  // throws an Error (422): no expression, or too large a one
  Matcher(Matcher&&) noexcept;
  ~Matcher();

  struct Span {
    std::size_t begin, size;
  };
  // The first that begins at `from`, which is a line's begin, or later. "^" and "$" are the ends of lines, and no match
  // goes beyond its line.
  std::optional<Span> find(std::string_view text, std::size_t from) const;

 private:
  // Within lines: whatever is before `begin` and from `end` on belongs to others.
  std::optional<Span> match(std::string_view text, std::size_t begin, std::size_t end) const;

  std::optional<Literal> m_literal;        // must be there; all of it, if there is no expression
  std::unique_ptr<re2::RE2> m_expression;  // may be null
};

}  // namespace workspace
