// Days begin at midnight UTC here: all times that the plugin tells are UTC.
#include "since.hpp"

#include <array>
#include <chrono>

#include "fields.hpp"

namespace machine {

namespace {

constexpr std::int64_t day = 86'400, longest = 100 * 365 * day;

std::optional<std::int64_t> unit_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 19> units{{{"s", 1},
                                                                             {"sec", 1},
                                                                             {"second", 1},
                                                                             {"seconds", 1},
                                                                             {"m", 60},
                                                                             {"min", 60},
                                                                             {"minute", 60},
                                                                             {"minutes", 60},
                                                                             {"h", 3600},
                                                                             {"hour", 3600},
                                                                             {"hours", 3600},
                                                                             {"d", day},
                                                                             {"day", day},
                                                                             {"days", day},
                                                                             {"w", 7 * day},
                                                                             {"week", 7 * day},
                                                                             {"weeks", 7 * day},
                                                                             {"month", 30 * day},
                                                                             {"months", 30 * day}}};
  for (const auto& [name, seconds] : units) {
    if (name == word) return seconds;
  }
  return std::nullopt;
}

// "2 hours ago", "-2h", "90 s".
std::optional<std::int64_t> span_of(std::string_view text) {
  if (!text.empty() && text.front() == '-') text = trimmed(text.substr(1));
  if (text.size() > 4 && text.substr(text.size() - 4) == " ago") text = trimmed(text.substr(0, text.size() - 4));
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto count = number_of<std::int64_t>(text.substr(0, digits));
  const auto unit = unit_of(trimmed(text.substr(digits)));
  if (!count || !unit || *count > longest / *unit) return std::nullopt;
  return *count * *unit;
}

std::optional<std::int64_t> two(std::string_view text, std::size_t at, std::int64_t most) {
  if (text.size() < at + 2) return std::nullopt;
  const auto value = number_of<std::int64_t>(text.substr(at, 2));
  return value && *value >= 0 && *value <= most ? value : std::nullopt;
}

std::optional<std::int64_t> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number_of<int>(text.substr(0, 4));
  const auto month = two(text, 5, 12), date = two(text, 8, 31);
  if (!year || !month || !date) return std::nullopt;
  const std::chrono::year_month_day at{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                                       std::chrono::day(unsigned(*date))};
  if (!at.ok()) return std::nullopt;
  return std::chrono::sys_days(at).time_since_epoch().count() * day;
}

// "12:00", "12:00:30", "12:00:30.5Z"
std::optional<std::int64_t> time_of(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  text = text.substr(0, text.find('.'));
  const auto hour = two(text, 0, 23), minute = two(text, 3, 59);
  if (!hour || !minute || text[2] != ':' || (text.size() != 5 && text.size() != 8)) return std::nullopt;
  std::optional<std::int64_t> second = 0;
  if (text.size() == 8) second = text[5] == ':' ? two(text, 6, 60) : std::nullopt;
  if (!second) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

}  // namespace

std::optional<std::int64_t> since_of(std::string_view text, std::int64_t now) {
  text = trimmed(text);
  if (text == "now") return now;
  if (text == "today") return now / day * day;
  if (text == "yesterday") return now / day * day - day;
  if (!text.empty() && text.front() == '@') return number_of<std::int64_t>(text.substr(1));
  if (const auto span = span_of(text)) return now - *span;
  const auto date = day_of(text.substr(0, 10));
  if (!date || text.size() == 10) return date;
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  const auto time = time_of(text.substr(11));
  return time ? std::optional(*date + *time) : std::nullopt;
}

}  // namespace machine
