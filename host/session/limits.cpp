// One table of limits, and what follows from it.
#include "session/limits.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "jail/process.hpp"
#include "service/text.hpp"

namespace berth::session {

using nlohmann::json;
using service::Error;
using service::Result;
using Measure = LimitSetting::Measure;

namespace {

constexpr double kb = 1e3, mb = 1e6, tb = 1e12, day = 86'400;

template <class Field>
LimitSetting setting(const char* name, Measure measure, double least, double most, Field jail::Limits::*field) {
  return {name, measure, least, most, static_cast<Field Limits::*>(field)};
}

std::string range_of(const LimitSetting& setting, double most) {
  const char* kind = setting.measure == Measure::bytes  ? "a size"
                     : setting.measure == Measure::time ? "a time"
                                                        : "a number";
  return std::string(kind) + " from " + setting.words(setting.least) + " to " + setting.words(most);
}

}  // namespace

bool Limits::operator==(const Limits& other) const {
  const auto& all = limit_settings();
  return std::all_of(all.begin(), all.end(), [&](const auto& one) { return one.of(*this) == one.of(other); });
}

const std::vector<LimitSetting>& limit_settings() {
  static const std::vector<LimitSetting> all{
      setting("memory", Measure::bytes, 16 * mb, 100 * tb, &jail::Limits::memory),
      setting("processes", Measure::count, 8, 1e6, &jail::Limits::processes),
      setting("cpu", Measure::cores, 0.05, 1024, &jail::Limits::cores),
      setting("cpu_time", Measure::time, 1, 365 * day, &jail::Limits::cpu_time),
      setting("wall_time", Measure::time, 1, 365 * day, &jail::Limits::wall_time),
      setting("files", Measure::count, 16, 1e6, &jail::Limits::files),
      setting("file_size", Measure::bytes, 4 * kb, 100 * tb, &jail::Limits::file_size),
      setting("tmp", Measure::bytes, 64 * kb, tb, &jail::Limits::tmp),
      setting("shm", Measure::bytes, 64 * kb, tb, &jail::Limits::shm),
      {"disk", Measure::bytes, mb, 1000 * tb, &Limits::disk},
  };
  return all;
}

double LimitSetting::of(const Limits& limits) const {
  return std::visit(
      [&](const auto& member) {
        if constexpr (requires { (limits.*member).count(); })
          return static_cast<double>((limits.*member).count());
        else
          return static_cast<double>(limits.*member);
      },
      field);
}

void LimitSetting::put(Limits& limits, double value) const {
  std::visit(
      [&](const auto& member) {
        using Value = std::remove_reference_t<decltype(limits.*member)>;
        if constexpr (requires { (limits.*member).count(); })
          limits.*member = Value(static_cast<std::int64_t>(value));
        else
          limits.*member = static_cast<Value>(value);
      },
      field);
}

std::optional<double> LimitSetting::parse(const json& given) const {
  std::optional<double> value;
  if (given.is_number()) value = given.get<double>();
  if (given.is_string() && measure == Measure::bytes) {
    if (const auto bytes = service::parse_bytes(given.get<std::string>())) value = static_cast<double>(*bytes);
  }
  if (given.is_string() && measure == Measure::time) {
    if (const auto time = service::parse_duration(given.get<std::string>()))
      value = static_cast<double>(time->count()) / 1000;
  }
  if (value && (measure == Measure::cores ? !std::isfinite(*value) : *value != std::floor(*value))) return std::nullopt;
  return value;
}

std::string LimitSetting::words(double value) const {
  if (measure == Measure::bytes) return jail::round_bytes(static_cast<std::uint64_t>(value));
  const auto number = as_json(value).dump();
  return measure == Measure::time ? number + "s" : number;
}

json LimitSetting::as_json(double value) const {
  if (measure == Measure::cores) return value;
  return static_cast<std::uint64_t>(value);
}

std::string LimitSetting::example() const {
  return measure == Measure::bytes ? "\"500MB\"" : measure == Measure::time ? "\"10s\"" : "4";
}

json limits_json(const Limits& limits) {
  json all = json::object();
  for (const auto& one : limit_settings()) {
    if (const double value = one.of(limits); value > 0) all[one.name] = one.as_json(value);
  }
  return all;
}

Result<Limits> limits_of(const json& asked, const Limits& standard, const Limits& most) {
  Limits limits = standard;
  Error error{422, "invalid_input", "the limits are not what this host gives a session",
              "ask for less, or have the operator raise it: sessions { limits = { NAME = { …, most = … } } }"};
  for (const auto& item : asked.items()) {
    const std::string& name = item.key();
    const json& given = item.value();
    const auto& all = limit_settings();
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return name == one.name; });
    if (at == all.end()) {
      error.misfits.push_back({"/limits/" + name, "no such limit", given.dump()});
      continue;
    }
    const double top = at->of(most) > 0 ? at->of(most) : at->most;
    const auto value = at->parse(given);
    if (value && *value >= std::min(at->least, top) && *value <= top)
      at->put(limits, *value);
    else
      error.misfits.push_back({"/limits/" + name, range_of(*at, top), given.dump()});
  }
  if (!error.misfits.empty()) return error;
  return limits;
}

}  // namespace berth::session
