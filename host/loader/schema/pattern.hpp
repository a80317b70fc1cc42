// Regular expressions as JSON Schema has them, matched in time that grows with the text and never with its cleverness.
// std::regex overflows the stack on long texts and takes for ever on (a+)+$; this one holds a set of places instead of
// guessing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "service/error.hpp"

namespace berth::loader {

class Pattern {
 public:
  // ECMAScript without back-references, look-around, named groups and \p{…}: those are refused with an Error
  // ("bad_pattern").
  static service::Result<Pattern> compile(std::string_view text);

  // Is there a match anywhere in the text, as JSON Schema asks? A text that takes more than `most_steps` to decide,
  // such as megabytes against a large pattern, counts as one that does not match.
  bool matches(std::string_view text) const;
  static constexpr std::uint64_t most_steps = 20'000'000;

  enum class Code : std::uint8_t { one_of, fork, jump, begin, end, word_border, no_word_border, match };
  using Ranges = std::vector<std::pair<char32_t, char32_t>>;  // sorted, apart from each other
  struct Instruction {
    Code code = Code::match;
    std::uint32_t next = 0;   // fork, jump: where to go
    std::uint32_t other = 0;  // fork: where else; one_of: which ranges
  };

 private:
  friend class PatternMaker;
  std::vector<Instruction> m_program;
  std::vector<Ranges> m_ranges;
};

}  // namespace berth::loader
