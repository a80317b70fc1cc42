// How a process ended, for programs and in words.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "service/process/launcher.hpp"

namespace berth::service {

enum class Cause {
  exited,
  killed,
  stopped,
  not_started,
  time_limit,  // its own, or its jail's
  output_limit,
  cpu_limit,
  file_size_limit,
  memory_limit,  // of its jail
  disk_quota     // of its workspace
};
std::string_view name_of(Cause cause);
std::string wall_clock_limit(std::chrono::milliseconds time);  // "wall-clock limit 2 s"

struct End {
  Cause cause = Cause::exited;
  int code = -1;      // exit code, if it exited
  int signal = 0;     // that ended it, if one did
  std::string words;  // "ended with exit code 7", "killed: wall-clock limit 2 s"
  std::chrono::microseconds wall{0}, user{0}, system{0};
  std::uint64_t peak_memory = 0;  // bytes, of it or the largest of its own children
  std::uint64_t output = 0;       // bytes that were read of it
};

struct Bounds {  // what we watch over ourselves; 0: none
  std::chrono::milliseconds time{0};
  std::uint64_t output = 0;
};

// `verdict` is what we ended it for, or `exited` if we did not.
End end_of(const Outcome& outcome, Cause verdict, const Bounds& bounds, const Limits& limits);

}  // namespace berth::service
