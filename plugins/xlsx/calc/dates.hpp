// Days as Excel counts them: from 1900, where there was a 29th of February, or from 1904.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace xlsx::calc {

struct Date {
  int year = 1900, month = 1, day = 0;
};
struct Clock {
  int hour = 0, minute = 0;
  double second = 0;
};

inline constexpr double last_day = 2958465;  // the 31st of December 9999, from 1900

// The date of a whole serial number. 0 is the 0th of January 1900, 60 the 29th of February.
Date date_of(double serial, bool since_1904 = false);
// Months and days beyond their bounds go on in the next year or month, and back. Nothing: before the first day or after
// 9999.
std::optional<double> serial_of(int year, int month, int day, bool since_1904 = false);
Clock clock_of(double serial);
// 1: Sunday, to 7.
int weekday(double serial, bool since_1904 = false);
bool leap(int year);
int days_of_month(int year, int month);

// A date, a time or both, as somebody writes them: "2/3/2024" is the third of February.
std::optional<double> moment_in(std::string_view text, bool since_1904 = false);

}  // namespace xlsx::calc
