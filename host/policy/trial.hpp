// One policy, read and perhaps tested in a process like the host's own, without a host. Blocks until it is over.
#pragma once

#include <string>
#include <vector>

#include "policy/wire.hpp"

namespace berth::policy {

struct Tried {
  std::string failed;  // why it cannot be used; empty: it can
  Facts facts;
  std::vector<Tested> tests;
};
Tried try_policy(const std::string& program, Source source, bool with_tests);

}  // namespace berth::policy
