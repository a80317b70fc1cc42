// One call of an operation, of whatever kind, from its start to its end.
#pragma once

#include "subject.hpp"

namespace berth::check {

struct Played {
  Answer answer;
  bool cancelled = false;  // because it had not ended by itself in time
  bool over = false;       // at last
};

// Long enough to see something of it; then the client leaves, and the call has 5 s to end.
Played play(Trial& trial, const Json& operation, const Json& input, Milliseconds patience = Milliseconds(1000));

// "the operation threw: …", from the log, or what the failure itself says.
std::string reason_of(Trial& trial, const Answer& answer);
bool is_plugin_error(const Answer& answer);      // what the SDK and the host make of an exception
bool until_over(Trial& trial, berth_call call);  // 5 s

}  // namespace berth::check
