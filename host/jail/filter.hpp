// The system calls that nothing in a jail may make, as a seccomp program.
#pragma once

#include <linux/filter.h>

#include <vector>

#include "service/error.hpp"

namespace berth::jail {

struct FilterRules {
  bool sockets = true;   // false: no network namespace keeps them in, so there are none
  bool sessions = true;  // false: the processes' session is what holds them together, and setsid does nothing
  bool alone = false;    // for one process that starts no others and reaches none: threads are all it may make
  bool nests = false;    // for programs that confine processes of their own, by namespaces and another root
  bool truncate = true;  // of that one: false where Landlock does not know it
};
service::Result<std::vector<sock_filter>> make_filter(const FilterRules& rules);

}  // namespace berth::jail
