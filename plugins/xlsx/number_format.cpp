// Codes are read as Excel does: what is quoted, escaped or in brackets is no field, [h] is.
#include "number_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace xlsx {

namespace {

struct Fields {
  bool day = false, clock = false, elapsed = false, minute = false, percent = false, digits = false, text = false;
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Where what stands in brackets ends; [h], [mm] and the like count what has passed.
std::size_t bracket(std::string_view code, std::size_t at, Fields& fields) {
  const auto end = code.find(']', at);
  if (end == std::string_view::npos) return code.size();
  const auto inside = code.substr(at + 1, end - at - 1);
  const char first = inside.empty() ? '\0' : lower(inside[0]);
  bool alike = first == 'h' || first == 'm' || first == 's';
  for (const char c : inside) alike = alike && lower(c) == first;
  if (alike) fields.elapsed = true;
  return end;
}

std::size_t field(std::string_view code, std::size_t at, Fields& fields) {
  switch (lower(code[at])) {
    case 'y':
    case 'd':
    case 'e':
    case 'b': fields.day = true; break;
    case 'h':
    case 's': fields.clock = true; break;
    case 'm': fields.minute = true; break;
    case '0':
    case '#':
    case '?': fields.digits = true; break;
    case '%': fields.percent = true; break;
    case '@': fields.text = true; break;
    default: break;
  }
  return at;
}

// Whatever the case of its letters: its "e" is no year.
bool is_general(std::string_view text) {
  constexpr std::string_view word = "general";
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) { return lower(a) == b; });
}

Fields fields_of(std::string_view code) {
  Fields fields;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') {
      i = code.find('"', i + 1);
      if (i == std::string_view::npos) break;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      i = bracket(code, i, fields);
    } else if ((c == 'E' || c == 'e') && i + 1 < code.size() && (code[i + 1] == '+' || code[i + 1] == '-')) {
      ++i;  // of a number's exponent
    } else if (is_general(code.substr(i, 7))) {
      i += 6;
    } else {
      i = field(code, i, fields);
    }
  }
  return fields;
}

struct Day {
  int year, month, day;
};

// Days since 1970-01-01, by the calendar that everybody uses.
Day day_of(long days) {
  const long shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const long of_era = shifted - era * 146097;
  const long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const long of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  const int number = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {static_cast<int>(year + era * 400 + (number <= 2)), number,
          static_cast<int>(of_year - (153 * month + 2) / 5 + 1)};
}

// Excel's calendar has a 29th of February 1900, and a day before its first.
Day excel_day(long serial, bool since_1904) {
  if (since_1904) return day_of(serial - 24107);
  if (serial == 60) return {1900, 2, 29};
  if (serial == 0) return {1900, 1, 0};
  return day_of(serial - (serial < 60 ? 25568 : 25569));
}

std::string clock_text(long milliseconds) {
  std::array<char, 32> text{};
  const long seconds = milliseconds / 1000;
  int size =
      std::snprintf(text.data(), text.size(), "%02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
  std::string all(text.data(), static_cast<std::size_t>(size));
  if (milliseconds % 1000 == 0) return all;
  size = std::snprintf(text.data(), text.size(), ".%03ld", milliseconds % 1000);
  return all.append(text.data(), static_cast<std::size_t>(size));
}

std::string duration_text(double serial) {
  const double milliseconds = std::round(serial * 86'400'000);
  if (!(std::fabs(milliseconds) < 9e15)) return {};
  const auto all = static_cast<long long>(std::fabs(milliseconds));
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%sPT%lldH%lldM%lld", milliseconds < 0 ? "-" : "",
                                 all / 3'600'000, all / 60'000 % 60, all / 1000 % 60);
  std::string told(text.data(), static_cast<std::size_t>(size));
  if (all % 1000 != 0) {
    const int more = std::snprintf(text.data(), text.size(), ".%03lld", all % 1000);
    told.append(text.data(), static_cast<std::size_t>(more));
  }
  return told + "S";
}

}  // namespace

std::string_view name(Shown shown) {
  constexpr std::string_view names[] = {"number", "percent", "date", "time", "datetime", "duration", "text"};
  return names[static_cast<std::size_t>(shown)];
}

Shown shown_by(std::string_view code) {
  const Fields fields = fields_of(code);
  if (fields.elapsed) return Shown::duration;
  if (fields.day || (fields.minute && !fields.clock)) return fields.clock ? Shown::moment : Shown::date;
  if (fields.clock) return Shown::time;
  if (fields.percent) return Shown::percent;
  return fields.text && !fields.digits ? Shown::text : Shown::number;
}

Shown shown_by(std::uint32_t built_in) {
  switch (built_in) {
    case 9:
    case 10: return Shown::percent;
    case 18:
    case 19:
    case 20:
    case 21:
    case 32:
    case 33:
    case 34:
    case 35:
    case 45:
    case 47: return Shown::time;
    case 22: return Shown::moment;
    case 46: return Shown::duration;
    case 49: return Shown::text;
    default: break;
  }
  const bool date = (built_in >= 14 && built_in <= 17) || (built_in >= 27 && built_in <= 31) || built_in == 36 ||
                    (built_in >= 50 && built_in <= 58);
  return date ? Shown::date : Shown::number;
}

std::string moment(double serial, Shown shown, bool since_1904) {
  if (shown == Shown::duration) return duration_text(serial);
  if (!(serial >= 0 && serial < 2'958'466)) return {};
  long days = static_cast<long>(serial);
  long milliseconds = std::lround((serial - static_cast<double>(days)) * 86'400'000);
  if (milliseconds >= 86'400'000) {
    ++days;
    milliseconds -= 86'400'000;
  }
  if (shown == Shown::time && days == 0) return clock_text(milliseconds);
  const Day day = excel_day(days, since_1904);
  if (day.year > 9999) return {};
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", day.year, day.month, day.day);
  std::string all(text.data(), static_cast<std::size_t>(size));
  if (shown == Shown::date && milliseconds == 0) return all;
  return all + "T" + clock_text(milliseconds);
}

}  // namespace xlsx
