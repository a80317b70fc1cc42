// What we ended it for counts only where that ended it: it may have ended by itself just before.
#include "outcome.hpp"

namespace shell {

using berth::Json;

namespace {

std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

std::string reason_of(const berth::End& end, Why why, std::chrono::milliseconds timeout) {
  if (end.cause == "stopped" && why == Why::timeout)
    return "stopped: the time limit of " + seconds(timeout) + " was reached";
  if (end.cause == "stopped" && why == Why::session) return "stopped: the session has ended";
  if (end.cause == "stopped" && why == Why::deleted) return "stopped: somebody deleted it";
  const bool plain = end.cause == "exited" && end.words == "ended with exit code " + std::to_string(end.code);
  return plain ? "" : end.words;
}

}  // namespace

Outcome outcome_of(const berth::End& end, Why why, std::chrono::milliseconds timeout) {
  Outcome outcome;
  outcome.reason = reason_of(end, why, timeout);
  outcome.took = end.wall;
  outcome.started = end.cause != "not_started";
  if (!outcome.started) return outcome;
  outcome.returncode = end.signal != 0 ? -end.signal : end.code;
  outcome.timed_out = end.cause == "stopped" && why == Why::timeout;
  if (outcome.timed_out)
    outcome.status = "timeout";
  else if (end.cause != "exited")
    outcome.status = "killed";
  else
    outcome.status = end.code == 0 ? "completed" : "failed";
  return outcome;
}

berth::Error not_started(bool by_shell, const std::string& reason) {
  const auto says = [&reason](const char* words) { return reason.find(words) != std::string::npos; };
  if (says("enter the folder"))
    return {503, "not_started", reason, "if it is the folder that is gone: POST /shell/cd goes to another one"};
  if (!by_shell && (says("cannot run ") || says("cannot start ")))
    return {422, "not_started", reason,
            "`argv` begins with a program: its path, or its name in the PATH of GET /shell/env"};
  return {503, "not_started", reason, "try again in a moment; GET /processes lists what this session runs meanwhile"};
}

Json facts_of(const Outcome& outcome) {
  Json facts{{"status", outcome.status},
             {"returncode", outcome.returncode ? Json(*outcome.returncode) : Json()},
             {"timing_ms", static_cast<double>(outcome.took.count()) / 1000},
             {"timed_out", outcome.timed_out}};
  if (!outcome.reason.empty()) facts["reason"] = outcome.reason;
  return facts;
}

}  // namespace shell
