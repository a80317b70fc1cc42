// What policies call by berth.call: in at the same door as everybody's calls, in the policy's own name.
#pragma once

#include "loader/desk/caller.hpp"
#include "policy/engine.hpp"

namespace berth::command {

void run_errand(loader::Caller& caller, policy::Engine::Errand errand);

}  // namespace berth::command
