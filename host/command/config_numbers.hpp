// Settings that are a number, a size or a time, each with its bounds.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "command/setting.hpp"

namespace berth::command {

enum class Unit { bytes, count, time };  // of a time, milliseconds
inline constexpr std::uint64_t kib = 1024, mib = kib * 1024, gib = mib * 1024, second = 1000, day = 86'400 * second;

struct NumberSetting {
  const char* name;
  Unit unit;
  std::uint64_t least, most;
};

// What `given` has under that name; null: nothing, or nothing good, which is complained of.
std::optional<std::uint64_t> read_number(const Statement& statement, const nlohmann::json& given,
                                         const NumberSetting& setting);

}  // namespace berth::command
