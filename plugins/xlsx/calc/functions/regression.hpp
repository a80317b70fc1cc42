// Pairs of numbers, and what they have in common.
#pragma once

#include "../evaluator.hpp"
#include "statistics.hpp"

namespace xlsx::calc {

// What lies at the same place in two parameters, where both are numbers.
struct Pairs {
  Numbers x, y;
  Value error;
  std::size_t size() const { return x.size(); }
};
Pairs pairs_of(Call& call, std::size_t x, std::size_t y);

// The sum of products of what lies between each number and its mean.
double products_around(const Pairs& pairs, double mean_x, double mean_y);

}  // namespace xlsx::calc
