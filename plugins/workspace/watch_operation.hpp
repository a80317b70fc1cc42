// workspace.watch: what watch.hpp tells, as events.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"
#include "threads.hpp"

namespace workspace {

berth::Schema watch_input();
void watch(const Asked& asked, const berth::Call& call, Threads& threads);

}  // namespace workspace
