// Compares what cannot change under a running host.
#include "command/restart.hpp"

namespace berth::command {

std::string after_a_restart(const Config& running, const Config& wanted, bool auth) {
  std::string names;
  const auto add = [&names](bool waits, const char* name) {
    if (waits) names += (names.empty() ? "" : ", ") + std::string(name);
  };
  add(running.jail_require != wanted.jail_require, "jail");
  add(running.log.least != wanted.log.least || running.log_json != wanted.log_json, "log");
  add(auth && !wanted.edge.auth, "auth(false)");
  add(running.edge.limits.threads != wanted.edge.limits.threads, "limits.threads of the host");
  return names;
}

}  // namespace berth::command
