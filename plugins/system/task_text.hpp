// The files in /proc/PID, read as text that anybody may have a hand in: a process chooses its own name, blanks,
// brackets and line feeds included.
#pragma once

#include <berth/schema.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machine {

struct TaskStat {
  std::int64_t pid = 0, parent = 0;
  std::string name;
  char state = '?';
  std::uint64_t ticks = 0;  // of processors, used so far, by itself
  std::int64_t nice = 0;
  std::uint64_t threads = 0;
  std::uint64_t begun = 0;  // ticks after the machine's start
  std::uint64_t virtual_size = 0, resident_pages = 0;
};
// The name ends at the last bracket: what follows is numbers.
std::optional<TaskStat> task_stat_of(std::string_view stat);

std::string state_word(char state);

struct TaskStatus {
  std::optional<unsigned> user;  // the effective one
  std::uint64_t peak = 0, shared = 0, swap = 0, data = 0;
};
TaskStatus task_status_of(std::string_view status);

// "Max open files  1024  1048576  files": [{name, soft, hard, unit}]; "unlimited" is null.
berth::Json limits_of(std::string_view limits);

// Zeros between arguments become blanks; at most 4096 bytes.
std::string command_of(std::string_view cmdline);

}  // namespace machine
