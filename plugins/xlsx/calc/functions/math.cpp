// Numbers to numbers.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "rounding.hpp"

namespace xlsx::calc {
namespace {

using std::numbers::pi;

template <double (*compute)(double)>
Value plain(Call& call) {
  return checked(compute(call.number(0)));
}

Value whole(Call& call) { return std::floor(call.number(0)); }

Value log_of(double number, double base) {
  if (number <= 0 || base <= 0) return Fault::num;
  if (base == 1) return Fault::div0;
  return checked(base == 10 ? std::log10(number) : std::log(number) / std::log(base));
}

Value mod(Call& call) {
  const double number = call.number(0), by = call.number(1);
  if (by == 0) return Fault::div0;
  if (std::fabs(number / by) >= 1125900000000.0 * 1024) return Fault::num;
  const double rest = number - by * std::floor(number / by);
  return std::fabs(rest) < std::fabs(number) * 0x1p-50 ? 0 : rest;
}

Value quotient(Call& call) {
  return call.number(1) == 0 ? Value(Fault::div0) : Value(std::trunc(call.number(0) / call.number(1)));
}

constexpr double (*up)(double) = std::ceil;
constexpr double (*down)(double) = std::floor;

// Towards zero or away from it, of a step.
Value stepped(double number, double step, double (*round)(double)) {
  if (step == 0 || number == 0) return 0;
  const double times = number / step;
  const double near = std::round(times);
  return checked((std::fabs(times - near) < 1e-12 * std::fabs(times) ? near : round(times)) * step);
}

Value ceiling(Call& call) {
  const double number = call.number(0), step = call.number(1);
  return number > 0 && step < 0 ? Value(Fault::num) : stepped(number, step, std::ceil);
}
Value floor_(Call& call) {
  const double number = call.number(0), step = call.number(1);
  if (step == 0 && number != 0) return Fault::div0;
  return number > 0 && step < 0 ? Value(Fault::num) : stepped(number, step, std::floor);
}
Value ceiling_precise(Call& call) { return stepped(call.number(0), std::fabs(call.number(1, 1)), std::ceil); }
Value floor_precise(Call& call) { return stepped(call.number(0), std::fabs(call.number(1, 1)), std::floor); }
Value ceiling_math(Call& call) {
  const double number = call.number(0);
  const bool away = call.number(2, 0) != 0 && number < 0;
  return stepped(number, std::fabs(call.number(1, 1)), away ? down : up);
}
Value floor_math(Call& call) {
  const double number = call.number(0);
  const bool towards = call.number(2, 0) != 0 && number < 0;
  return stepped(number, std::fabs(call.number(1, 1)), towards ? up : down);
}

Value mround(Call& call) {
  const double number = call.number(0), step = call.number(1);
  if (step == 0) return 0;
  if ((number < 0) != (step < 0) && number != 0) return Fault::num;
  return rounded(number / step, 0) * step;
}

Value even(Call& call) {
  const double number = call.number(0), half = std::ceil(std::fabs(number) / 2) * 2;
  return number < 0 ? -half : half;
}
Value odd(Call& call) {
  const double number = call.number(0);
  double size = std::ceil(std::fabs(number));
  if (std::fmod(size, 2) == 0) size += 1;
  return number < 0 ? -size : size;
}

double factorial(double n) {
  double product = 1;
  for (double i = 2; i <= n; ++i) product *= i;
  return product;
}

Value fact(Call& call) {
  const double n = std::floor(call.number(0));
  return n < 0 || n > 170 ? Value(Fault::num) : Value(factorial(n));
}
Value fact_double(Call& call) {
  const double n = std::floor(call.number(0));
  if (n < -1 || n > 300) return Fault::num;
  double product = 1;
  for (double i = n; i > 1; i -= 2) product *= i;
  return checked(product);
}

double choose(double n, double k) {
  k = std::min(k, n - k);
  double product = 1;
  for (double i = 1; i <= k; ++i) {
    product = product * (n - k + i) / i;
    if (!(product - product == 0)) break;
  }
  return product < 1e15 ? std::round(product) : product;
}

Value combin(Call& call) {
  const double n = std::trunc(call.number(0)), k = std::trunc(call.number(1));
  return n < 0 || k < 0 || n < k ? Value(Fault::num) : checked(choose(n, k));
}
Value combina(Call& call) {
  const double n = std::trunc(call.number(0)), k = std::trunc(call.number(1));
  if (n < 0 || k < 0 || (n == 0 && k > 0)) return Fault::num;
  return k == 0 ? Value(1) : checked(choose(n + k - 1, k));
}
Value permut(Call& call) {
  const double n = std::trunc(call.number(0)), k = std::trunc(call.number(1));
  if (n <= 0 || k < 0 || n < k) return Fault::num;
  double product = 1;
  for (double i = 0; i < k && product - product == 0; ++i) product *= n - i;
  return checked(product);
}
Value permutationa(Call& call) {
  const double n = std::trunc(call.number(0)), k = std::trunc(call.number(1));
  return n < 0 || k < 0 ? Value(Fault::num) : checked(std::pow(n, k));
}

// Over all numbers that are given; none may be below zero.
Value over_all(Call& call, double begin, double (*join)(double, double)) {
  double result = begin;
  Value error;
  for (std::size_t i = 0; i < call.count() && !error.is_error(); ++i) {
    call.each(i, [&](const Value& value, bool) {
      const Value number = to_number(value);
      if (number.is_error()) return error = number, false;
      const double n = std::floor(number.number());
      if (n < 0 || n >= 9007199254740992.0) return error = Fault::num, false;
      result = join(result, n);
      return true;
    });
  }
  return error.is_error() ? error : Value(result);
}
double gcd_of(double a, double b) {
  while (b != 0) a = std::exchange(b, std::fmod(a, b));
  return a;
}
Value gcd(Call& call) { return over_all(call, 0, gcd_of); }
Value lcm(Call& call) {
  return over_all(call, 1, [](double a, double b) { return a == 0 || b == 0 ? 0 : a / gcd_of(a, b) * b; });
}

Value random_between(Call& call) {
  const double low = std::ceil(call.number(0)), high = std::floor(call.number(1));
  return low > high ? Value(Fault::num) : Value(low + std::floor(call.evaluator().random() * (high - low + 1)));
}

Value root(Call& call) { return call.number(0) < 0 ? Value(Fault::num) : Value(std::sqrt(call.number(0))); }

Value power(Call& call) {
  const double base = call.number(0), exponent = call.number(1);
  if (base == 0 && exponent <= 0) return exponent == 0 ? Fault::num : Fault::div0;
  return checked(std::pow(base, exponent));
}

// Beyond this a sine has no digit left that means anything.
bool turns(double angle) { return std::fabs(angle) < 134217728; }
template <double (*compute)(double)>
Value of_angle(Call& call) {
  return turns(call.number(0)) ? checked(compute(call.number(0))) : Value(Fault::num);
}
template <double (*compute)(double)>
Value one_over(Call& call) {
  if (!turns(call.number(0))) return Fault::num;
  const double under = compute(call.number(0));
  return under == 0 ? Value(Fault::div0) : checked(1 / under);
}
template <double (*compute)(double)>
Value within_one(Call& call) {
  return std::fabs(call.number(0)) > 1 ? Value(Fault::num) : checked(compute(call.number(0)));
}

Value acoth(Call& call) {
  const double x = call.number(0);
  return std::fabs(x) <= 1 ? Value(Fault::num) : Value(0.5 * std::log((x + 1) / (x - 1)));
}

constexpr Function table[] = {
    {"ABS", "n", plain<std::fabs>},
    {"SIGN", "n", [](Call& c) { return Value(static_cast<double>((c.number(0) > 0) - (c.number(0) < 0))); }},
    {"INT", "n", whole},
    {"TRUNC", "n?n", [](Call& c) { return round_down(c.number(0), c.number(1, 0)); }},
    {"ROUND", "nn", [](Call& c) { return Value(rounded(c.number(0), c.number(1, 0))); }},
    {"ROUNDUP", "nn", [](Call& c) { return round_up(c.number(0), c.number(1, 0)); }},
    {"ROUNDDOWN", "nn", [](Call& c) { return round_down(c.number(0), c.number(1, 0)); }},
    {"MROUND", "nn", mround},
    {"CEILING", "nn", ceiling},
    {"FLOOR", "nn", floor_},
    {"CEILING.PRECISE", "n?n", ceiling_precise},
    {"ISO.CEILING", "n?n", ceiling_precise},
    {"FLOOR.PRECISE", "n?n", floor_precise},
    {"CEILING.MATH", "n?nn", ceiling_math},
    {"FLOOR.MATH", "n?nn", floor_math},
    {"EVEN", "n", even},
    {"ODD", "n", odd},
    {"MOD", "nn", mod},
    {"QUOTIENT", "nn", quotient},
    {"SQRT", "n", root},
    {"POWER", "nn", power},
    {"EXP", "n", plain<std::exp>},
    {"SQRTPI", "n", [](Call& c) { return c.number(0) < 0 ? Value(Fault::num) : Value(std::sqrt(c.number(0) * pi)); }},
    {"LN", "n", [](Call& c) { return c.number(0) <= 0 ? Value(Fault::num) : Value(std::log(c.number(0))); }},
    {"LOG10", "n", [](Call& c) { return log_of(c.number(0), 10); }},
    {"LOG", "n?n", [](Call& c) { return log_of(c.number(0), c.has(1) ? c.number(1) : 10); }},
    {"FACT", "n", fact},
    {"FACTDOUBLE", "n", fact_double},
    {"COMBIN", "nn", combin},
    {"COMBINA", "nn", combina},
    {"PERMUT", "nn", permut},
    {"PERMUTATIONA", "nn", permutationa},
    {"GCD", "r*", gcd},
    {"LCM", "r*", lcm},
    {"PI", "", [](Call&) { return Value(pi); }},
    {"RAND", "", [](Call& c) { return Value(c.evaluator().random()); }, true},
    {"RANDBETWEEN", "nn", random_between, true},
    {"DEGREES", "n", [](Call& c) { return Value(c.number(0) * 180 / pi); }},
    {"RADIANS", "n", [](Call& c) { return Value(c.number(0) * pi / 180); }},
    {"SIN", "n", of_angle<std::sin>},
    {"COS", "n", of_angle<std::cos>},
    {"TAN", "n", of_angle<std::tan>},
    {"CSC", "n", one_over<std::sin>},
    {"SEC", "n", one_over<std::cos>},
    {"COT", "n", one_over<std::tan>},
    {"ASIN", "n", within_one<std::asin>},
    {"ACOS", "n", within_one<std::acos>},
    {"ATAN", "n", plain<std::atan>},
    {"ATAN2", "nn",
     [](Call& c) {
       return c.number(0) == 0 && c.number(1) == 0 ? Value(Fault::div0) : Value(std::atan2(c.number(1), c.number(0)));
     }},
    {"ACOT", "n", [](Call& c) { return Value(pi / 2 - std::atan(c.number(0))); }},
    {"SINH", "n", plain<std::sinh>},
    {"COSH", "n", plain<std::cosh>},
    {"TANH", "n", plain<std::tanh>},
    {"CSCH", "n", one_over<std::sinh>},
    {"SECH", "n", one_over<std::cosh>},
    {"COTH", "n", one_over<std::tanh>},
    {"ASINH", "n", plain<std::asinh>},
    {"ACOSH", "n", plain<std::acosh>},
    {"ATANH", "n", plain<std::atanh>},
    {"ACOTH", "n", acoth},
};

}  // namespace

std::span<const Function> math_functions() { return table; }

}  // namespace xlsx::calc
