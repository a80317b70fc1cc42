// Sets of characters in regular expressions.
#pragma once

#include <optional>

#include "loader/schema/pattern.hpp"

namespace berth::loader {

constexpr char32_t last_character = 0x10ffff;

Pattern::Ranges tidy(Pattern::Ranges ranges);            // sorted, apart from each other
Pattern::Ranges inverse(const Pattern::Ranges& ranges);  // of tidy ones
std::optional<Pattern::Ranges> named_set(char letter);   // what \d, \D, \w, \W, \s and \S stand for
Pattern::Ranges all_but_line_ends();                     // what . stands for

}  // namespace berth::loader
