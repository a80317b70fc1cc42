// posix_spawn of the memory file: the host has threads, so nothing else may run between the fork and the program.
#include "jail/inside_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "jail/inside/sheet.h"
#include "service/files.hpp"
#include "service/process/pointers.hpp"

extern "C" {
extern const char berth_inside_begin[] __attribute__((visibility("hidden")));
extern const char berth_inside_end[] __attribute__((visibility("hidden")));
}

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace berth::jail {

using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

Error cannot(const char* what, int why) {
  return {503, "jail_failed", std::string("cannot ") + what + ": " + std::strerror(why)};
}

UniqueFd memory_file() {
  int fd = ::memfd_create("berth-jail", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (fd < 0 && errno == EINVAL) fd = ::memfd_create("berth-jail", MFD_CLOEXEC | MFD_ALLOW_SEALING);  // Linux < 6.3
  return UniqueFd(fd);
}

// The descriptors of one start. They are moved out of the way first, since the place of one may be the number of
// another.
class Files {
 public:
  explicit Files(const InsideProgram::Start& what, int program) {
    posix_spawn_file_actions_init(&m_actions);
    posix_spawn_file_actions_addopen(&m_actions, 0, "/dev/null", O_RDWR, 0);
    if (what.output < 0) posix_spawn_file_actions_adddup2(&m_actions, 0, 1);
    if (what.output >= 0) place(what.output, 1);
    posix_spawn_file_actions_adddup2(&m_actions, 0, 2);
    for (std::size_t i = 0; i < what.first.size(); ++i) place(what.first[i], berth_fd_socket + static_cast<int>(i));
    place(program, berth_fd_program);
    for (std::size_t i = 0; i < what.rest.size(); ++i) place(what.rest[i], berth_fd_rest + static_cast<int>(i));
    posix_spawn_file_actions_addclosefrom_np(&m_actions, berth_fd_rest + static_cast<int>(what.rest.size()));
  }
  ~Files() { posix_spawn_file_actions_destroy(&m_actions); }
  Files(const Files&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &m_actions; }

 private:
  void place(int from, int to) {
    m_moved.emplace_back(::fcntl(from, F_DUPFD_CLOEXEC, berth_fd_rest + 2 * berth_most_mounts));
    posix_spawn_file_actions_adddup2(&m_actions, m_moved.back().get(), to);
  }
  posix_spawn_file_actions_t m_actions{};
  std::vector<UniqueFd> m_moved;
};

}  // namespace

Result<InsideProgram> InsideProgram::make() {
  UniqueFd file = memory_file();
  if (!file) return cannot("make a memory file", errno);
  const std::string_view bytes(berth_inside_begin, static_cast<std::size_t>(berth_inside_end - berth_inside_begin));
  if (const int why = service::write_all(file.get(), bytes)) return cannot("write a memory file", why);
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
    return cannot("seal a memory file", errno);
  return InsideProgram(std::move(file));
}

Result<pid_t> InsideProgram::start(const Start& what) const {
  const Files files(what, m_file.get());
  std::vector<std::string> words{"berth-jail", what.role};
  words.insert(words.end(), what.arguments.begin(), what.arguments.end());
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &all);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char* const nothing[] = {nullptr};
  pid_t pid = -1;
  const std::string path = "/proc/self/fd/" + std::to_string(berth_fd_program);
  const int failed = ::posix_spawn(&pid, path.c_str(), files.actions(), &how, service::pointers(words).data(), nothing);
  posix_spawnattr_destroy(&how);
  if (failed != 0) return cannot("start the jail's program", failed);
  return pid;
}

bool reap(pid_t child) {
  siginfo_t end{};
  while (::waitid(P_PID, static_cast<id_t>(child), &end, WEXITED) != 0) {
    if (errno != EINTR) return false;
  }
  return end.si_code == CLD_EXITED && end.si_status == 0;
}

}  // namespace berth::jail
