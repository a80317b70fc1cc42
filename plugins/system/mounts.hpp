// What is mounted where, as /proc/self/mountinfo says it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace machine {

struct Mount {
  std::string device;  // "major:minor"
  std::string at, type, source;
  bool read_only = false;
  bool behind = false;  // one that is not local is at or above it: the way to it goes through that
};
std::vector<Mount> mounts_of(std::string_view mountinfo);

// Whose file system is the kernel's alone, as is all of the way to it but the root, so that asking it for its size
// never waits for a server, a program or a person.
bool is_local(const Mount& mount);
// Which keeps no files of anybody: of no size by nature.
bool is_pseudo(const Mount& mount);

}  // namespace machine
