// How a process is started. Everything that Berth starts goes through a Launcher, so that a jail can take the plain
// one's place and confine it all.
#pragma once

#include <sys/types.h>

#include <cstdint>
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

struct Order {
  struct File {
    UniqueFd fd;
    int number = -1;  // that it has there
  };
  std::string program;                   // a path, or a name that is looked for in the order's own PATH
  std::vector<std::string> arguments;    // the first is the program's name for itself
  std::vector<std::string> environment;  // all of it, "NAME=value"
  std::string folder;                    // where it starts; empty: where we are
  std::vector<File> files;               // all that it inherits; 0, 1 and 2 that are missing become /dev/null
  bool session = false;                  // of its own, otherwise a group of its own
  bool terminal = false;                 // descriptor 0 is a terminal, and becomes its session's
  Limits limits;
};

struct Started {
  pid_t pid = -1;
  UniqueFd handle;  // a pidfd
};

class Launcher {
 public:
  virtual ~Launcher() = default;
  // On the I/O thread alone: the kernel ends such a process with the thread that started it, and that one stays.
  virtual Result<Started> launch(Order order) = 0;
};

class PlainLauncher : public Launcher {
 public:
  Result<Started> launch(Order order) override;
};

}  // namespace berth::service
