// What the operator decides about sessions; filled by the configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "jail/options.hpp"
#include "service/proxy/allow_list.hpp"
#include "session/limits.hpp"

namespace berth::session {

struct Settings {
  std::uint32_t most = 100;        // sessions besides main
  std::chrono::seconds ttl{3600};  // without a call, if POST /sessions does not say
  std::chrono::seconds most_ttl{30 * 86'400};
  Limits limits;                     // if POST /sessions does not say, and main's
  Limits most_limits;                // what it may say; where it is none, the machine is the limit
  std::vector<std::string> aliases;  // of /workspace inside
  jail::Network network = jail::Network::none;
  service::proxy::AllowList allow;  // where a session may go, if that is a proxy
};

}  // namespace berth::session
