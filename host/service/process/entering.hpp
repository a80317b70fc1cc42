// What a new process does between its birth and its program. It runs in our memory, on a stack that it was lent, while
// the thread that started it stands still: so it allocates nothing, takes no lock, and asks the kernel directly.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>

namespace berth::service {

struct Entering {
  struct File {
    int fd;      // above every `number`
    int number;  // ascending
  };
  struct Bound {
    int what;
    rlimit limit;
  };
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* folder = nullptr;
  const File* files = nullptr;
  std::size_t file_count = 0;
  const Bound* bounds = nullptr;
  std::size_t bound_count = 0;
  bool session = false;
  bool terminal = false;
  pid_t parent = -1;
  int failed = 0;  // errno, if it came to nothing
};

int enter(void* entering);  // returns only if the program could not be run

}  // namespace berth::service
