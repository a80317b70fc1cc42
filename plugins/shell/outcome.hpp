// How a command ended, in the words of an answer.
#pragma once

#include <berth/call.hpp>
#include <berth/service/process.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace shell {

enum class Why { nothing, timeout, left, session, deleted };  // what we ended it for

struct Outcome {
  bool started = true;            // otherwise `reason` is all there is
  std::string status;             // "completed", "failed", "timeout", "killed"
  std::optional<int> returncode;  // of a signal its number, negative
  std::string reason;             // empty: it ended by itself
  bool timed_out = false;
  std::chrono::microseconds took{0};
};

Outcome outcome_of(const berth::End& end, Why why, std::chrono::milliseconds timeout);
// What never began: 422 where it is the program that cannot be run, of those that the client named itself.
berth::Error not_started(bool by_shell, const std::string& reason);
berth::Json facts_of(const Outcome& outcome);  // the fields of an answer

}  // namespace shell
