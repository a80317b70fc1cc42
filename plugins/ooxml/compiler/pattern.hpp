// Patterns of values, compiled into automata over bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ooxml::compiler {

struct Pattern {
  std::array<std::uint8_t, 256> classes{};
  std::uint16_t width = 0;
  std::vector<std::uint16_t> steps;
  std::vector<std::uint8_t> ends;
};

// As XML Schema has them: the whole value must fit. Characters beyond ASCII stand for themselves, and in "." and
// "[^…]" for any. Throws `Wrong`.
Pattern make_pattern(const std::string& text);

}  // namespace ooxml::compiler
