// Number formats as TEXT applies them: sections, digits, thousands, percent, exponents, fractions, dates and times,
// literal text.
#pragma once

#include <string>
#include <string_view>

#include "value.hpp"

namespace xlsx::calc {

// What Excel would show of a value under a format; #VALUE! for a format that is none.
Value formatted(const Value& value, std::string_view format, bool since_1904 = false);

}  // namespace xlsx::calc
