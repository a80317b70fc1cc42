// Reads numbers, sizes and times.
#include "command/config_numbers.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

// A bare number of time is seconds. What is too large to be counted is too large for every setting.
std::optional<std::uint64_t> value_of(Unit unit, const json& given) {
  constexpr std::uint64_t too_large = std::numeric_limits<std::uint64_t>::max() / second;
  const bool is_time = unit == Unit::time;
  if (given.is_number_integer()) {
    if (given.get<std::int64_t>() < 0) return std::nullopt;
    const auto number = given.get<std::uint64_t>();
    return is_time ? std::min(number, too_large) * second : number;
  }
  if (given.is_number_float() && is_time && given.get<double>() >= 0)
    return static_cast<std::uint64_t>(std::min(given.get<double>() * second, 1e18));
  if (!given.is_string()) return std::nullopt;
  if (!is_time) return service::parse_bytes(given.get<std::string>());
  const auto time = service::parse_duration(given.get<std::string>());
  if (!time) return std::nullopt;
  return static_cast<std::uint64_t>(time->count());
}

std::string shown(Unit unit, std::uint64_t value) {
  if (unit == Unit::bytes) return service::format_bytes(value);
  if (unit == Unit::count) return std::to_string(value);
  return value % second == 0 ? std::to_string(value / second) + "s" : std::to_string(value) + "ms";
}

}  // namespace

std::optional<std::uint64_t> read_number(const Statement& statement, const json& given, const NumberSetting& setting) {
  const auto found = given.find(setting.name);
  if (found == given.end()) return std::nullopt;
  const auto value = value_of(setting.unit, *found);
  if (!value) {
    statement.complain(std::string(setting.name) +
                           (setting.unit == Unit::time ? " must be a time, such as \"10s\""
                                                       : " must be a number or a size, such as \"10MiB\"") +
                           ", not " + found->dump(),
                       setting.name);
    return std::nullopt;
  }
  if (*value >= setting.least && *value <= setting.most) return value;
  statement.complain(std::string(setting.name) + " must be from " + shown(setting.unit, setting.least) + " to " +
                         shown(setting.unit, setting.most),
                     setting.name);
  return std::nullopt;
}

}  // namespace berth::command
