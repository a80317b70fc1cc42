// Dates and times under a format.
#include <algorithm>
#include <cmath>

#include "convert.hpp"
#include "dates.hpp"
#include "format_tokens.hpp"

namespace xlsx::calc::format {
namespace {

constexpr std::string_view month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

}  // namespace

std::string dated(const Section& section, double serial, bool since_1904) {
  using Kind = Token::Kind;
  std::size_t places = 0;
  for (const Token& token : section.tokens)
    if (token.kind == Kind::fraction) places = std::max(places, token.text.size() - 1);
  const double scale = std::pow(10, static_cast<double>(places));
  const bool seconds_shown = section.has(Kind::second) || places > 0;
  // What is shown is rounded to the last unit that is shown of seconds; minutes and hours are cut.
  double seconds = serial * 86400;
  seconds = seconds_shown ? std::floor(seconds * scale + 0.5) / scale : std::floor(seconds + 1e-6);
  const double day = std::floor(seconds / 86400);
  const double rest = seconds - day * 86400;
  const Date date = date_of(day, since_1904);
  const auto whole = static_cast<std::int64_t>(rest + 1e-9);
  const auto hour = whole / 3600, minute = whole / 60 % 60, second = whole % 60;
  const bool twelve = section.has(Kind::half);
  std::string text;
  for (const Token& token : section.tokens) {
    const std::size_t size = token.text.size();
    switch (token.kind) {
      case Kind::year: text += size > 2 ? padded(date.year, 4) : padded(date.year % 100, 2); break;
      case Kind::month:
        if (size == 5)
          text += month_names[date.month - 1].substr(0, 1);
        else if (size >= 4)
          text += month_names[date.month - 1];
        else
          text += size == 3 ? std::string(month_names[date.month - 1].substr(0, 3)) : padded(date.month, size);
        break;
      case Kind::day: {
        const auto name = day_names[static_cast<std::size_t>(weekday(day, since_1904) - 1)];
        if (size >= 4)
          text += name;
        else
          text += size == 3 ? std::string(name.substr(0, 3)) : padded(date.day, size);
        break;
      }
      case Kind::hour: text += padded(twelve ? (hour + 11) % 12 + 1 : hour, std::min<std::size_t>(size, 2)); break;
      case Kind::minute: text += padded(minute, std::min<std::size_t>(size, 2)); break;
      case Kind::second: text += padded(second, std::min<std::size_t>(size, 2)); break;
      case Kind::fraction: {
        const auto parts = static_cast<std::int64_t>(
            std::round((rest - std::floor(rest + 1e-9)) * std::pow(10, static_cast<double>(size - 1))));
        text += "." + padded(std::max<std::int64_t>(parts, 0), size - 1);
        break;
      }
      case Kind::half:
        if (size == 3)
          text += token.text[hour < 12 ? 0 : 2];
        else
          text += hour < 12 ? "AM" : "PM";
        break;
      case Kind::elapsed: {
        const char unit = lower_letter(token.text[0]);
        const double total = std::floor(seconds / (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1) + 1e-9);
        text += padded(static_cast<std::int64_t>(total), size);
        break;
      }
      case Kind::general: text += general(serial); break;
      default: text += token.text;
    }
  }
  return text;
}

}  // namespace xlsx::calc::format
