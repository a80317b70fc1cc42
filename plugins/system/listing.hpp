// What lies in a folder that may be read, and what is in a file there.
#pragma once

#include <berth/call.hpp>

#include "places.hpp"

namespace machine {

berth::Json list_directories(const Places& places, const berth::Call& call);
berth::Json list_files(const Places& places, const berth::Json& input);
berth::Json read_file(const Places& places, const berth::Json& input);

}  // namespace machine
