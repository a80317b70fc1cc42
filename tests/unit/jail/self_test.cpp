// A process that has confined itself: what it still can, and what it cannot any more.
#include "jail/self.hpp"

#include <arpa/inet.h>
#include <asm/sockios.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fs.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

#include "unit/service/folder.hpp"

namespace berth::jail {
namespace {

// In a process of its own, confined: what `look` says.
std::string confined(const SelfRules& rules, const std::function<std::string()>& look) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    confine_self(rules);
    const std::string said = look();
    ::_exit(::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  char piece[4096];
  for (ssize_t got; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    said.append(piece, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0 ? said : said + " and ended with " + std::to_string(status);
}

std::string why(long result) { return result < 0 ? std::string(strerrorname_np(errno)) : "done"; }

class Self : public testing::Test {
 protected:
  static bool wears(const char* layer) {
    static const std::string all = confined({}, [] {
      std::string names;
      for (const auto& one : confine_self({})) names += one + " ";
      return names;
    });
    return all.find(layer) != std::string::npos;
  }
  berth::test::Folder folder;
};

TEST_F(Self, StartsNothing) {
  if (!wears("seccomp")) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(confined({},
                     [] {
                       char name[] = "true";
                       char* const arguments[] = {name, nullptr};
                       return why(::execv("/bin/true", arguments));
                     }),
            "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0)); }),
            "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::fork()); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::vfork()); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::syscall(SYS_clone3, nullptr, 0)); }), "ENOSYS");
  EXPECT_EQ(confined({}, [] { return std::string(::popen("true", "r") ? "done" : "none"); }), "none");
}

TEST_F(Self, ReachesNoOtherProcess) {
  if (!wears("seccomp")) GTEST_SKIP() << "no seccomp here";
  const pid_t us = ::getpid();
  EXPECT_EQ(confined({}, [us] { return why(::ptrace(PTRACE_ATTACH, us, nullptr, nullptr)); }), "EPERM");
  EXPECT_EQ(confined({}, [us] { return why(::kill(us, 0)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::kill(-1, 0)); }), "EPERM");
  EXPECT_EQ(confined({}, [us] { return why(::syscall(SYS_tgkill, us, us, 0)); }), "EPERM");
  EXPECT_EQ(confined({}, [us] { return why(::syscall(SYS_pidfd_open, us, 0)); }), "EPERM");
  EXPECT_EQ(confined({},
                     [us] {
                       const rlimit none{0, 0};
                       return why(::prlimit(us, RLIMIT_NOFILE, &none, nullptr));
                     }),
            "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::prctl(PR_SET_PDEATHSIG, 0)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::unshare(CLONE_NEWUSER)); }), "EPERM");
}

// Whoever listens at a path trusts whoever can connect.
TEST_F(Self, MeetsNobodyOfItsUser) {
  if (!wears("seccomp")) GTEST_SKIP() << "no seccomp here";
  for (const int type : std::initializer_list<int>{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET})
    EXPECT_EQ(confined({}, [type] { return why(::socket(AF_UNIX, type, 0)); }), "EPERM") << type;
  EXPECT_EQ(confined({}, [] { return why(::syscall(SYS_socket, 0x1'0000'0001, SOCK_STREAM, 0)); }), "EAFNOSUPPORT");
  const auto pair = [](int type) {
    return confined({}, [type] {
      int ends[2];
      return why(::socketpair(AF_UNIX, type, 0, ends));
    });
  };
  EXPECT_EQ(pair(SOCK_STREAM | SOCK_CLOEXEC), "done");
  EXPECT_EQ(pair(SOCK_DGRAM | SOCK_CLOEXEC), "EPERM");
  EXPECT_EQ(pair(SOCK_RAW), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::shmget(IPC_PRIVATE, 4096, 0600)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::msgget(IPC_PRIVATE, 0600)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::semget(IPC_PRIVATE, 1, 0600)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::mq_open("/berth-test", O_RDONLY)); }), "EPERM");
}

// Files that it may read, and which may belong to its user.
TEST_F(Self, ChangesOfFilesNothingButTheirContent) {
  if (!wears("seccomp")) GTEST_SKIP() << "no seccomp here";
  const std::string file = folder.file("file");
  berth::test::put(file, "here");
  const SelfRules rules{{file}, {}};
  const auto with = [&](const std::function<long(const char*, int)>& change) {
    return confined(rules, [&] {
      const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      return fd < 0 ? "not open" : why(change(file.c_str(), fd));
    });
  };
  EXPECT_EQ(with([](auto name, int) { return ::chmod(name, 0666); }), "EPERM");
  EXPECT_EQ(with([](auto, int fd) { return ::fchmod(fd, 0666); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::fchmodat(AT_FDCWD, name, 0666, 0); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::syscall(452, AT_FDCWD, name, 0666, 0); }), "EPERM");  // fchmodat2
  EXPECT_EQ(with([](auto name, int) { return ::chown(name, ::geteuid(), ::getegid()); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::lchown(name, ::geteuid(), ::getegid()); }), "EPERM");
  EXPECT_EQ(with([](auto, int fd) { return ::fchown(fd, ::geteuid(), ::getegid()); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::setxattr(name, "user.berth", "x", 1, 0); }), "EPERM");
  EXPECT_EQ(with([](auto, int fd) { return ::fsetxattr(fd, "user.berth", "x", 1, 0); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::removexattr(name, "user.berth"); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::utimensat(AT_FDCWD, name, nullptr, 0); }), "EPERM");
  EXPECT_EQ(with([](auto, int fd) { return ::futimens(fd, nullptr); }), "EPERM");
  EXPECT_EQ(with([](auto name, int) { return ::utimes(name, nullptr); }), "EPERM");
  EXPECT_EQ(with([](auto, int fd) {
              int flags = FS_NODUMP_FL;
              return ::ioctl(fd, FS_IOC_SETFLAGS, &flags);
            }),
            "EPERM");
  const auto cut = with([](auto name, int) { return ::truncate(name, 0); });
  EXPECT_TRUE(cut == "EACCES" || cut == "EPERM") << cut;  // Landlock's word, or that of the filter without it
  EXPECT_EQ(berth::test::content_of(file), "here");
}

TEST_F(Self, TakesNoTurnsFromOthersAndSendsThemNoSignals) {
  if (!wears("seccomp")) GTEST_SKIP() << "no seccomp here";
  const pid_t us = ::getpid();
  EXPECT_EQ(confined({}, [us] { return why(::setpriority(PRIO_PROCESS, static_cast<id_t>(us), 19)); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::setpriority(PRIO_USER, 0, 19)); }), "EPERM");
  EXPECT_EQ(confined({}, [us] { return why(::syscall(SYS_ioprio_set, 1, us, 3 << 13)); }), "EPERM");
  EXPECT_EQ(confined({},
                     [us] {
                       const sched_param none{};
                       return why(::sched_setscheduler(us, SCHED_IDLE, &none));
                     }),
            "EPERM");
  EXPECT_EQ(confined({},
                     [] {
                       const sched_param none{};
                       return why(::sched_setscheduler(::gettid(), SCHED_OTHER, &none));
                     }),
            "done");  // the ordinary policy, which libraries ask for by a thread's number
  EXPECT_EQ(confined({},
                     [us] {
                       cpu_set_t all;
                       ::sched_getaffinity(0, sizeof all, &all);
                       return why(::sched_setaffinity(us, sizeof all, &all));
                     }),
            "EPERM");
  const auto with_pipe = [](const std::function<long(int)>& change) {
    return confined({}, [&change] {
      int ends[2];
      return ::pipe(ends) != 0 ? "no pipe" : why(change(ends[0]));
    });
  };
  EXPECT_EQ(with_pipe([us](int fd) { return ::fcntl(fd, F_SETOWN, us); }), "EPERM");
  EXPECT_EQ(with_pipe([](int fd) { return ::fcntl(fd, F_SETSIG, SIGKILL); }), "EPERM");
  EXPECT_EQ(with_pipe([us](int fd) {
              const f_owner_ex owner{F_OWNER_PID, us};
              return ::fcntl(fd, F_SETOWN_EX, &owner);
            }),
            "EPERM");
  EXPECT_EQ(with_pipe([us](int fd) { return ::ioctl(fd, FIOSETOWN, &us); }), "EPERM");
  EXPECT_EQ(confined({}, [] { return why(::setpriority(PRIO_PROCESS, 0, 19)); }), "done");
  EXPECT_EQ(with_pipe([](int fd) { return ::fcntl(fd, F_SETFL, O_NONBLOCK); }), "done");
}

TEST_F(Self, OwnsNoCapability) {
  for (const char* set : {"CapEff", "CapPrm", "CapBnd", "CapAmb"}) {
    if (::geteuid() != 0 && std::string(set) == "CapBnd") continue;  // what it cannot have is of no use to it
    EXPECT_EQ(confined({},
                       [set] {
                         const auto status = berth::test::content_of("/proc/self/status");
                         const auto at = status.find(set);
                         return at == std::string::npos ? status : status.substr(at + 8, 16);
                       }),
              "0000000000000000")
        << set;
  }
}

TEST_F(Self, FindsOfTheDiskWhatItNeeds) {
  if (!wears("landlock")) GTEST_SKIP() << "no Landlock here";
  for (const char* name : {"given", "own", "other"}) ASSERT_EQ(::mkdir(folder.file(name).c_str(), 0700), 0);
  for (const char* name : {"given/file", "own/file", "other/file"}) berth::test::put(folder.file(name), "here");
  const SelfRules rules{{folder.file("given/file")}, {folder.file("own")}};
  const auto open = [this, &rules](const char* name, int how) {
    return confined(rules, [this, name, how] { return why(::open(folder.file(name).c_str(), how, 0600)); });
  };
  EXPECT_EQ(open("given/file", O_RDONLY), "done");
  EXPECT_EQ(open("given/file", O_WRONLY), "EACCES");
  EXPECT_EQ(open("own/file", O_RDWR), "done");
  EXPECT_EQ(open("own/new", O_WRONLY | O_CREAT), "done");
  EXPECT_EQ(open("other/file", O_RDONLY), "EACCES");
  EXPECT_EQ(open("other/new", O_WRONLY | O_CREAT), "EACCES");
  EXPECT_EQ(open("own/../other/file", O_RDONLY), "EACCES");
  for (const char* path :
       {"/etc/shadow", "/etc/ssh", "/root", "/tmp", "/var/log", "/dev/pts", "/dev/mem", "/dev/shm"}) {
    if (::access(path, F_OK) != 0) continue;
    EXPECT_EQ(confined({}, [path] { return why(::open(path, O_RDONLY)); }), "EACCES") << path;
  }
  EXPECT_EQ(confined({}, [] { return why(::open("/etc/passwd", O_RDONLY)); }), "done");
  EXPECT_EQ(
      confined({}, [] { return why(::open(("/proc/" + std::to_string(::getppid()) + "/environ").c_str(), O_RDONLY)); }),
      "EACCES");
}

TEST_F(Self, HasThreadsTerminalsAndTheLoopback) {
  EXPECT_EQ(confined({},
                     [] {
                       int ran = 0;
                       std::thread([&ran] { ran = ::execl("/bin/true", "true", static_cast<char*>(nullptr)); }).join();
                       return std::to_string(ran);
                     }),
            "-1");
  EXPECT_EQ(confined({}, [] { return why(::posix_openpt(O_RDWR | O_NOCTTY)); }), "done");
  EXPECT_EQ(confined({},
                     [] {
                       const int listener = ::socket(AF_INET, SOCK_STREAM, 0),
                                 client = ::socket(AF_INET, SOCK_STREAM, 0);
                       sockaddr_in at{};
                       at.sin_family = AF_INET;
                       at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
                       socklen_t size = sizeof at;
                       if (::bind(listener, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener, 1) != 0)
                         return why(-1);
                       ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
                       return why(::connect(client, reinterpret_cast<sockaddr*>(&at), size));
                     }),
            "done");
  EXPECT_EQ(confined({}, [] { return why(::raise(0)); }), "done");
}

}  // namespace
}  // namespace berth::jail
