// Rounding as Excel does it: by the decimal digits that a number shows, half away from zero.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "../convert.hpp"

namespace xlsx::calc {

// What is half by the fifteen digits that can be seen is rounded as a half.
inline double rounded(double number, double places) {
  places = std::trunc(places);
  if (number == 0 || !(number - number == 0)) return number;
  const double magnitude = std::floor(std::log10(std::fabs(number)));
  if (places > 14 - magnitude) return number;
  if (magnitude + places < -1) return 0;
  const double scale = std::pow(10, std::fabs(places));
  double scaled = places >= 0 ? fifteen(number) * scale : fifteen(number) / scale;
  if (!(scaled - scaled == 0)) return number;
  scaled = fifteen(scaled);
  const double whole = std::floor(std::fabs(scaled) + 0.5);
  const double result = places >= 0 ? whole / scale : whole * scale;
  return number < 0 ? -result : result;
}

inline Value directed(double number, double places, double (*round)(double)) {
  places = std::trunc(places);
  if (number == 0) return 0;
  const double magnitude = std::floor(std::log10(std::fabs(number)));
  if (places > 14 - magnitude) return number;
  const double scale = std::pow(10, std::fabs(places));
  const double scaled = fifteen(places >= 0 ? std::fabs(number) * scale : std::fabs(number) / scale);
  const double whole = round(scaled);
  const double result = places >= 0 ? whole / scale : whole * scale;
  return checked(number < 0 ? -result : result);
}
inline Value round_down(double number, double places) { return directed(number, places, std::floor); }
inline Value round_up(double number, double places) { return directed(number, places, std::ceil); }

}  // namespace xlsx::calc
