// Each attempt is one that works without confinement, for root at least.
#include "reach.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <mqueue.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
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

std::string paired(int type) {
  int ends[2];
  const std::string said = why(::socketpair(AF_UNIX, type, 0, ends));
  if (said != "done") return said;
  for (const int end : ends) ::close(end);
  return said;
}

std::string socketed() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::string said = why(fd);
  if (fd >= 0) ::close(fd);
  return said;
}

// Something that the host is told of by a signal.
std::string own_by(int host, int command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return why(-1);
  const f_owner_ex owner{F_OWNER_PID, host};
  const std::string said = command == F_SETOWN   ? why(::fcntl(ends[0], command, host))
                           : command == F_SETSIG ? why(::fcntl(ends[0], command, SIGUSR1))
                                                 : why(::fcntl(ends[0], command, &owner));
  for (const int end : ends) ::close(end);
  return said;
}

std::string idle(int host) {
  const sched_param none{};
  return why(::sched_setscheduler(host, SCHED_IDLE, &none));
}

std::string move_to_one_processor(int host) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  return why(::sched_setaffinity(host, sizeof one, &one));
}

std::string make_undumped(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return why(fd);
  int flags = FS_NODUMP_FL;
  const std::string said = why(::ioctl(fd, FS_IOC_SETFLAGS, &flags));
  ::close(fd);
  return said;
}

// What can be changed of files that it may at most read; `file` belongs to the user of both.
std::vector<std::pair<std::string, std::string>> attributes(const char* file) {
  return {
      {"change a mode", why(::chmod(file, 0666))},
      {"change an owner", why(::chown(file, ::geteuid(), ::getegid()))},
      {"change a link's owner", why(::lchown(file, ::geteuid(), ::getegid()))},
      {"set an attribute", why(::setxattr(file, "user.berth", "x", 1, 0))},
      {"remove an attribute", why(::removexattr(file, "user.berth"))},
      {"change times", why(::utimensat(AT_FDCWD, file, nullptr, 0))},
      {"cut a file off", why(::truncate(file, 0))},
      {"set a flag", make_undumped("/etc/passwd")},
  };
}

// Where processes of one user meet, and what one can take from another.
std::vector<std::pair<std::string, std::string>> meetings(int host) {
  return {
      {"a Unix socket", socketed()},
      {"a pair for datagrams", paired(SOCK_DGRAM)},
      {"shared memory", why(::shmget(0x6265, 4096, IPC_CREAT | 0600))},
      {"a queue", why(::mq_open("/berth-villain", O_RDONLY))},
      {"a semaphore", why(::semget(0x6265, 1, IPC_CREAT | 0600))},
      {"lower its priority", why(::setpriority(PRIO_PROCESS, static_cast<id_t>(host), 19))},
      {"lower all priorities", why(::setpriority(PRIO_USER, 0, 19))},
      {"lower its disk's priority", why(::syscall(SYS_ioprio_set, 1, host, 3 << 13))},
      {"make it idle", idle(host)},
      {"move it", move_to_one_processor(host)},
      {"F_SETOWN", own_by(host, F_SETOWN)},
      {"F_SETSIG", own_by(host, F_SETSIG)},
      {"F_SETOWN_EX", own_by(host, F_SETOWN_EX)},
  };
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reach(int host, const std::string& state, const std::string& token) {
  const std::string proc = "/proc/" + std::to_string(host);
  std::vector<std::pair<std::string, std::string>> all{
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
      {"list another's data", open_it(state + "/data/probe", O_RDONLY | O_DIRECTORY)},
      {"write another's data", open_it(state + "/data/probe/new", O_WRONLY | O_CREAT)},
      {"list the libraries", open_it(state + "/plugins", O_RDONLY | O_DIRECTORY)},
      {"read the host's environment", open_it(proc + "/environ", O_RDONLY)},
      {"write the host's memory", open_it(proc + "/mem", O_RDWR)},
      {"read the shadow file", open_it("/etc/shadow", O_RDONLY)},
      {"write the machine's tmp", open_it("/tmp/berth-villain-was-here", O_WRONLY | O_CREAT)},
      {"make a device", why(::mknod((state + "/device").c_str(), S_IFCHR | 0600, 0x101))},
  };
  for (auto& more : {attributes(token.c_str()), meetings(host)}) all.insert(all.end(), more.begin(), more.end());
  return all;
}
