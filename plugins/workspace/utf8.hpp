// Where one character of UTF-8 ends: names and texts from the disk may be anything, answers are JSON.
#pragma once

#include <cstddef>
#include <string_view>

namespace workspace {

// Bytes of the character that `bytes` begins with: 1 to 4; 0: it is none.
std::size_t utf8_length(std::string_view bytes);
// Where the first byte is that belongs to no character; npos: there is none. What a cut left of a last character counts
// as whole with `cut`.
std::size_t first_misfit(std::string_view bytes, bool cut = false);

}  // namespace workspace
