// Each attempt is one that works without confinement, for root at least.
#include "reach.hpp"

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>

namespace {

char* const no_texts[] = {nullptr};

std::string why(long result) { return result < 0 ? std::string(strerrorname_np(errno)) : "done"; }
std::string open_it(const std::string& path, int how) {
  const int fd = ::open(path.c_str(), how | O_CLOEXEC, 0600);
  const std::string said = why(fd);
  if (fd >= 0) ::close(fd);
  return said;
}

std::string forked(pid_t child) {
  if (child == 0) ::_exit(0);
  const std::string said = why(child);
  if (child > 0) ::waitpid(child, nullptr, 0);
  return said;
}

std::string spawned() {
  pid_t child = -1;
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  const int failed = ::posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, no_texts);
  return failed == 0 ? "done" : strerrorname_np(failed);
}

std::string from_thread() {
  std::string said;
  std::thread([&said] { said = why(::execve("/bin/false", no_texts, no_texts)); }).join();
  return said;
}

std::string read_memory(int host) {
  char room[16];
  iovec here{room, sizeof room}, there{reinterpret_cast<void*>(0x400000), sizeof room};
  return why(::process_vm_readv(host, &here, 1, &there, 1, 0));
}

std::string lower_limit(int host) {
  rlimit now{};
  if (::prlimit(host, RLIMIT_NOFILE, nullptr, &now) != 0) return why(-1);
  return why(::prlimit(host, RLIMIT_NOFILE, &now, nullptr));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reach(int host, const std::string& state, const std::string& token) {
  const std::string proc = "/proc/" + std::to_string(host);
  return {
      {"execve", why(::execve("/bin/false", no_texts, no_texts))},
      {"execve from a thread", from_thread()},
      {"execveat", why(::syscall(SYS_execveat, AT_FDCWD, "/bin/false", no_texts, no_texts, 0))},
      {"fork", forked(::fork())},
      {"clone", forked(static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0)))},
      {"posix_spawn", spawned()},
      {"system", ::system("true") == 0 ? "done" : "EPERM"},
      {"popen", ::popen("true", "r") ? "done" : "EPERM"},
      {"ptrace", why(::ptrace(PTRACE_SEIZE, host, nullptr, nullptr))},
      {"kill", why(::kill(host, 0))},
      {"pidfd_open", why(::syscall(SYS_pidfd_open, host, 0))},
      {"process_vm_readv", read_memory(host)},
      {"prlimit", lower_limit(host)},
      {"mount", why(::mount("none", "/mnt", "tmpfs", 0, nullptr))},
      {"unshare", why(::unshare(CLONE_NEWUSER))},
      {"outlive", why(::prctl(PR_SET_PDEATHSIG, 0))},
      {"read the token", open_it(token, O_RDONLY)},
      {"read the tokens", open_it(state + "/tokens.json", O_RDONLY)},
      {"list the state", open_it(state, O_RDONLY | O_DIRECTORY)},
      {"write the state", open_it(state + "/new", O_WRONLY | O_CREAT)},
      {"write a library", open_it(state + "/plugins/new.so", O_WRONLY | O_CREAT)},
      {"list others' data", open_it(state + "/data", O_RDONLY | O_DIRECTORY)},
      {"write others' data", open_it(state + "/data/probe", O_WRONLY | O_CREAT)},
      {"list the libraries", open_it(state + "/plugins", O_RDONLY | O_DIRECTORY)},
      {"read the host's environment", open_it(proc + "/environ", O_RDONLY)},
      {"write the host's memory", open_it(proc + "/mem", O_RDWR)},
      {"read the shadow file", open_it("/etc/shadow", O_RDONLY)},
      {"write the machine's tmp", open_it("/tmp/berth-villain-was-here", O_WRONLY | O_CREAT)},
      {"make a device", why(::mknod((state + "/device").c_str(), S_IFCHR | 0600, 0x101))},
  };
}
