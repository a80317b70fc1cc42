// The kernel's files are lines of words, numbers and `key: value`. Nothing here believes that a text is as it should
// be.
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace machine {

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);  // without their ends, and without empty ones
std::vector<std::string_view> words_of(std::string_view line);  // what blanks and tabs are between

// `key: value` of each line, trimmed; of a key that comes twice the first.
std::map<std::string, std::string, std::less<>> table_of(std::string_view text, char between = ':');

// The whole text, or nothing.
template <class Number>
std::optional<Number> number_of(std::string_view text, int base = 10) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}
std::optional<double> decimal_of(std::string_view text);
// "123 kB", as /proc/meminfo and /proc/PID/status say it, in bytes.
std::optional<std::uint64_t> bytes_of(std::string_view text);

// For an answer: whole characters and no control ones, at most so many bytes.
std::string shown(std::string_view text, std::size_t most = 256);

std::string utc(std::int64_t seconds);
double rounded(double value);  // to a tenth

}  // namespace machine
