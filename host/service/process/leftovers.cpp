// The kernel has no list of a session's members, so all processes are looked at. Again while some were found, since one
// may have forked meanwhile.
#include "service/process/leftovers.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "service/unique_fd.hpp"

namespace berth::service {

namespace {

struct Seen {
  char state = 'Z';
  int leader = -1;
};

// "PID (NAME) STATE PARENT GROUP SESSION …", where the name may hold anything.
Seen look(int folder, const char* pid) {
  char text[512] = {};
  const UniqueFd file(::openat(folder, (std::string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  Seen seen;
  if (!file || ::read(file.get(), text, sizeof text - 1) <= 0) return seen;
  const char* rest = std::strrchr(text, ')');
  int parent = 0, group = 0;
  if (!rest || std::sscanf(rest + 1, " %c %d %d %d", &seen.state, &parent, &group, &seen.leader) != 4) return {};
  return seen;
}

bool kill_once(pid_t leader) {
  const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir("/proc"), &::closedir);
  bool found = false;
  while (const dirent* one = all ? ::readdir(all.get()) : nullptr) {
    const pid_t pid = std::atoi(one->d_name);
    if (pid <= 0 || pid == leader) continue;
    const Seen seen = look(::dirfd(all.get()), one->d_name);
    if (seen.leader != leader || seen.state == 'Z') continue;
    ::kill(pid, SIGKILL);
    found = true;
  }
  return found;
}

}  // namespace

void kill_leftovers(pid_t leader) {
  for (int round = 0; round < 5 && kill_once(leader); ++round) {
  }
}

}  // namespace berth::service
