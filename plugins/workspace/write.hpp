// workspace.write and workspace.append.
#pragma once

#include "asked.hpp"

namespace workspace {

constexpr std::size_t most_content = 16u << 20;  // bytes that one call may bring; more is an upload

berth::Json write_file(const Asked& asked);
berth::Json append_file(const Asked& asked);

}  // namespace workspace
