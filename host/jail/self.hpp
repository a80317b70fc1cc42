// What a process does to itself, for good, before it runs a stranger's code: it will start no program, make no process,
// reach into none, and find of the disk what it needs. Threads that it makes afterwards are born with it.
#pragma once

#include <string>
#include <vector>

namespace berth::jail {

struct SelfRules {
  std::vector<std::string> reads;  // files and folders, besides the system's
  std::vector<std::string> writes;
};

// Which layers are in force then: "no_new_privs", "capabilities", "landlock", "scopes", "seccomp". Those that this
// machine does not allow are missing. A sanitizer needs what seccomp refuses, so that its builds do without. While
// there is one thread.
std::vector<std::string> confine_self(const SelfRules& rules);

}  // namespace berth::jail
