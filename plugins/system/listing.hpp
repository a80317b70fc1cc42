// What lies in a folder that may be read, and what is in a file there.
#pragma once

#include <berth/call.hpp>

#include <functional>

#include "places.hpp"

namespace machine {

using Gone = std::function<bool()>;  // whoever asked does not wait any more
berth::Json list_directories(const Places& places, const berth::Json& input, const Gone& gone);
berth::Json list_files(const Places& places, const berth::Json& input);
berth::Json read_file(const Places& places, const berth::Json& input);

}  // namespace machine
