// workspace.list, workspace.tree, workspace.stat: what there is.
#pragma once

#include "asked.hpp"

namespace workspace {

constexpr std::size_t usual_entries = 200, most_entries = 1000;  // of a page
constexpr std::size_t most_looked_at = 1'000'000;                // in one folder
constexpr std::size_t usual_nodes = 500, most_nodes = 5000;      // of a tree
constexpr std::size_t usual_depth = 3, most_depth = 16;

berth::Json list_folder(const Asked& asked);
berth::Json show_tree(const Asked& asked);
berth::Json show_facts(const Asked& asked);

}  // namespace workspace
