// What a process that led a session of its own leaves behind, in whichever groups of it.
#pragma once

#include <sys/types.h>

namespace berth::service {

// Kills it all but the leader, who must not have been waited for: until then nobody else can have its number.
void kill_leftovers(pid_t leader);

}  // namespace berth::service
