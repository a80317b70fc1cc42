// What a cell's number format makes of its number: a date, a time, a share, or what it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xlsx {

enum class Shown : std::uint8_t { number, percent, date, time, moment, duration, text };
std::string_view name(Shown shown);

// Of a format's code, such as "yyyy-mm-dd" or "[Red]0.00"; its first section counts.
Shown shown_by(std::string_view code);
// Of a format that Excel knows by its number alone.
Shown shown_by(std::uint32_t built_in);
inline bool is_time(Shown shown) { return shown >= Shown::date && shown <= Shown::duration; }

// "2024-03-01", "13:45:00", "2024-03-01T13:45:00", "PT26H30M0S"; milliseconds where there are some. What is no date of
// Excel's (negative, after 9999) is empty.
std::string moment(double serial, Shown shown, bool since_1904);

// The number of "2024-03-01", "13:45:00.5", "2024-03-01T13:45:00Z"; nothing if it is none of these, or a day that Excel
// does not know.
std::optional<double> serial(std::string_view iso, bool since_1904);

}  // namespace xlsx
