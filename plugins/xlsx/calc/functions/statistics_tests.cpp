// How likely it is that samples differ as they do by chance alone.
#include <algorithm>
#include <cmath>

#include "distributions.hpp"
#include "numbers.hpp"
#include "regression.hpp"

namespace xlsx::calc {
namespace {

struct Sample {
  Numbers numbers;
  double count() const { return static_cast<double>(numbers.size()); }
  double mean() const { return mean_of(numbers); }
  double squares() const { return squares_around(numbers, mean()); }
  double variance() const { return squares() / (count() - 1); }
};

struct Two {
  Sample first, second;
  Value error;
};
Two two_of(Call& call) {
  Two two;
  two.error = numbers_of(call, 0, 1, two.first.numbers);
  if (!two.error.is_error()) two.error = numbers_of(call, 1, 2, two.second.numbers);
  if (!two.error.is_error() && (two.first.count() < 2 || two.second.count() < 2)) two.error = Fault::div0;
  return two;
}

Value tails_of_t(double difference, double spread, double freedom, double tails) {
  if (spread == 0) return Fault::div0;
  const Value above = t_above(std::fabs(difference / spread), freedom);
  return above.is_error() ? above : Value(tails * above.number());
}

Value paired(Call& call, double tails) {
  const Pairs pairs = pairs_of(call, 0, 1);
  if (pairs.error.is_error()) return pairs.error;
  if (pairs.size() < 2) return Fault::div0;
  Sample differences;
  for (std::size_t i = 0; i < pairs.size(); ++i) differences.numbers.push_back(pairs.x[i] - pairs.y[i]);
  const double spread = std::sqrt(differences.variance() / differences.count());
  return tails_of_t(differences.mean(), spread, differences.count() - 1, tails);
}

Value of_equal_variance(const Two& two, double tails) {
  const auto& [a, b, error] = two;
  const double freedom = a.count() + b.count() - 2;
  const double common = (a.squares() + b.squares()) / freedom;
  return tails_of_t(a.mean() - b.mean(), std::sqrt(common * (1 / a.count() + 1 / b.count())), freedom, tails);
}

Value of_unequal_variance(const Two& two, double tails) {
  const auto& [a, b, error] = two;
  const double first = a.variance() / a.count(), second = b.variance() / b.count(), both = first + second;
  const double freedom = both * both / (first * first / (a.count() - 1) + second * second / (b.count() - 1));
  return tails_of_t(a.mean() - b.mean(), std::sqrt(both), freedom, tails);
}

Value t_test(Call& call) {
  const double tails = std::trunc(call.number(2)), kind = std::trunc(call.number(3));
  if ((tails != 1 && tails != 2) || kind < 1 || kind > 3) return Fault::num;
  if (kind == 1) return paired(call, tails);
  const Two two = two_of(call);
  if (two.error.is_error()) return two.error;
  return kind == 2 ? of_equal_variance(two, tails) : of_unequal_variance(two, tails);
}

Value f_test(Call& call) {
  const Two two = two_of(call);
  if (two.error.is_error()) return two.error;
  const double first = two.first.variance(), second = two.second.variance();
  if (first == 0 || second == 0) return Fault::div0;
  const double freedom = two.first.count() - 1, other = two.second.count() - 1;
  const Value below = f_below(first / second, freedom, other), above = f_above(first / second, freedom, other);
  if (below.is_error() || above.is_error()) return Fault::num;
  return std::min(2 * std::min(below.number(), above.number()), 1.0);
}

Value chi_squared_test(Call& call) {
  const Array shape = call.array(0), other = call.array(1);
  const Pairs pairs = pairs_of(call, 0, 1);
  if (pairs.error.is_error()) return pairs.error;
  const double rows = static_cast<double>(shape.rows()), columns = static_cast<double>(shape.columns());
  if (shape.rows() != other.rows() || shape.size() < 2) return Fault::na;
  Sum sum;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double seen = pairs.x[i], expected = pairs.y[i];
    if (expected == 0) return Fault::div0;
    if (expected < 0) return Fault::num;
    sum.add((seen - expected) * (seen - expected) / expected);
  }
  const double freedom = rows == 1 ? columns - 1 : columns == 1 ? rows - 1 : (rows - 1) * (columns - 1);
  return chi_squared_above(sum.total(), freedom);
}

Value z_test(Call& call) {
  Sample sample;
  const Value error = numbers_of(call, 0, 1, sample.numbers);
  if (error.is_error()) return error;
  if (sample.numbers.empty()) return Fault::na;
  if (call.has(2) && call.number(2) <= 0) return Fault::num;
  const Value spread = call.has(2) ? Value(call.number(2)) : deviation(sample.numbers, 1);
  if (spread.is_error()) return spread;
  if (spread.number() == 0) return Fault::div0;
  return checked(normal_above((sample.mean() - call.number(1)) / (spread.number() / std::sqrt(sample.count()))));
}

constexpr Function table[] = {
    {"T.TEST", "aann", t_test},
    {"TTEST", "aann", t_test},
    {"F.TEST", "aa", f_test},
    {"FTEST", "aa", f_test},
    {"CHISQ.TEST", "aa", chi_squared_test},
    {"CHITEST", "aa", chi_squared_test},
    {"Z.TEST", "rn?n", z_test},
    {"ZTEST", "rn?n", z_test},
};

}  // namespace

std::span<const Function> hypothesis_functions() { return table; }

}  // namespace xlsx::calc
