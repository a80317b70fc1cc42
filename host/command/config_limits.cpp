// limits { body = "10MiB", header_time = "10s", connections = 4096, … }: every field of edge::Limits under its own
// name, and leave_time, which is the plugins'.
#include <algorithm>
#include <limits>
#include <variant>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"
#include "service/text.hpp"

namespace berth::command {

using edge::Limits;
using nlohmann::json;

namespace {

using Bytes = std::uint64_t Limits::*;
using Count = std::uint32_t Limits::*;
using Time = std::chrono::milliseconds Limits::*;
using Seconds = std::chrono::seconds Limits::*;
using PluginTime = std::chrono::milliseconds Config::*;

struct Setting {
  const char* name;
  std::variant<Bytes, Count, Time, Seconds, PluginTime> field;
  std::uint64_t least, most;  // bytes, a count, or milliseconds
};

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all{
      {"header", &Limits::header, kib, mib},
      {"fields", &Limits::fields, 8, 1000},
      {"target", &Limits::target, 256, 15 * kib},
      {"body", &Limits::body, kib, gib},
      {"upload", &Limits::upload, kib, 1024 * gib},
      {"stream_buffer", &Limits::stream_buffer, 4 * kib, gib},
      {"message", &Limits::message, kib, gib},
      {"connections", &Limits::connections, 1, 1'000'000},
      {"calls", &Limits::calls, 1, 1'000'000},
      {"threads", &Limits::threads, 1, 4096},
      {"header_time", &Limits::header_time, 100, day},
      {"idle_time", &Limits::idle_time, 100, day},
      {"handshake_time", &Limits::handshake_time, 100, day},
      {"body_stall", &Limits::body_stall, 100, day},
      {"body_rate", &Limits::body_rate, 1, gib},
      {"write_stall", &Limits::write_stall, 100, day},
      {"heartbeat", &Limits::heartbeat, 100, day},
      {"resume_time", &Limits::resume_time, 100, day},
      {"drain_time", &Limits::drain_time, 0, day},
      {"leave_time", &Config::leave_time, 100, 365 * day},
      {"idempotency_time", &Limits::idempotency_time, second, day},
      {"idempotency_keys", &Limits::idempotency_keys, 1, 1'000'000},
      {"upload_time", &Limits::upload_time, second, 365 * day},
  };
  return all;
}

Unit unit_of(const Setting& setting) {
  return setting.field.index() == 0 ? Unit::bytes : setting.field.index() == 1 ? Unit::count : Unit::time;
}

void store(Config& config, const Setting& setting, std::uint64_t value) {
  Limits& limits = config.edge.limits;
  switch (setting.field.index()) {
    case 0: limits.*std::get<Bytes>(setting.field) = value; break;
    case 1: limits.*std::get<Count>(setting.field) = static_cast<std::uint32_t>(value); break;
    case 2: limits.*std::get<Time>(setting.field) = std::chrono::milliseconds(value); break;
    case 3: limits.*std::get<Seconds>(setting.field) = std::chrono::seconds(value / second); break;
    default: config.*std::get<PluginTime>(setting.field) = std::chrono::milliseconds(value); break;
  }
}

}  // namespace

std::vector<std::string> limit_names() {
  std::vector<std::string> names;
  for (const auto& setting : settings()) names.emplace_back(setting.name);
  return names;
}

void read_limits(Config& config, const Statement& statement, const json& given) {
  statement.check_keys(given, limit_names());
  for (const auto& setting : settings()) {
    const auto value = read_number(statement, given, {setting.name, unit_of(setting), setting.least, setting.most});
    if (value) store(config, setting, *value);
  }
}

}  // namespace berth::command
