// What lies where among numbers that are gathered already: they are put in order as far as that needs it.
#pragma once

#include "statistics.hpp"

namespace xlsx::calc {

Value median(Numbers& numbers);
Value most_frequent(const Numbers& numbers);    // the first of them as they stand
Value largest(Numbers& numbers, double which);  // from one
Value smallest(Numbers& numbers, double which);
// What lies above a share of all: from the first number to the last, or between what would be before and behind them.
Value percentile(Numbers& numbers, double share);
Value percentile_inside(Numbers& numbers, double share);
// The same in quarters.
Value quartile(Numbers& numbers, double quarters);
Value quartile_inside(Numbers& numbers, double quarters);

}  // namespace xlsx::calc
