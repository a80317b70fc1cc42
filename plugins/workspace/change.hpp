// workspace.move, workspace.delete, workspace.mkdir.
#pragma once

#include "asked.hpp"

namespace workspace {

berth::Json move_entry(const Asked& asked);
berth::Json delete_entry(const Asked& asked);
berth::Json make_folder(const Asked& asked);
// Throws an Error (403) for the workspace and its four folders.
void demand_not_fixed(const Place& place, const char* what);

}  // namespace workspace
