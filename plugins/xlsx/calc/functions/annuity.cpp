// What money is worth over time: payments of the same size, and streams of any.
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "numbers.hpp"

namespace xlsx::calc {
namespace {

// (1 + rate) ^ periods, and that less one divided by the rate: exact for small rates, too.
double growth(double rate, double periods) { return std::pow(1 + rate, periods); }
double series(double rate, double periods) {
  if (rate == 0) return periods;
  return rate > -1 ? std::expm1(periods * std::log1p(rate)) / rate : (growth(rate, periods) - 1) / rate;
}

struct Terms {
  double rate = 0, periods = 0, payment = 0, present = 0, future = 0;
  bool early = false;  // paid when a period begins
  double due() const { return early ? 1 + rate : 1; }
};

double future_of(const Terms& t) {
  return -(t.present * growth(t.rate, t.periods) + t.payment * t.due() * series(t.rate, t.periods));
}
double present_of(const Terms& t) {
  return -(t.future + t.payment * t.due() * series(t.rate, t.periods)) / growth(t.rate, t.periods);
}
double payment_of(const Terms& t) {
  return -(t.present * growth(t.rate, t.periods) + t.future) / (t.due() * series(t.rate, t.periods));
}

// The interest in one payment: of what was left after those before it.
double interest_of(Terms t, double period) {
  t.payment = payment_of(t);
  if (period == 1) return t.early ? 0 : -t.present * t.rate;
  const double payment = t.payment;
  t.periods = t.early ? period - 2 : period - 1;
  return (future_of(t) - (t.early ? payment : 0)) * t.rate;
}

Value fv(Call& c) {
  return checked(future_of({c.number(0), c.number(1), c.number(2, 0), c.number(3, 0), 0, c.number(4, 0) != 0}));
}
Value pv(Call& c) {
  return checked(present_of({c.number(0), c.number(1), c.number(2, 0), 0, c.number(3, 0), c.number(4, 0) != 0}));
}
Value pmt(Call& c) {
  if (c.number(1) == 0) return Fault::num;
  return checked(payment_of({c.number(0), c.number(1), 0, c.number(2, 0), c.number(3, 0), c.number(4, 0) != 0}));
}

Value nper(Call& c) {
  const Terms t{c.number(0), 0, c.number(1), c.number(2), c.number(3, 0), c.number(4, 0) != 0};
  if (t.rate == 0) return t.payment == 0 ? Value(Fault::num) : checked(-(t.present + t.future) / t.payment);
  const double paid = t.payment * t.due();
  const double grown = (paid - t.future * t.rate) / (paid + t.present * t.rate);
  if (t.rate <= -1 || !(grown > 0)) return Fault::num;
  return checked(std::log(grown) / std::log1p(t.rate));
}

// By steps of a secant, from two guesses that are near each other.
std::optional<double> zero_near(double guess, const std::function<double(double)>& of) {
  constexpr int most_steps = 100;
  double a = guess, b = guess == 0 ? 0.001 : guess * 1.01;
  double at_a = of(a), at_b = of(b);
  for (int i = 0; i < most_steps; ++i) {
    if (at_b == 0) return b;
    if (at_a == at_b || !std::isfinite(at_b)) return std::nullopt;
    double next = b - at_b * (b - a) / (at_b - at_a);
    if (next <= -1) next = (b - 1) / 2;  // no rate is below that
    a = b, at_a = at_b;
    b = next, at_b = of(b);
    if (std::fabs(b - a) <= 1e-14 * std::fmax(1, std::fabs(b)))
      return std::isfinite(at_b) ? std::optional(b) : std::nullopt;
  }
  return std::nullopt;
}

// Where a guess leads nowhere: between two rates of a row whose values have different signs.
std::optional<double> zero_between(const std::function<double(double)>& of) {
  double low = -0.999999, at_low = of(low);
  for (double high : {-0.9, -0.5, -0.1, -0.01, 0.0, 0.01, 0.1, 0.5, 1.0, 5.0, 10.0, 100.0, 1e4, 1e6}) {
    const double at_high = of(high);
    if (std::isfinite(at_low) && std::isfinite(at_high) && (at_low < 0) != (at_high < 0)) {
      for (int i = 0; i < 200; ++i) {
        const double middle = low + (high - low) / 2, at_middle = of(middle);
        if ((at_middle < 0) == (at_low < 0))
          low = middle;
        else
          high = middle;
      }
      return low;
    }
    low = high, at_low = at_high;
  }
  return std::nullopt;
}

Value rate_where(double guess, const std::function<double(double)>& of) {
  auto found = zero_near(guess, of);
  if (!found) found = zero_between(of);
  return found ? Value(*found) : Value(Fault::num);
}

Value rate(Call& c) {
  Terms t{0, c.number(0), c.number(1), c.number(2), c.number(3, 0), c.number(4, 0) != 0};
  if (t.periods <= 0) return Fault::num;
  return rate_where(c.number(5, 0.1), [&t](double rate) {
    t.rate = rate;
    return future_of(t) - t.future;
  });
}

Value interest(Call& c) {
  const double period = c.number(1), periods = c.number(2);
  if (period < 1 || period >= periods + 1) return Fault::num;
  return checked(interest_of({c.number(0), periods, 0, c.number(3), c.number(4, 0), c.number(5, 0) != 0}, period));
}
Value principal(Call& c) {
  const double period = c.number(1), periods = c.number(2);
  if (period < 1 || period >= periods + 1) return Fault::num;
  const Terms t{c.number(0), periods, 0, c.number(3), c.number(4, 0), c.number(5, 0) != 0};
  return checked(payment_of(t) - interest_of(t, period));
}

Value cumulative(Call& c, bool of_interest) {
  constexpr double most = 1e6;
  const double first = std::ceil(c.number(3)), last = std::floor(c.number(4)), type = c.number(5);
  const Terms t{c.number(0), c.number(1), 0, c.number(2), 0, type != 0};
  if (t.rate <= 0 || t.periods <= 0 || t.present <= 0 || first < 1 || last < first || last > t.periods || last > most ||
      (type != 0 && type != 1))
    return Fault::num;
  double total = 0;
  const double payment = payment_of(t);
  for (double period = first; period <= last; ++period) {
    const double part = interest_of(t, period);
    total += of_interest ? part : payment - part;
  }
  return checked(total);
}

double net_present(double rate, const std::vector<double>& values, double first) {
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    total += values[i] / std::pow(1 + rate, static_cast<double>(i) + first);
  return total;
}

Value npv(Call& c) {
  std::vector<double> values;
  const Value error = numbers_of(c, 1, c.count(), values);
  if (error.is_error()) return error;
  if (c.count() < 2) return Fault::value;
  return c.number(0) == -1 ? Value(Fault::div0) : checked(net_present(c.number(0), values, 1));
}

bool both_signs(const std::vector<double>& values) {
  bool above = false, below = false;
  for (const double one : values) above = above || one > 0, below = below || one < 0;
  return above && below;
}

Value irr(Call& c) {
  std::vector<double> values;
  const Value error = numbers_of(c, 0, 1, values);
  if (error.is_error()) return error;
  if (!both_signs(values)) return Fault::num;
  return rate_where(c.number(1, 0.1), [&](double rate) { return net_present(rate, values, 0); });
}

Value mirr(Call& c) {
  std::vector<double> values;
  const Value error = numbers_of(c, 0, 1, values);
  if (error.is_error()) return error;
  if (!both_signs(values)) return Fault::div0;
  double received = 0, spent = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0)
      received += values[i] * std::pow(1 + c.number(2), static_cast<double>(values.size() - 1 - i));
    else
      spent += values[i] / std::pow(1 + c.number(1), static_cast<double>(i));
  }
  return checked(std::pow(received / -spent, 1.0 / static_cast<double>(values.size() - 1)) - 1);
}

// Values and the days on which they are due, counted from the first.
Value dated(Call& c, std::size_t at, std::vector<double>& values, std::vector<double>& days) {
  for (const auto& [from, to] : {std::pair{at, &values}, std::pair{at + 1, &days}}) {
    const Value error = numbers_of(c, from, from + 1, *to);
    if (error.is_error()) return error;
  }
  if (values.empty() || values.size() != days.size()) return Fault::num;
  const double first = std::trunc(days[0]);
  for (double& day : days) {
    day = std::trunc(day) - first;
    if (day < 0) return Fault::num;
  }
  return {};
}
double dated_present(double rate, const std::vector<double>& values, const std::vector<double>& days) {
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) total += values[i] / std::pow(1 + rate, days[i] / 365);
  return total;
}

Value xnpv(Call& c) {
  std::vector<double> values, days;
  const Value error = dated(c, 1, values, days);
  if (error.is_error()) return error;
  return c.number(0) < 0 ? Value(Fault::num) : checked(dated_present(c.number(0), values, days));
}

Value xirr(Call& c) {
  std::vector<double> values, days;
  const Value error = dated(c, 0, values, days);
  if (error.is_error()) return error;
  const double guess = c.number(2, 0.1);
  if (!both_signs(values) || guess <= -1) return Fault::num;
  return rate_where(guess, [&](double rate) { return dated_present(rate, values, days); });
}

Value effect(Call& c) {
  const double rate = c.number(0), periods = std::trunc(c.number(1));
  return rate <= 0 || periods < 1 ? Value(Fault::num) : checked(std::pow(1 + rate / periods, periods) - 1);
}
Value nominal(Call& c) {
  const double rate = c.number(0), periods = std::trunc(c.number(1));
  return rate <= 0 || periods < 1 ? Value(Fault::num) : checked(periods * (std::pow(rate + 1, 1 / periods) - 1));
}
Value rri(Call& c) {
  if (c.number(0) <= 0 || c.number(1) == 0) return Fault::num;
  return checked(std::pow(c.number(2) / c.number(1), 1 / c.number(0)) - 1);
}
Value duration_of_growth(Call& c) {
  if (c.number(0) <= 0 || c.number(1) <= 0 || c.number(2) <= 0) return Fault::num;
  return checked((std::log(c.number(2)) - std::log(c.number(1))) / std::log1p(c.number(0)));
}

Value schedule(Call& c) {
  double total = c.number(0);
  Value error;
  c.each(1, [&](const Value& one, bool) {
    if (one.is_error()) return error = one, false;
    if (!one.is(Type::number)) return error = Fault::value, false;
    total *= 1 + one.number();
    return true;
  });
  return error.is_error() ? error : checked(total);
}

// 1.02 in sixteenths is 1 + 2/16, and back.
Value dollars(Call& c, bool from_fraction) {
  const double parts = std::trunc(c.number(1));
  if (parts < 0) return Fault::num;
  if (parts == 0) return Fault::div0;
  const double whole = std::trunc(c.number(0)), rest = c.number(0) - whole;
  const double scale = std::pow(10, std::ceil(std::log10(parts)));
  return checked(whole + (from_fraction ? rest * scale / parts : rest * parts / scale));
}

const Function table[] = {
    {"FV", "nn?nnn", fv},
    {"PV", "nn?nnn", pv},
    {"PMT", "nnn?nn", pmt},
    {"NPER", "nnn?nn", nper},
    {"RATE", "nnn?nnn", rate},
    {"IPMT", "nnnn?nn", interest},
    {"PPMT", "nnnn?nn", principal},
    {"CUMIPMT", "nnnnnn", [](Call& c) { return cumulative(c, true); }},
    {"CUMPRINC", "nnnnnn", [](Call& c) { return cumulative(c, false); }},
    {"ISPMT", "nnnn", [](Call& c) { return checked(c.number(3) * c.number(0) * (c.number(1) / c.number(2) - 1)); }},
    {"NPV", "n?r*", npv},
    {"IRR", "r?n", irr},
    {"MIRR", "rnn", mirr},
    {"XNPV", "nrr", xnpv},
    {"XIRR", "rr?n", xirr},
    {"EFFECT", "nn", effect},
    {"NOMINAL", "nn", nominal},
    {"RRI", "nnn", rri},
    {"PDURATION", "nnn", duration_of_growth},
    {"FVSCHEDULE", "nr", schedule},
    {"DOLLARDE", "nn", [](Call& c) { return dollars(c, true); }},
    {"DOLLARFR", "nn", [](Call& c) { return dollars(c, false); }},
};

}  // namespace

std::span<const Function> annuity_functions() { return table; }

}  // namespace xlsx::calc
