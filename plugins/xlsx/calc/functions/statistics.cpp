// How numbers lie around their middle: means other than the usual one, spread, and shape. All deviations are measured
// from a mean that is known before: of large numbers that differ little nothing is lost.
#include "statistics.hpp"

#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "numbers.hpp"

namespace xlsx::calc {

double mean_of(const Numbers& numbers) {
  Sum sum;
  for (const double n : numbers) sum.add(n);
  return sum.total() / static_cast<double>(numbers.size());
}

// The mean is rounded: what its error adds to the squares is taken away again.
double squares_around(const Numbers& numbers, double mean) {
  Sum squares, rest;
  for (const double n : numbers) {
    squares.add((n - mean) * (n - mean));
    rest.add(n - mean);
  }
  const double count = static_cast<double>(numbers.size());
  return std::fmax(squares.total() - rest.total() * rest.total() / count, 0);
}

Value variance(const Numbers& numbers, std::size_t lost) {
  if (numbers.size() <= lost) return Fault::div0;
  return checked(squares_around(numbers, mean_of(numbers)) / static_cast<double>(numbers.size() - lost));
}

Value deviation(const Numbers& numbers, std::size_t lost) {
  const Value squared = variance(numbers, lost);
  return squared.is_error() ? squared : Value(std::sqrt(squared.number()));
}

namespace {

using Finish = Value (*)(const Numbers&);

// Of all numbers that are given.
template <Finish finish>
Value over_numbers(Call& call) {
  Numbers numbers;
  const Value error = numbers_of(call, 0, call.count(), numbers);
  return error.is_error() ? error : finish(numbers);
}

// Texts in cells count as nothing, truths as one or nothing.
template <Finish finish>
Value over_all(Call& call) {
  Numbers numbers;
  Value error;
  for (std::size_t i = 0; i < call.count() && !error.is_error(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      const Value number = value.is(Type::text) && from_cells ? Value(0) : to_number(value);
      if (number.is_error()) return error = number, false;
      if (!value.is(Type::blank)) numbers.push_back(number.number());
      return true;
    });
  }
  return error.is_error() ? error : finish(numbers);
}

Value sample_variance(const Numbers& numbers) { return variance(numbers, 1); }
Value whole_variance(const Numbers& numbers) { return variance(numbers, 0); }
Value sample_deviation(const Numbers& numbers) { return deviation(numbers, 1); }
Value whole_deviation(const Numbers& numbers) { return deviation(numbers, 0); }

Value mean_distance(const Numbers& numbers) {
  if (numbers.empty()) return Fault::num;
  const double mean = mean_of(numbers);
  Sum distances;
  for (const double n : numbers) distances.add(std::fabs(n - mean));
  return checked(distances.total() / static_cast<double>(numbers.size()));
}

Value squared_distances(const Numbers& numbers) {
  return numbers.empty() ? Value(Fault::num) : checked(squares_around(numbers, mean_of(numbers)));
}

// The exponents are added by themselves: the product of many numbers is beyond what a number can hold.
Value geometric_mean(const Numbers& numbers) {
  double product = 1, exponents = 0;
  for (const double n : numbers) {
    if (n <= 0) return Fault::num;
    int of_one = 0, of_product = 0;
    product = std::frexp(product * std::frexp(n, &of_one), &of_product);
    exponents += of_one + of_product;
  }
  if (numbers.empty()) return Fault::num;
  const double count = static_cast<double>(numbers.size());
  const double whole = std::floor(exponents / count);
  return checked(
      std::ldexp(std::pow(product * std::exp2(exponents - whole * count), 1 / count), static_cast<int>(whole)));
}

Value harmonic_mean(const Numbers& numbers) {
  Sum parts;
  for (const double n : numbers) {
    if (n <= 0) return Fault::num;
    parts.add(1 / n);
  }
  return numbers.empty() ? Value(Fault::na) : checked(static_cast<double>(numbers.size()) / parts.total());
}

// The sum of a power of all distances from the mean, measured in standard deviations.
double moment(const Numbers& numbers, double deviation, int power) {
  const double mean = mean_of(numbers);
  Sum sum;
  for (const double n : numbers) {
    const double distance = (n - mean) / deviation;
    sum.add(power == 3 ? distance * distance * distance : distance * distance * distance * distance);
  }
  return sum.total();
}

Value skew(const Numbers& numbers) {
  const double n = static_cast<double>(numbers.size());
  const Value spread = sample_deviation(numbers);
  if (n < 3 || spread.is_error() || spread.number() == 0) return Fault::div0;
  return checked(n / ((n - 1) * (n - 2)) * moment(numbers, spread.number(), 3));
}

Value whole_skew(const Numbers& numbers) {
  const Value spread = whole_deviation(numbers);
  if (numbers.size() < 3 || spread.is_error() || spread.number() == 0) return Fault::div0;
  return checked(moment(numbers, spread.number(), 3) / static_cast<double>(numbers.size()));
}

Value kurtosis(const Numbers& numbers) {
  const double n = static_cast<double>(numbers.size());
  const Value spread = sample_deviation(numbers);
  if (n < 4 || spread.is_error() || spread.number() == 0) return Fault::div0;
  const double under = (n - 2) * (n - 3);
  return checked(n * (n + 1) / ((n - 1) * under) * moment(numbers, spread.number(), 4) - 3 * (n - 1) * (n - 1) / under);
}

Value standardize(Call& call) {
  if (call.number(2) <= 0) return Fault::num;
  return checked((call.number(0) - call.number(1)) / call.number(2));
}

constexpr Function table[] = {
    {"STDEV", "r*", over_numbers<sample_deviation>}, {"STDEV.S", "r*", over_numbers<sample_deviation>},
    {"STDEVP", "r*", over_numbers<whole_deviation>}, {"STDEV.P", "r*", over_numbers<whole_deviation>},
    {"STDEVA", "r*", over_all<sample_deviation>},    {"STDEVPA", "r*", over_all<whole_deviation>},
    {"VAR", "r*", over_numbers<sample_variance>},    {"VAR.S", "r*", over_numbers<sample_variance>},
    {"VARP", "r*", over_numbers<whole_variance>},    {"VAR.P", "r*", over_numbers<whole_variance>},
    {"VARA", "r*", over_all<sample_variance>},       {"VARPA", "r*", over_all<whole_variance>},
    {"AVEDEV", "r*", over_numbers<mean_distance>},   {"DEVSQ", "r*", over_numbers<squared_distances>},
    {"GEOMEAN", "r*", over_numbers<geometric_mean>}, {"HARMEAN", "r*", over_numbers<harmonic_mean>},
    {"KURT", "r*", over_numbers<kurtosis>},          {"SKEW", "r*", over_numbers<skew>},
    {"SKEW.P", "r*", over_numbers<whole_skew>},      {"STANDARDIZE", "nnn", standardize},
};

}  // namespace

std::span<const Function> statistics_functions() { return table; }

}  // namespace xlsx::calc
