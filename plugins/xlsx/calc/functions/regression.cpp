// Pairs of numbers: how they go together, and the straight line through them.
#include "regression.hpp"

#include <cmath>

#include "../convert.hpp"
#include "numbers.hpp"

namespace xlsx::calc {
namespace {

// What is no cell and no array has to be a number.
Array cells_of(Call& call, std::size_t i) {
  Array cells = call.array(i);
  if (!call[i].is(Type::area) && !call[i].is(Type::array)) cells.at(0, 0) = to_number(cells.at(0, 0));
  return cells;
}

}  // namespace

Pairs pairs_of(Call& call, std::size_t x, std::size_t y) {
  Pairs pairs;
  const Array xs = cells_of(call, x), ys = cells_of(call, y);
  for (const Array* one : {&xs, &ys})
    for (const Value& value : one->all())
      if (value.is_error()) return pairs.error = value, pairs;
  if (xs.size() != ys.size()) return pairs.error = Fault::na, pairs;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const Value &a = xs.all()[i], &b = ys.all()[i];
    if (!a.is(Type::number) || !b.is(Type::number)) continue;
    pairs.x.push_back(a.number());
    pairs.y.push_back(b.number());
  }
  return pairs;
}

double products_around(const Pairs& pairs, double mean_x, double mean_y) {
  Sum products;
  for (std::size_t i = 0; i < pairs.size(); ++i) products.add((pairs.x[i] - mean_x) * (pairs.y[i] - mean_y));
  return products.total();
}

namespace {

// The means, and the squares and products around them.
struct Line {
  double count = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  double slope() const { return xy / xx; }
};

Line line_of(const Pairs& pairs) {
  Line line;
  line.count = static_cast<double>(pairs.size());
  line.mean_x = mean_of(pairs.x);
  line.mean_y = mean_of(pairs.y);
  line.xx = squares_around(pairs.x, line.mean_x);
  line.yy = squares_around(pairs.y, line.mean_y);
  line.xy = products_around(pairs, line.mean_x, line.mean_y);
  return line;
}

Value correlation(const Line& line) {
  const double under = std::sqrt(line.xx) * std::sqrt(line.yy);
  return under == 0 ? Value(Fault::div0) : checked(line.xy / under);
}
Value determination(const Line& line) {
  const Value r = correlation(line);
  return r.is_error() ? r : Value(r.number() * r.number());
}
Value slope(const Line& line) { return line.xx == 0 ? Value(Fault::div0) : checked(line.slope()); }
Value at(const Line& line, double x) {
  return line.xx == 0 ? Value(Fault::div0) : checked(line.mean_y + line.slope() * (x - line.mean_x));
}
Value intercept(const Line& line) { return at(line, 0); }
Value covariance(const Line& line) { return checked(line.xy / line.count); }
Value sample_covariance(const Line& line) {
  return line.count < 2 ? Value(Fault::div0) : checked(line.xy / (line.count - 1));
}
Value error_of_line(const Line& line) {
  if (line.count < 3 || line.xx == 0) return Fault::div0;
  return checked(std::sqrt(std::fmax(line.yy - line.xy * line.slope(), 0) / (line.count - 2)));
}

// `none`: what it is worth without a single pair.
template <Value (*finish)(const Line&), Fault none, std::size_t x, std::size_t y>
Value of_line(Call& call) {
  const Pairs pairs = pairs_of(call, x, y);
  if (pairs.error.is_error()) return pairs.error;
  return pairs.size() == 0 ? Value(none) : finish(line_of(pairs));
}
constexpr auto correl = of_line<correlation, Fault::div0, 0, 1>;
constexpr auto covar = of_line<covariance, Fault::div0, 0, 1>;

Value forecast(Call& call) {
  const Pairs pairs = pairs_of(call, 2, 1);
  if (pairs.error.is_error()) return pairs.error;
  return pairs.size() == 0 ? Value(Fault::na) : at(line_of(pairs), call.number(0));
}

template <double (*join)(double x, double y)>
Value sum_of_pairs(Call& call) {
  const Pairs pairs = pairs_of(call, 0, 1);
  if (pairs.error.is_error()) return pairs.error;
  Sum sum;
  for (std::size_t i = 0; i < pairs.size(); ++i) sum.add(join(pairs.x[i], pairs.y[i]));
  return checked(sum.total());
}
double squares_less(double x, double y) { return x * x - y * y; }
double squares_more(double x, double y) { return x * x + y * y; }
double square_between(double x, double y) { return (x - y) * (x - y); }

// The share of what lies from one value to another, or at one alone.
Value probability(Call& call) {
  const Pairs pairs = pairs_of(call, 0, 1);
  if (pairs.error.is_error()) return pairs.error;
  const double from = call.number(2), to = call.number(3, from);
  Sum all, within;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs.y[i] <= 0 || pairs.y[i] > 1) return Fault::num;
    all.add(pairs.y[i]);
    if (pairs.x[i] >= from && pairs.x[i] <= to) within.add(pairs.y[i]);
  }
  return fifteen(all.total()) == 1 ? Value(within.total()) : Value(Fault::num);
}

Value fisher(Call& call) {
  return std::fabs(call.number(0)) >= 1 ? Value(Fault::num) : Value(std::atanh(call.number(0)));
}

constexpr Function table[] = {
    {"CORREL", "aa", correl},
    {"PEARSON", "aa", of_line<correlation, Fault::na, 0, 1>},
    {"RSQ", "aa", of_line<determination, Fault::na, 1, 0>},
    {"COVAR", "aa", covar},
    {"COVARIANCE.P", "aa", covar},
    {"COVARIANCE.S", "aa", of_line<sample_covariance, Fault::div0, 0, 1>},
    {"SLOPE", "aa", of_line<slope, Fault::na, 1, 0>},
    {"INTERCEPT", "aa", of_line<intercept, Fault::na, 1, 0>},
    {"STEYX", "aa", of_line<error_of_line, Fault::na, 1, 0>},
    {"FORECAST", "naa", forecast},
    {"FORECAST.LINEAR", "naa", forecast},
    {"SUMX2MY2", "aa", sum_of_pairs<squares_less>},
    {"SUMX2PY2", "aa", sum_of_pairs<squares_more>},
    {"SUMXMY2", "aa", sum_of_pairs<square_between>},
    {"PROB", "aan?n", probability},
    {"FISHER", "n", fisher},
    {"FISHERINV", "n", [](Call& call) { return Value(std::tanh(call.number(0))); }},
};

}  // namespace

std::span<const Function> regression_functions() { return table; }

}  // namespace xlsx::calc
