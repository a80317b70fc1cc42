// How a process is started, and in whose hands it is. The host's own programs are started by a PlainLauncher; what
// plugins ask for goes another way, through a jail, and its launcher is theirs.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

struct Limits {              // 0: none. The kernel's own, for each process that comes of it
  std::uint64_t memory = 0;  // address space; what does not fit is refused to the program
  std::uint64_t file_size = 0;
  std::uint64_t cpu_seconds = 0;
  std::uint64_t open_files = 0;
  std::uint64_t processes = 0;  // of the same user, as the kernel counts them; nothing to root
};

// They set RLIMIT_…, soft and hard.
struct KernelLimit {
  int what;
  std::uint64_t soft, hard;
};
std::vector<KernelLimit> kernel_limits(const Limits& limits);

struct Order {
  struct File {
    UniqueFd fd;
    int number = -1;  // that it has there
  };
  std::string program;                   // a path, or a name that is looked for in the order's own PATH
  std::vector<std::string> arguments;    // the first is the program's name for itself
  std::vector<std::string> environment;  // all of it, "NAME=value"
  std::string folder;                    // where it starts; empty: where we are, or where a jail has people begin
  std::vector<File> files;               // all that it inherits; 0, 1 and 2 that are missing become /dev/null
  bool leader = false;                   // of a session in the kernel's sense, which ends with it; otherwise of a group
  bool terminal = false;  // descriptor 0 is a terminal's master; the program gets its other side, as its session's
  Limits limits;
  // For launchers that know jails:
  std::string session = {};  // whose jail; empty: that of whoever asks
  bool inherit = false;      // what of the host's environment programs cannot do without comes on top
  bool stays = false;        // a jail's wall-clock limit is not for it
};

// How it ended.
struct Outcome {
  int status = 0;  // as wait4() gives it
  rusage usage{};
  // Of a jail, that was hit: "memory", "pids", "cpu"; or what it was ended for: "time", "disk", "session".
  std::string limit = {};
  std::string words = {};  // of that; empty: none was
};

// How often the jail of a process has run into its limits, since it was opened.
struct Hits {
  bool memory_counted = false, processes_counted = false;  // by somebody
  std::uint64_t memory = 0;                                // processes that were killed for it
  std::uint64_t processes = 0;                             // that were refused
  std::string memory_limit = {};                           // in words
};

// A process that was asked for. It ends with this object, with its whole group, and is not heard any more.
class Running {
 public:
  virtual ~Running() = default;
  virtual void signal(int number) = 0;  // to its group; once it is there
  virtual void look() {}                // at its jail's limits, if it is in one: Ears::hits tells
};

class Launcher {
 public:
  struct Ears {  // on the I/O thread
    // `terminal`: another master than the order's, to take its place; usually none.
    std::function<void(pid_t, UniqueFd terminal)> started;
    std::function<void(Result<Outcome>)> ended;  // once; an Error: it could not be started
    std::function<void(const Hits&)> hits = {};  // for each look(), unless it has ended meanwhile
  };
  virtual ~Launcher() = default;
  // On the I/O thread. An Error: it is known at once that it cannot be, and nothing will be heard. `started` may be
  // heard before this returns, `ended` never.
  virtual Result<std::unique_ptr<Running>> launch(Order order, Ears ears) = 0;
};

}  // namespace berth::service
