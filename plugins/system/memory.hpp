// Memory and swap, in bytes, counted as `free` does.
#pragma once

#include <berth/schema.hpp>

#include <string_view>

#include "tree.hpp"

namespace machine {

berth::Json memory_of(std::string_view meminfo);
berth::Json tell_memory(const Trees& trees);

}  // namespace machine
