// What a session may use, by the names that berth.lua, POST /sessions and a session's record have for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "jail/options.hpp"
#include "service/error.hpp"

namespace berth::session {

struct Limits : jail::Limits {
  Limits() { wall_time = std::chrono::minutes(30); }
  std::uint64_t disk = 1'000'000'000;  // bytes that the workspace may take; 0: no bound
  bool operator==(const Limits& other) const;
};

struct LimitSetting {
  using Bytes = std::uint64_t Limits::*;
  using Count = std::uint32_t Limits::*;
  using Cores = double Limits::*;
  using Time = std::chrono::seconds Limits::*;
  enum class Measure { bytes, count, cores, time };

  const char* name;
  Measure measure;
  double least, most;  // whatever the operator says
  std::variant<Bytes, Count, Cores, Time> field;

  double of(const Limits& limits) const;
  void put(Limits& limits, double value) const;
  // "500MB", 500000000, 0.5, "10s", 10; null: it is no such thing.
  std::optional<double> parse(const nlohmann::json& given) const;
  std::string words(double value) const;
  nlohmann::json as_json(double value) const;
  std::string example() const;
};
const std::vector<LimitSetting>& limit_settings();

nlohmann::json limits_json(const Limits& limits);  // those that are none are left out
// `standard` with what is asked for in its place; a session may ask for less than `most`, where there is such. 422.
service::Result<Limits> limits_of(const nlohmann::json& asked, const Limits& standard, const Limits& most);

}  // namespace berth::session
