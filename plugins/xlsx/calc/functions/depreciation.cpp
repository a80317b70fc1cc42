// What is left of a thing's worth, year by year.
#include <algorithm>
#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "rounding.hpp"

namespace xlsx::calc {
namespace {

Value straight(Call& c) {
  return c.number(2) == 0 ? Value(Fault::div0) : checked((c.number(0) - c.number(1)) / c.number(2));
}

Value by_digits(Call& c) {
  const double life = c.number(2), period = c.number(3);
  if (life <= 0 || period < 1 || period > life) return Fault::num;
  return checked((c.number(0) - c.number(1)) * (life - period + 1) * 2 / (life * (life + 1)));
}

// Of a fixed rate with three digits; the first year may have fewer months.
Value fixed(Call& c) {
  constexpr double most = 10'000;
  const double cost = c.number(0), salvage = c.number(1), life = c.number(2), period = std::trunc(c.number(3));
  const double months = std::trunc(c.number(4, 12));
  if (cost < 0 || salvage < 0 || life <= 0 || period < 1 || months < 1 || months > 12 || period > most ||
      period > life + (months < 12 ? 1 : 0))
    return Fault::num;
  if (cost == 0) return 0;
  const double rate = rounded(1 - std::pow(salvage / cost, 1 / life), 3);
  double lost = cost * rate * months / 12, part = lost;
  for (double year = 2; year <= period; ++year) {
    part = (cost - lost) * rate;
    if (year > life) part = part * (12 - months) / 12;
    lost += part;
  }
  return checked(part);
}

Value declining(Call& c) {
  const double cost = c.number(0), salvage = c.number(1), life = c.number(2), period = c.number(3);
  const double factor = c.number(4, 2);
  if (cost < 0 || salvage < 0 || life <= 0 || period <= 0 || period > life || factor <= 0) return Fault::num;
  const double keeps = std::max(0.0, 1 - factor / life);
  const double before = keeps == 0 && period <= 1 ? cost : cost * std::pow(keeps, period - 1);
  const double after = std::max(cost * std::pow(keeps, period), salvage);
  return checked(std::max(0.0, before - after));
}

// Between two moments of a life; once the straight line takes more, it is taken, unless that is not wanted.
Value variable(Call& c) {
  constexpr double most = 10'000;
  const double cost = c.number(0), salvage = c.number(1), life = c.number(2), first = c.number(3), last = c.number(4);
  const double rate = std::min(1.0, c.number(5, 2) / life);
  const bool keeps = c.truth(6, false);
  if (cost < 0 || salvage < 0 || life <= 0 || first < 0 || last < first || last > life || last > most || rate < 0)
    return Fault::num;
  double left = cost, total = 0;
  for (double year = 0; year < last; ++year) {
    const double rest = std::max(0.0, left - salvage);
    double part = std::min(left * rate, rest);
    if (!keeps) part = std::max(part, rest / std::max(1.0, life - year));
    total += part * std::max(0.0, std::min(last, year + 1) - std::max(first, year));
    left -= part;
  }
  return checked(total);
}

const Function table[] = {
    {"SLN", "nnn", straight},     {"SYD", "nnnn", by_digits},    {"DB", "nnnn?n", fixed},
    {"DDB", "nnnn?n", declining}, {"VDB", "nnnnn?nb", variable},
};

}  // namespace

std::span<const Function> depreciation_functions() { return table; }

}  // namespace xlsx::calc
