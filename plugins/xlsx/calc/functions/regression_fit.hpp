// The plane of least squares through points: what LINEST and its like are made of.
#pragma once

#include "statistics.hpp"

namespace xlsx::calc {

struct Points {
  std::vector<Numbers> columns;  // of each variable, a number for each point
  Numbers y;
};

struct Fit {
  Numbers slopes, slope_errors;  // of each variable; nothing where it says nothing that others do not
  double constant = 0, constant_error = 0;
  double explained = 0, rest = 0;  // of the squares of y
  std::size_t used = 0;            // variables
  double freedom = 0;
  double error() const;
  double at(const Numbers& point) const;
};

// More work than that nobody waits for.
bool too_much(const Points& points);

// `constant`: or the plane goes through the origin.
Fit fit(const Points& points, bool constant);

}  // namespace xlsx::calc
