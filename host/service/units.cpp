// Sizes, durations and moments as people write and read them.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>

#include "service/text.hpp"

namespace berth::service {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::array<Unit, 10> byte_units = {{{"", 1},
                                              {"B", 1},
                                              {"KiB", std::uint64_t{1} << 10},
                                              {"MiB", std::uint64_t{1} << 20},
                                              {"GiB", std::uint64_t{1} << 30},
                                              {"TiB", std::uint64_t{1} << 40},
                                              {"KB", 1'000},
                                              {"MB", 1'000'000},
                                              {"GB", 1'000'000'000},
                                              {"TB", 1'000'000'000'000}}};

constexpr std::array<Unit, 6> time_units = {
    {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

// "12 KiB" with the given units; nullopt also for what does not fit below `most`.
template <std::size_t N>
std::optional<std::uint64_t> parse_amount(std::string_view text, const std::array<Unit, N>& units, std::uint64_t most) {
  std::uint64_t amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc{}) return std::nullopt;
  std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (rest.size() > 1 && rest.front() == ' ') rest.remove_prefix(1);
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return equal_fold(u.name, rest); });
  if (unit == units.end() || amount > most / unit->size) return std::nullopt;
  return amount * unit->size;
}

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
  if (text.size() < at + count) return false;
  const char* begin = text.data() + at;
  if (*begin < '0' || *begin > '9') return false;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  return error == std::errc{} && end == begin + count;
}

// ".123" as milliseconds; more digits are read and cut.
std::optional<std::chrono::milliseconds> parse_fraction(std::string_view text) {
  if (text.empty()) return std::chrono::milliseconds(0);
  if (text.size() < 2 || text.size() > 10 || text[0] != '.') return std::nullopt;
  int value = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    if (i <= 3) value = value * 10 + (text[i] - '0');
  }
  for (std::size_t i = text.size(); i <= 3; ++i) value *= 10;
  return std::chrono::milliseconds(value);
}

void put_digits(char* to, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  return parse_amount(text, byte_units, std::numeric_limits<std::uint64_t>::max());
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  // A bound that still fits when somebody counts it in nanoseconds: about 292 years.
  const auto amount = parse_amount(text, time_units, std::numeric_limits<std::int64_t>::max() / 1'000'000);
  if (!amount) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*amount));
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> names = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1023.95 && unit + 1 < names.size(); ++unit) value /= 1024;
  char text[48];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string number = text;
  if (number.ends_with(".0")) number.resize(number.size() - 2);
  return number + ' ' + names[unit];
}

std::string format_duration(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s" : std::to_string(time.count()) + " ms";
}

std::string format_time(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const auto in_day = static_cast<unsigned>(floor<milliseconds>(at - day).count());
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  put_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  put_digits(text.data() + 11, in_day / 3'600'000, 2);
  put_digits(text.data() + 14, in_day / 60'000 % 60, 2);
  put_digits(text.data() + 17, in_day / 1000 % 60, 2);
  put_digits(text.data() + 20, in_day % 1000, 3);
  return text;
}

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const bool read = read_digits(text, 0, 4, y) && read_digits(text, 5, 2, mo) && read_digits(text, 8, 2, d) &&
                    read_digits(text, 11, 2, h) && read_digits(text, 14, 2, mi) && read_digits(text, 17, 2, s);
  const auto fraction = parse_fraction(text.substr(19, text.size() - 20));
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  // Within what the clock can count in nanoseconds: 1678 to 2261.
  if (!read || !fraction || !date.ok() || y < 1700 || y > 2200 || h > 23 || mi > 59 || s > 59) return std::nullopt;
  return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + *fraction;
}

}  // namespace berth::service
