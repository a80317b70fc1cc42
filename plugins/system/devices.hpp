// Block devices with their parts and where they are mounted; and what else is built in.
#pragma once

#include <berth/schema.hpp>

#include "tree.hpp"

namespace machine {

berth::Json tell_devices(const Trees& trees);
berth::Json tell_hardware(const Trees& trees);

// A name of the kernel's: "loop0" is a loop, "dm-1" is mapped, "sda" a disk.
std::string kind_of_device(std::string_view name, bool removable);

}  // namespace machine
