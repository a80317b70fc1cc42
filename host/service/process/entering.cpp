// System calls alone. The sanitizers stay outside: what they would note here, they would note about our own thread.
#include "service/process/entering.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#define BERTH_BARE __attribute__((no_sanitize("address", "undefined", "thread"), noinline))

namespace berth::service {

namespace {

// Ignored signals would stay ignored, and a handler of ours must never run here.
BERTH_BARE void forget_handlers() {
  const unsigned long plain[8] = {};  // the kernel's sigaction with SIG_DFL, whatever the order of its fields
  for (int signal = 1; signal <= 64; ++signal) ::syscall(SYS_rt_sigaction, signal, plain, nullptr, 8);
}

// Old kernels and some filters have no close_range().
BERTH_BARE void close_all(unsigned from, unsigned to) {
  if (::syscall(SYS_close_range, from, to, 0) == 0) return;
  for (unsigned fd = from; fd <= to && fd < 65536; ++fd) ::syscall(SYS_close, fd);
}

BERTH_BARE bool take_files(const Entering& how) {
  unsigned free = 0;  // the lowest number that nobody has yet
  for (std::size_t i = 0; i < how.file_count; ++i) {
    const auto number = static_cast<unsigned>(how.files[i].number);
    if (::syscall(SYS_dup3, how.files[i].fd, number, 0) < 0) return false;
    if (number > free) close_all(free, number - 1);
    free = number + 1;
  }
  close_all(free, ~0u);
  return true;
}

BERTH_BARE bool take_place(const Entering& how) {
  ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::syscall(SYS_getppid) != how.parent) ::syscall(SYS_exit_group, 127);
  ::syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if ((how.session ? ::syscall(SYS_setsid) : ::syscall(SYS_setpgid, 0, 0)) < 0) return false;
  if (!take_files(how)) return false;
  if (how.terminal && ::syscall(SYS_ioctl, 0, TIOCSCTTY, 0) < 0) return false;
  return !how.folder || ::syscall(SYS_chdir, how.folder) == 0;
}

}  // namespace

BERTH_BARE int enter(void* entering) {
  auto& how = *static_cast<Entering*>(entering);
  forget_handlers();
  bool well = take_place(how);
  for (std::size_t i = 0; well && i < how.bound_count; ++i)
    well = ::syscall(SYS_prlimit64, 0, how.bounds[i].what, &how.bounds[i].limit, nullptr) == 0;
  const unsigned long no_signals = 0;
  if (well) well = ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, nullptr, 8) == 0;
  if (well) ::syscall(SYS_execve, how.program, how.arguments, how.environment);
  how.failed = errno;
  ::syscall(SYS_exit_group, 127);
  return 127;
}

}  // namespace berth::service
