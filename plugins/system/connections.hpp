// Who is connected to whom, who listens, and which process that is, where it can be seen.
#pragma once

#include <berth/schema.hpp>

#include "sockets.hpp"

namespace machine {

berth::Json tell_connections(const Trees& trees, const berth::Json& input);
berth::Json tell_ports(const Trees& trees, const berth::Json& input);

// TCP that listens, and UDP that takes from anybody.
bool is_listening(const Socket& socket);

}  // namespace machine
