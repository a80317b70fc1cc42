// Days on which somebody works: weekends of any kind, and holidays.
#include <cmath>
#include <set>

#include "../convert.hpp"
#include "days.hpp"

namespace xlsx::calc {
namespace {

// Which days of the week are free, from Monday, 0.
struct Weekend {
  bool free[7] = {false, false, false, false, false, true, true};
  bool bad = false;
};
Weekend weekend_of(const Value& value) {
  Weekend made;
  if (value.blank()) return made;
  for (bool& day : made.free) day = false;
  if (value.is(Type::text)) {
    const auto text = value.text();
    made.bad = text.size() != 7 || text.find_first_not_of("01") != std::string_view::npos || text == "1111111";
    for (std::size_t i = 0; !made.bad && i < 7; ++i) made.free[i] = text[i] == '1';
    return made;
  }
  const Value number = to_number(value);
  const double n = number.is_error() ? 0 : std::trunc(number.number());
  if (n >= 1 && n <= 7) {
    made.free[static_cast<int>(n + 4) % 7] = made.free[static_cast<int>(n + 5) % 7] = true;
  } else if (n >= 11 && n <= 17) {
    made.free[static_cast<int>(n - 11 + 6) % 7] = true;
  } else {
    made.bad = true;
  }
  return made;
}

Value holidays_of(Call& call, std::size_t i, std::set<double>& to) {
  Value error;
  if (i < call.count()) {
    call.each(i, [&](const Value& value, bool) {
      const Value number = to_number(value);
      if (number.is_error()) return error = number, false;
      if (!value.blank()) to.insert(std::floor(number.number()));
      return true;
    });
  }
  return error;
}

bool works(double day, const Weekend& weekend, const std::set<double>& holidays, bool from_1904) {
  return !weekend.free[(weekday(day, from_1904) + 5) % 7] && !holidays.contains(day);
}

Value network_days(Call& call, const Weekend& weekend, std::size_t holidays_at) {
  double first = std::floor(call.number(0)), last = std::floor(call.number(1));
  if (!good_day(first) || !good_day(last)) return Fault::num;
  std::set<double> holidays;
  const Value error = holidays_of(call, holidays_at, holidays);
  if (error.is_error()) return error;
  if (weekend.bad) return Fault::value;
  const double sign = first <= last ? 1 : -1;
  if (sign < 0) std::swap(first, last);
  double count = 0;
  for (double day = first; day <= last; ++day) count += works(day, weekend, holidays, since_1904(call));
  return count * sign;
}

Value work_day(Call& call, const Weekend& weekend, std::size_t holidays_at) {
  double day = std::floor(call.number(0)), left = std::trunc(call.number(1));
  if (!good_day(day)) return Fault::num;
  std::set<double> holidays;
  const Value error = holidays_of(call, holidays_at, holidays);
  if (error.is_error()) return error;
  if (weekend.bad) return Fault::value;
  const double step = left < 0 ? -1 : 1;
  while (left != 0) {
    day += step;
    if (!good_day(day)) return Fault::num;
    if (works(day, weekend, holidays, since_1904(call))) left -= step;
  }
  return day;
}

const Function table[] = {
    {"NETWORKDAYS", "nn?r", [](Call& c) { return network_days(c, {}, 2); }},
    {"NETWORKDAYS.INTL", "nn?vr",
     [](Call& c) { return network_days(c, weekend_of(c.count() > 2 ? c[2] : Value()), 3); }},
    {"WORKDAY", "nn?r", [](Call& c) { return work_day(c, {}, 2); }},
    {"WORKDAY.INTL", "nn?vr", [](Call& c) { return work_day(c, weekend_of(c.count() > 2 ? c[2] : Value()), 3); }},
};

}  // namespace

std::span<const Function> workday_functions() { return table; }

}  // namespace xlsx::calc
