// A process that has confined itself: what it still can, and what it cannot any more.
#include "jail/self.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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
  test::Folder folder;
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

TEST_F(Self, OwnsNoCapability) {
  for (const char* set : {"CapEff", "CapPrm", "CapBnd", "CapAmb"}) {
    if (::geteuid() != 0 && std::string(set) == "CapBnd") continue;  // what it cannot have is of no use to it
    EXPECT_EQ(confined({},
                       [set] {
                         const auto status = test::content_of("/proc/self/status");
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
  for (const char* name : {"given/file", "own/file", "other/file"}) test::put(folder.file(name), "here");
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
