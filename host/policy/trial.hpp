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
// What a policy says of questions, asked one after the other; `hooks` and `id` of each are found here.
struct Judged {
  std::size_t question = 0;
  Step step;
};
struct TriedCalls {
  std::string failed;  // why it could not be asked, or not any further
  std::vector<Judged> judged;
};
TriedCalls try_calls(const std::string& program, Source source, std::vector<Question> questions);

Tried try_policy(const std::string& program, Source source, bool with_tests);

}  // namespace berth::policy
