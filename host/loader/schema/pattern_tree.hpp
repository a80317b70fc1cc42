// A regular expression as a tree: what the reader of its text hands to the maker of its program.
#pragma once

#include <string_view>
#include <vector>

#include "loader/schema/pattern.hpp"
#include "service/error.hpp"

namespace berth::loader {

struct PatternTree {
  enum class What { sequence, choice, repeat, one_of, border };
  What what = What::sequence;
  std::vector<PatternTree> parts = {};
  Pattern::Ranges ranges = {};                  // one_of
  Pattern::Code border = Pattern::Code::begin;  // border
  unsigned least = 0, most = 0;                 // repeat
  static constexpr unsigned endless = ~0u;
};

service::Result<PatternTree> read_pattern(std::string_view text);

}  // namespace berth::loader
