// Plain loops over text that somebody else may have written.
#include "fields.hpp"

#include <berth/output.hpp>

#include <cmath>
#include <cstdio>
#include <ctime>

namespace machine {

namespace {

constexpr std::string_view blanks = " \t\r\n";

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end != 0) lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (auto from = line.find_first_not_of(blanks); from != std::string_view::npos;
       from = line.find_first_not_of(blanks)) {
    line.remove_prefix(from);
    const auto end = line.find_first_of(blanks);
    words.push_back(line.substr(0, end));
    line.remove_prefix(words.back().size());
  }
  return words;
}

std::map<std::string, std::string, std::less<>> table_of(std::string_view text, char between) {
  std::map<std::string, std::string, std::less<>> table;
  for (const auto line : lines_of(text)) {
    const auto at = line.find(between);
    if (at == std::string_view::npos) continue;
    table.emplace(trimmed(line.substr(0, at)), trimmed(line.substr(at + 1)));
  }
  return table;
}

std::optional<double> decimal_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> bytes_of(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty()) return std::nullopt;
  const auto value = number_of<std::uint64_t>(words[0]);
  if (!value || words.size() == 1) return value;
  if (words[1] != "kB" || *value > UINT64_MAX / 1024) return std::nullopt;
  return *value * 1024;
}

std::string shown(std::string_view text, std::size_t most) {
  if (text.size() > most) text = text.substr(0, most).substr(0, berth::whole_size(text.substr(0, most)));
  std::string good = berth::clean(text);
  for (char& c : good) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return good;
}

std::string utc(std::int64_t seconds) {
  const std::time_t at = static_cast<std::time_t>(seconds);
  std::tm parts{};
  char text[40];
  if (::gmtime_r(&at, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return {};
  return text;
}

double rounded(double value) { return std::round(value * 10) / 10; }

}  // namespace machine
