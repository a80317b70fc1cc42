// What of a changed configuration waits for the next start.
#pragma once

#include <string>

#include "command/config.hpp"

namespace berth::command {

// The settings by name, "log, jail"; empty: all of it is applied. `auth`: whether the running host asks for tokens.
std::string after_a_restart(const Config& running, const Config& wanted, bool auth);

}  // namespace berth::command
