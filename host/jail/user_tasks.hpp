// Processes and threads as /proc has them, for jails that no namespace holds together.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace berth::jail {

std::uint64_t tasks_of(uid_t user);                      // all its processes' threads
std::vector<pid_t> processes_of_session(pid_t session);  // in the kernel's sense: those whose session is that number

}  // namespace berth::jail
