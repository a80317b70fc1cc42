// What an input may say, for operations that a program asks for: it knows no schema, and what is misspelt must not be
// taken for something else.
#pragma once

#include <berth/call.hpp>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace xlsx {

// A field that is one of some words; the first of them if it is not there. Throws berth::Error (400).
std::string one_of(const berth::Json& input, const char* field, std::initializer_list<std::string_view> words);

// A field that is a whole number of a range. Throws berth::Error (400).
std::size_t within(const berth::Json& input, const char* field, std::size_t least, std::size_t most,
                   std::size_t otherwise);

}  // namespace xlsx
