// The Python side, as it is carried in the plugin: python/ is its folder.
#pragma once

#include <string>

#include <berth/fd.hpp>

namespace kernel {

// What is run: boot.py, which takes the rest from a descriptor.
std::string engine_boot();
// What becomes a kernel of somebody else's: foreign/launch.py.
std::string engine_launch();
// A file in memory with all the rest.
berth::Fd engine_sources();

}  // namespace kernel
