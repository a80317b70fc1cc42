// What a jail is to be, and what is to run in it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/process/launcher.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

struct Mount {
  enum class Kind {
    read_only,   // the source, which nobody inside can change
    read_write,  // the source; who may write what is up to its owners
    alias,       // what is at `source` inside, a second time
    link,        // a symbolic link to `source`
    file,        // a small file with `source` as its content
    hide,        // nothing: what is at the target cannot be seen
    scratch,     // an empty place in memory, of `size` bytes
  };
  Kind kind = Kind::read_only;
  std::string source, target;
  std::uint64_t size = 0;
  // Of read_write: what is the host's user's there is the agent's inside, and what the agent makes is the host's
  // user's. Where the kernel cannot do that for this file system, it stays as it is.
  bool lent = false;
};

struct Limits {
  std::uint64_t memory = 500'000'000;                 // of all processes together, /tmp and /dev/shm included; 0: none
  std::uint32_t processes = 256;                      // and threads; 0: none
  double cores = 0;                                   // 0: all
  std::chrono::seconds cpu_time{0};                   // of each process; 0: none
  std::chrono::seconds wall_time{0};                  // of each that is started, with its group; Process::expire
  std::uint64_t files = 1024;                         // open ones, of each process
  std::uint64_t file_size = 0;                        // 0: none
  std::uint64_t tmp = 100'000'000, shm = 64'000'000;  // what fits into /tmp and /dev/shm
};

enum class Network {
  none,      // connects fail at once
  loopback,  // the jail's own
  proxy,     // that, and a listener of the host's on it: Jail::proxy()
};

struct Options {
  std::string name;           // of the session: a-z A-Z 0-9 _ -
  std::vector<Mount> mounts;  // in their order, onto the system's
  std::vector<std::string> system = {"/usr", "/etc", "/opt", "/var/lib/texmf",
                                     "/var/cache/fontconfig"};  // read-only, if there
  Limits limits;
  Network network = Network::none;
  std::uint16_t proxy_port = 3128;
  // What runs here confines processes of its own (a browser): it may make namespaces of users, processes and networks,
  // change their root, and write into /proc what is its own; and no process has a limit of addresses.
  bool nests = false;
  std::optional<uid_t>
      user;  // the agent's, where it can be another than the host's; and the one after it, the keeper's
};

// The usual view of a workspace folder: upload/ and .store/ read-only, output/ and deploy/ read-write, all of it at
// /workspace and at the aliases.
std::vector<Mount> workspace_mounts(const std::string& folder, const std::vector<std::string>& aliases = {});

struct Plan {
  std::string program;                 // a path inside, or a name to look for on the plan's PATH
  std::vector<std::string> arguments;  // the first is the program's name for itself
  std::vector<std::string> environment;
  std::string folder = "/";       // where it starts
  std::vector<int> fds;           // become its descriptors 0, 1, 2 …, and it has no others; at most 16
  std::vector<int> numbers = {};  // that these have there instead, 0 to 255, none twice; as many as fds, or none
  bool terminal = false;          // descriptor 0 is a terminal, and becomes its controlling one
  // Of the program and of each process that comes of it; at most 8. They make the jail's own narrower, and never wider.
  std::vector<service::KernelLimit> limits = {};
};

}  // namespace berth::jail
