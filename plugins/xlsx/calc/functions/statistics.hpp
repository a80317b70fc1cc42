// What several functions want to know of numbers that are gathered already.
#pragma once

#include <cstddef>
#include <vector>

#include "../value.hpp"

namespace xlsx::calc {

using Numbers = std::vector<double>;

double mean_of(const Numbers& numbers);                      // of at least one
double squares_around(const Numbers& numbers, double mean);  // the sum of the squares of what lies between
Value variance(const Numbers& numbers, std::size_t lost);    // divided by their count less the degrees that are lost
Value deviation(const Numbers& numbers, std::size_t lost);   // its root

}  // namespace xlsx::calc
