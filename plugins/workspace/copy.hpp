// workspace.copy: a file, or a folder with all that is in it.
#pragma once

#include "asked.hpp"

namespace workspace {

constexpr std::size_t most_copied = 100'000, most_copied_levels = 100;

berth::Json copy_entry(const Asked& asked);

}  // namespace workspace
