// Checks dates and times (RFC 3339) and UUIDs by hand: they are short, and a regular expression would not know
// February.
#include "loader/schema/formats.hpp"

namespace berth::loader {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The number in the first `count` digits of `text`, which loses them; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any) {
  if (text.empty() || any.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

int days_in(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 0 || !take(text, "-")) return false;
  const int month = take_digits(text, 2);
  if (month < 1 || month > 12 || !take(text, "-")) return false;
  const int day = take_digits(text, 2);
  return day >= 1 && day <= days_in(year, month);
}

bool take_hour_and_minute(std::string_view& text) {
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ":")) return false;
  const int minute = take_digits(text, 2);
  return minute >= 0 && minute <= 59;
}

bool take_time(std::string_view& text) {
  if (!take_hour_and_minute(text) || !take(text, ":")) return false;
  const int second = take_digits(text, 2);
  if (second < 0 || second > 60) return false;
  if (take(text, ".")) {
    const auto rest = text.size();
    while (take(text, "0123456789")) {
    }
    if (text.size() == rest) return false;
  }
  return take(text, "zZ") || (take(text, "+-") && take_hour_and_minute(text));
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
  if (name == "date") return Format::date;
  if (name == "time") return Format::time;
  if (name == "date-time") return Format::date_time;
  if (name == "uuid") return Format::uuid;
  return std::nullopt;
}

std::string_view in_words(Format format) {
  switch (format) {
    case Format::date: return "a date such as 2026-01-31";
    case Format::time: return "a time such as 12:30:00Z";
    case Format::date_time: return "a date and time such as 2026-01-31T12:30:00Z";
    case Format::uuid: return "a UUID such as 123e4567-e89b-12d3-a456-426614174000";
  }
  return "";
}

bool fits_format(Format format, std::string_view text) {
  switch (format) {
    case Format::date: return take_date(text) && text.empty();
    case Format::time: return take_time(text) && text.empty();
    case Format::date_time: return take_date(text) && take(text, "tT") && take_time(text) && text.empty();
    case Format::uuid: return is_uuid(text);
  }
  return true;
}

}  // namespace berth::loader
