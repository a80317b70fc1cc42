// What SUMIF and its like look for: "<5", "=x", "a*", 7.
#pragma once

#include <optional>
#include <string>

#include "../value.hpp"

namespace xlsx::calc {

// `*` and `?` stand for anything, `~` before one takes it as it is; without regard to case.
bool matches(std::string_view pattern, std::string_view text);
bool has_wildcards(std::string_view text);

class Criterion {
 public:
  explicit Criterion(const Value& wanted);
  bool meets(const Value& value) const;

 private:
  enum class Sign : std::uint8_t { equal, unequal, less, less_equal, greater, greater_equal } m_sign = Sign::equal;
  Value m_wanted;
  std::string m_pattern;  // of a text that has wildcards or is compared as a whole
  bool m_text = false, m_blank = false, m_none = false;
};

}  // namespace xlsx::calc
