// The sets that ECMAScript gives names to, and how sets are put together.
#include "loader/schema/pattern_sets.hpp"

#include <algorithm>

namespace berth::loader {

using Ranges = Pattern::Ranges;

namespace {

const Ranges digits{{'0', '9'}};
const Ranges word{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
const Ranges space{{'\t', '\r'},     {' ', ' '},       {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
                   {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};
const Ranges line_ends{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

}  // namespace

Ranges tidy(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end());
  Ranges apart;
  for (const auto& [low, high] : ranges) {
    const bool joined = !apart.empty() && low <= apart.back().second + 1;
    if (joined) apart.back().second = std::max(apart.back().second, high);
    if (!joined) apart.emplace_back(low, high);
  }
  return apart;
}

Ranges inverse(const Ranges& ranges) {
  Ranges rest;
  char32_t from = 0;
  for (const auto& [low, high] : ranges) {
    if (low > from) rest.emplace_back(from, low - 1);
    from = high + 1;
  }
  if (from <= last_character) rest.emplace_back(from, last_character);
  return rest;
}

std::optional<Ranges> named_set(char letter) {
  switch (letter) {
    case 'd': return digits;
    case 'D': return inverse(digits);
    case 'w': return word;
    case 'W': return inverse(word);
    case 's': return space;
    case 'S': return inverse(space);
    default: return std::nullopt;
  }
}

Ranges all_but_line_ends() { return inverse(line_ends); }

}  // namespace berth::loader
