// The network's interfaces, as this process's network namespace has them.
#pragma once

#include <berth/schema.hpp>

#include "tree.hpp"

namespace machine {

berth::Json tell_interfaces(const Trees& trees);

// How many leading bits of a mask are set: 24 of 255.255.255.0.
unsigned prefix_of(const unsigned char* mask, std::size_t bytes);

}  // namespace machine
