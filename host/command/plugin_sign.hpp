// `berth plugin keygen|sign|verify`: whose a plugin is, for its author and for whoever installs it. No host is asked.
#pragma once

#include "command/arguments.hpp"
#include "command/commands.hpp"

namespace berth::command {

bool is_signing(const Arguments& arguments);  // whether the words are one of these three and what it wants
int run_signing(const Arguments& arguments);

}  // namespace berth::command
