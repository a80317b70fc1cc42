// Which limit it was, where the kernel lets one tell.
#include "service/process/end.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "service/text.hpp"

namespace berth::service {

namespace {

std::chrono::microseconds time_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::string by_signal(const char* what, int signal) {
  const char* name = ::strsignal(signal);
  return what + (" by signal " + std::to_string(signal)) + " (" + (name ? name : "unknown") + ")";
}

Cause cause_of(const End& end, Cause verdict, const Limits& limits) {
  if (verdict != Cause::exited) return verdict;
  const auto used = end.user + end.system;
  if (limits.cpu_seconds > 0 &&
      (end.signal == SIGXCPU || (end.signal == SIGKILL && used >= std::chrono::seconds(limits.cpu_seconds))))
    return Cause::cpu_limit;
  if (limits.file_size > 0 && end.signal == SIGXFSZ) return Cause::file_size_limit;
  return end.signal != 0 ? Cause::killed : Cause::exited;
}

std::string words_of(const End& end, const Bounds& bounds, const Limits& limits) {
  switch (end.cause) {
    case Cause::time_limit: return "killed: " + wall_clock_limit(bounds.time);
    case Cause::output_limit: return "killed: output limit " + format_bytes(bounds.output);
    case Cause::cpu_limit: return "killed: CPU limit " + std::to_string(limits.cpu_seconds) + " s";
    case Cause::file_size_limit: return "killed: file size limit " + format_bytes(limits.file_size);
    case Cause::stopped:
      return end.signal != 0 ? by_signal("stopped", end.signal) : "stopped, with exit code " + std::to_string(end.code);
    case Cause::killed: return by_signal("was killed", end.signal);
    default: return "ended with exit code " + std::to_string(end.code);
  }
}

}  // namespace

std::string_view name_of(Cause cause) {
  switch (cause) {
    case Cause::exited: return "exited";
    case Cause::killed: return "killed";
    case Cause::stopped: return "stopped";
    case Cause::not_started: return "not_started";
    case Cause::time_limit: return "time_limit";
    case Cause::output_limit: return "output_limit";
    case Cause::cpu_limit: return "cpu_limit";
    case Cause::file_size_limit: return "file_size_limit";
    case Cause::memory_limit: return "memory_limit";
    case Cause::disk_quota: return "disk_quota";
  }
  return "exited";
}

std::string wall_clock_limit(std::chrono::milliseconds time) { return "wall-clock limit " + format_duration(time); }

End end_of(const Outcome& outcome, Cause verdict, const Bounds& bounds, const Limits& limits) {
  End end;
  const int status = outcome.status;
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.user = time_of(outcome.usage.ru_utime);
  end.system = time_of(outcome.usage.ru_stime);
  end.peak_memory = static_cast<std::uint64_t>(outcome.usage.ru_maxrss) * 1024;
  end.cause = cause_of(end, verdict, limits);
  end.words = words_of(end, bounds, limits);
  // Its jail knows more than the kernel says, unless it was we who ended it.
  const bool plain = end.cause == Cause::exited || end.cause == Cause::killed;
  if (outcome.words.empty() || !plain) return end;
  end.words = outcome.words;
  if (end.signal == SIGKILL && outcome.limit == "memory") end.cause = Cause::memory_limit;
  if (end.signal == SIGKILL && outcome.limit == "disk") end.cause = Cause::disk_quota;
  if (end.signal == SIGKILL && outcome.limit == "time") end.cause = Cause::time_limit;
  return end;
}

}  // namespace berth::service
