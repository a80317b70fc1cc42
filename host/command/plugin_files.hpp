// The plugins that a host with this configuration would find.
#pragma once

#include <string>
#include <vector>

#include "loader/finder.hpp"

namespace berth::command {

std::vector<loader::Found> plugin_files(const std::string& config);  // empty: the usual places

}  // namespace berth::command
