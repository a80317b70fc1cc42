// The functions that formulas may call: what each takes, and what computes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace xlsx::calc {

class Call;

// What a function takes, one letter a parameter:
//   n s b   a number, a text, a truth: converted; an error among them is the result
//   v       any single value; an error is the result
//   e       any single value, errors too
//   r       all of it: a value, an array, a reference
//   a       the same, but what is in it is computed as in an array formula
//   R       a reference
//   l       nothing yet: the function computes it if it wants to
//   ?       those that follow may be left out
//   *       those since the last `?`, or all, repeat: "nR?R*" is a number and any count of references
// A function that takes single values and is given an array is called for each of its cells.
struct Function {
  std::string_view name, takes;
  Value (*compute)(Call& call) = nullptr;
  bool is_volatile = false;
};

// By its name in capital letters; null: it is not computed here.
const Function* function(std::string_view name);

// Each room of functions has its own table.
std::span<const Function> math_functions();
std::span<const Function> aggregate_functions();
std::span<const Function> logical_functions();
std::span<const Function> text_functions();
std::span<const Function> date_functions();
std::span<const Function> workday_functions();
std::span<const Function> lookup_functions();
std::span<const Function> reference_functions();
std::span<const Function> information_functions();
std::span<const Function> annuity_functions();
std::span<const Function> depreciation_functions();
std::span<const Function> base_functions();
std::span<const Function> statistics_functions();
std::span<const Function> rank_functions();
std::span<const Function> regression_functions();
std::span<const Function> line_functions();
std::span<const Function> normal_functions();
std::span<const Function> continuous_functions();
std::span<const Function> discrete_functions();
std::span<const Function> hypothesis_functions();
std::span<const Function> subtotal_functions();

}  // namespace xlsx::calc
