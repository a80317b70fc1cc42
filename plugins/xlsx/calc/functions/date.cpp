// Days, months, working days, times.
#include <algorithm>
#include <cmath>
#include <optional>

#include "../convert.hpp"
#include "../dates.hpp"
#include "../evaluator.hpp"
#include "days.hpp"

namespace xlsx::calc {
namespace {

Value or_num(std::optional<double> serial) { return serial ? Value(*serial) : Value(Fault::num); }

Value date(Call& call) {
  double year = std::trunc(call.number(0)), month = std::trunc(call.number(1)), day = std::trunc(call.number(2));
  if (year < 0 || year >= 10000) return Fault::num;
  if (year < 1900) year += since_1904(call) && year >= 4 ? 1900 : 1900;
  if (std::fabs(month) > 120000 || std::fabs(day) > 4000000) return Fault::num;
  return or_num(serial_of(static_cast<int>(year), static_cast<int>(month), static_cast<int>(day), since_1904(call)));
}

template <int Date::*part>
Value part_of_date(Call& call) {
  if (!good_day(call.number(0))) return Fault::num;
  return static_cast<double>(date_of(call.number(0), since_1904(call)).*part);
}

Value hour(Call& call) {
  return call.number(0) < 0 ? Value(Fault::num) : Value(static_cast<double>(clock_of(call.number(0)).hour));
}
Value minute(Call& call) {
  return call.number(0) < 0 ? Value(Fault::num) : Value(static_cast<double>(clock_of(call.number(0)).minute));
}
Value second(Call& call) {
  if (call.number(0) < 0) return Fault::num;
  const double rounded = std::round(clock_of(call.number(0)).second);
  return rounded == 60 ? 0 : rounded;
}

Value time(Call& call) {
  const double seconds =
      std::trunc(call.number(0)) * 3600 + std::trunc(call.number(1)) * 60 + std::trunc(call.number(2));
  if (seconds < 0) return Fault::num;
  return std::fmod(seconds, 86400) / 86400;
}

Value date_value(Call& call) {
  const auto moment = moment_in(call.text(0), since_1904(call));
  return moment ? Value(std::floor(*moment)) : Value(Fault::value);
}
Value time_value(Call& call) {
  const auto moment = moment_in(call.text(0), since_1904(call));
  return moment ? Value(*moment - std::floor(*moment)) : Value(Fault::value);
}

Value week_day(Call& call) {
  if (!good_day(call.number(0))) return Fault::num;
  const int day = weekday(call.number(0), since_1904(call));  // from Sunday, 1
  const int how = static_cast<int>(call.number(1, 1));
  if (how == 1) return day;
  if (how == 2) return (day + 5) % 7 + 1;
  if (how == 3) return (day + 5) % 7;
  if (how < 11 || how > 17) return Fault::num;
  return (day - (how - 9) + 7 + 14) % 7 + 1 == 0 ? 7 : (day + 7 - (how - 9)) % 7 + 1;
}

int iso_week(double serial, bool from_1904) {
  const int day = (weekday(serial, from_1904) + 5) % 7;  // from Monday, 0
  const double thursday = std::floor(serial) - day + 3;
  const Date in = date_of(thursday, from_1904);
  return static_cast<int>((thursday - serial_of(in.year, 1, 1, from_1904).value_or(0)) / 7) + 1;
}

Value iso_week_number(Call& call) {
  return good_day(call.number(0)) ? Value(iso_week(call.number(0), since_1904(call))) : Value(Fault::num);
}

Value week_number(Call& call) {
  if (!good_day(call.number(0))) return Fault::num;
  const int how = static_cast<int>(call.number(1, 1));
  if (how == 21) return iso_week(call.number(0), since_1904(call));
  int first;  // the day that begins a week, from Sunday, 1
  if (how == 1 || how == 17)
    first = 1;
  else if (how == 2 || how == 11)
    first = 2;
  else if (how >= 12 && how <= 16)
    first = how - 9;
  else
    return Fault::num;
  const Date in = date_of(call.number(0), since_1904(call));
  const double begin = serial_of(in.year, 1, 1, since_1904(call)).value_or(1);
  const int lead = (weekday(begin, since_1904(call)) - first + 7) % 7;
  return std::floor((std::floor(call.number(0)) - begin + lead) / 7) + 1;
}

std::optional<double> moved(double serial, double months, bool end, bool from_1904) {
  const Date from = date_of(serial, from_1904);
  const std::int64_t whole =
      std::int64_t{from.year} * 12 + from.month - 1 + static_cast<std::int64_t>(std::trunc(months));
  const int year = static_cast<int>(whole / 12), month = static_cast<int>(whole % 12) + 1;
  if (whole < 0 || year < 1900 || year > 9999) return std::nullopt;
  const int last = year == 1900 && month == 2 ? 29 : days_of_month(year, month);
  return serial_of(year, month, end ? last : std::min(from.day, last), from_1904);
}
Value edate(Call& call) {
  if (!good_day(call.number(0)) || std::fabs(call.number(1)) > 120000) return Fault::num;
  return or_num(moved(call.number(0), call.number(1), false, since_1904(call)));
}
Value eomonth(Call& call) {
  if (!good_day(call.number(0)) || std::fabs(call.number(1)) > 120000) return Fault::num;
  return or_num(moved(call.number(0), call.number(1), true, since_1904(call)));
}

Value days_360(Call& call) {
  const bool european = call.truth(2, false);
  Date a = date_of(call.number(0), since_1904(call)), b = date_of(call.number(1), since_1904(call));
  if (european) {
    a.day = std::min(a.day, 30);
    b.day = std::min(b.day, 30);
  } else {
    const bool last = a.day == (a.month == 2 ? days_of_month(a.year, 2) : 31);
    if (last) a.day = 30;
    if (b.day == 31 && a.day < 30)
      b.day = 1, ++b.month;
    else if (b.day == 31)
      b.day = 30;
  }
  return static_cast<double>((b.year - a.year) * 360 + (b.month - a.month) * 30 + b.day - a.day);
}

Value date_difference(Call& call) {
  const double first = std::floor(call.number(0)), last = std::floor(call.number(1));
  if (!good_day(first) || !good_day(last) || first > last) return Fault::num;
  const Date a = date_of(first, since_1904(call)), b = date_of(last, since_1904(call));
  const std::string_view unit = call.text(2);
  const auto is = [&](std::string_view name) { return compare_text(unit, name) == 0; };
  const int months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day);
  if (is("d")) return last - first;
  if (is("m")) return months;
  if (is("y")) return months / 12;
  if (is("ym")) return months % 12;
  if (is("md")) {
    if (b.day >= a.day) return b.day - a.day;
    const auto before = serial_of(b.year, b.month - 1, a.day, since_1904(call));
    return before ? Value(last - *before) : Value(Fault::num);
  }
  if (is("yd")) {
    auto begin = serial_of(b.year, a.month, a.day, since_1904(call));
    if (begin && *begin > last) begin = serial_of(b.year - 1, a.month, a.day, since_1904(call));
    return begin ? Value(last - *begin) : Value(Fault::num);
  }
  return Fault::num;
}

Value year_fraction(Call& call) {
  double first = std::floor(call.number(0)), last = std::floor(call.number(1));
  if (!good_day(first) || !good_day(last)) return Fault::num;
  if (first > last) std::swap(first, last);
  const auto basis = static_cast<int>(call.number(2, 0));
  Date a = date_of(first, since_1904(call)), b = date_of(last, since_1904(call));
  if (basis == 2) return (last - first) / 360;
  if (basis == 3) return (last - first) / 365;
  if (basis == 4)
    return ((b.year - a.year) * 360 + (b.month - a.month) * 30 + std::min(b.day, 30) - std::min(a.day, 30)) / 360.0;
  if (basis == 1) {
    const bool within =
        b.year == a.year || (b.year == a.year + 1 && (b.month < a.month || (b.month == a.month && b.day <= a.day)));
    if (within) {
      const auto day_between = [&](int year) {
        if (!leap(year)) return false;
        const double special = serial_of(year, 2, 29, since_1904(call)).value_or(0);
        return special >= first && special <= last;
      };
      const bool longer = a.year == b.year ? leap(a.year) : day_between(a.year) || day_between(b.year);
      return (last - first) / (longer ? 366 : 365);
    }
    double days = 0;
    for (int year = a.year; year <= b.year; ++year) days += leap(year) ? 366 : 365;
    return (last - first) / (days / (b.year - a.year + 1));
  }
  if (basis != 0) return Fault::num;
  const bool a_end = a.month == 2 && a.day == days_of_month(a.year, 2),
             b_end = b.month == 2 && b.day == days_of_month(b.year, 2);
  if (a_end && b_end) b.day = 30;
  if (a_end) a.day = 30;
  if (b.day == 31 && a.day >= 30) b.day = 30;
  if (a.day == 31) a.day = 30;
  return ((b.year - a.year) * 360 + (b.month - a.month) * 30 + b.day - a.day) / 360.0;
}

const Function table[] = {
    {"DATE", "nnn", date},
    {"YEAR", "n", part_of_date<&Date::year>},
    {"MONTH", "n", part_of_date<&Date::month>},
    {"DAY", "n", part_of_date<&Date::day>},
    {"HOUR", "n", hour},
    {"MINUTE", "n", minute},
    {"SECOND", "n", second},
    {"TIME", "nnn", time},
    {"DATEVALUE", "s", date_value},
    {"TIMEVALUE", "s", time_value},
    {"WEEKDAY", "n?n", week_day},
    {"WEEKNUM", "n?n", week_number},
    {"ISOWEEKNUM", "n", iso_week_number},
    {"EDATE", "nn", edate},
    {"EOMONTH", "nn", eomonth},
    {"DAYS360", "nn?b", days_360},
    {"DAYS", "nn", [](Call& c) { return Value(std::floor(c.number(0)) - std::floor(c.number(1))); }},
    {"DATEDIF", "nns", date_difference},
    {"TODAY", "", [](Call& c) { return Value(std::floor(c.evaluator().moment().now)); }, true},
    {"NOW", "", [](Call& c) { return Value(c.evaluator().moment().now); }, true},
    {"YEARFRAC", "nn?n", year_fraction},
};

}  // namespace

std::span<const Function> date_functions() { return table; }

}  // namespace xlsx::calc
