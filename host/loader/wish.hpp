// What the configuration says of one plugin.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "loader/own_jail_rules.hpp"
#include "loader/process/keeper.hpp"
#include "loader/services/grants.hpp"
#include "service/secret_source.hpp"

namespace berth::loader {

struct Wish {
  bool enabled = true;
  std::string file;  // a .so outside of the folders; may be empty
  nlohmann::json config = nlohmann::json::object();
  std::optional<bool> own_process;  // null: unless it is the host's own, and asks for none
  ProcessRules process;
  std::string where;
  Grants grants = {};
  JailGrants jail = {};
  service::SecretSources secrets = {};
  std::uint64_t files = 1u << 30;  // bytes that it may keep

  bool operator==(const Wish&) const = default;
};

// For calls and jobs of an instance that was reloaded or unloaded, if nobody says otherwise.
constexpr std::chrono::milliseconds usual_leave_time = std::chrono::hours(1);

// The configuration's word comes first; then what the plugin asks for; a stranger's has a process of its own.
inline bool runs_apart(const Wish& wish, bool first_party, bool asks) {
  return wish.own_process.value_or(asks || !first_party);
}

// Whether a plugin that runs as `one` says need not be loaded anew for `other`.
inline bool same(Wish one, const Wish& other) {
  one.where = other.where;
  one.process.stream_buffer = other.process.stream_buffer;  // which is changed while it runs
  return one == other;
}

}  // namespace berth::loader
