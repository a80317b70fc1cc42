// workspace.search: what search.hpp finds, as events.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"
#include "helpers.hpp"
#include "threads.hpp"

namespace workspace {

berth::Schema search_input();
void search(const Asked& asked, const berth::Call& call, Threads& threads, Helpers& helpers);

}  // namespace workspace
