// The processes that this one can see: all of the machine, or of the container. Whoever asks may be an agent that is
// not to know what others do, and a command line often has a secret in it: it is told only where berth.lua says so.
#pragma once

#include <berth/schema.hpp>

#include <functional>

#include "tree.hpp"

namespace machine {

struct Looks {
  bool command_lines = false;
};

berth::Json tell_processes(const Trees& trees, const Looks& looks, const berth::Json& input);
berth::Json tell_process(const Trees& trees, const Looks& looks, const berth::Json& input);

}  // namespace machine
