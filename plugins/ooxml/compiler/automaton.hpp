// From what a type may hold to an automaton: a position for each occurrence of a name, a state for each set of
// positions that may follow.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model.hpp"

namespace ooxml::compiler {

// A particle whose groups are written out and whose names are numbers: a leaf is a symbol.
struct Node {
  enum class Kind : std::uint8_t { symbol, sequence, choice };
  Kind kind = Kind::sequence;
  int symbol = 0;
  int least = 1, most = 1;
  std::vector<Node> children{};
};

struct Automaton {
  std::vector<std::uint16_t> classes;  // of each symbol
  std::uint16_t width = 0;             // classes
  std::vector<std::uint16_t> steps;    // states × classes
  std::vector<std::uint8_t> ends;
};

// Throws `Wrong` where there would be too many states.
Automaton make_automaton(const Node& root, int symbols);

}  // namespace ooxml::compiler
