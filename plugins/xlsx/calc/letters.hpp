// UTF-8 as formulas see it: one character after the other, and letters without regard to case.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xlsx::calc {

// The character that begins at `at`, and moves behind it; bytes that are no UTF-8 are characters by themselves.
char32_t next_character(std::string_view text, std::size_t& at);
void append_character(std::string& to, char32_t character);

char32_t lower(char32_t character);
char32_t upper(char32_t character);
std::string lower(std::string_view text);
std::string upper(std::string_view text);

// In what formulas count: UTF-16 units.
std::size_t length(std::string_view text);
// The byte where a unit is; of one in the middle of a character, the character's begin. Beyond the end: the size.
std::size_t byte_of(std::string_view text, std::size_t unit);

}  // namespace xlsx::calc
