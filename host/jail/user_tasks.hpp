// Processes and threads as /proc has them: for jails that no namespace holds together, and that no control group
// counts.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace berth::jail {

std::uint64_t tasks_of(uid_t user);                      // all its processes' threads
std::vector<pid_t> processes_of_session(pid_t session);  // in the kernel's sense: those whose session is that number
std::vector<pid_t> processes_of_user(uid_t user);
std::vector<pid_t> processes_of_namespace(const std::string& pid_namespace);
std::string pid_namespace_of(pid_t pid);  // "pid:[4026531836]"; empty: it may not be looked at

struct TaskUse {
  std::uint64_t threads = 0, memory = 0;  // bytes; of what it shares with others its part
  std::uint64_t cpu_time = 0;             // microseconds, with its children that it has waited for
};
std::optional<TaskUse> use_of(pid_t pid);  // null: it is gone, or may not be looked at

}  // namespace berth::jail
