// Opening a jail, starting processes in it, how they end, and that nothing is left of it.
#include "jail/jail.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "jail/group_files.hpp"
#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

// With all that the machine allows, without control groups, and without namespaces.
class InJail : public testing::TestWithParam<std::set<std::string>> {
 protected:
  Seat m_seat{GetParam()};
};

TEST_P(InJail, AProgramRunsAndItsEndIsTold) {
  const auto jail = m_seat.open();
  const auto said = say(*jail, "echo hello; exit 3");
  EXPECT_EQ(said.output, "hello\n");
  EXPECT_EQ(said.end.code, 3);
  EXPECT_EQ(said.end.words, "ended with exit code 3");
  EXPECT_EQ(say(*jail, "kill -TERM $$").end.words, "was killed by signal 15 (Terminated)");
}

TEST_P(InJail, ItHasTheArgumentsTheEnvironmentAndTheFolderOfThePlanAndNothingElse) {
  const auto jail = m_seat.open();
  Plan plan;
  plan.program = "/usr/bin/env";
  plan.arguments = {"env", "sh", "-c", "echo \"$0|$1|$A\"; pwd; env | sort; ls /proc/self/fd", "zero", "two words"};
  plan.environment = {"PATH=/usr/bin:/bin", "A=b=c"};
  plan.folder = "/usr";
  const auto said = say(*jail, plan);
  EXPECT_THAT(said.output, HasSubstr("zero|two words|b=c\n/usr\n"));
  EXPECT_THAT(said.output, HasSubstr("\n0\n1\n2\n3\n"));  // 3 is ls reading the folder
  EXPECT_THAT(said.output, Not(HasSubstr("\n4\n")));
}

TEST_P(InJail, AProgramIsLookedForOnThePlansPath) {
  const auto jail = m_seat.open();
  Plan plan = shell("exit 0");
  plan.program = "sh";
  EXPECT_EQ(say(*jail, plan).end.code, 0);
  plan.environment = {"PATH=/nowhere:/usr/share"};
  const auto none = jail->spawn(plan);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status, 400);
  EXPECT_EQ(none.error().message, "cannot run sh: No such file or directory");
}

TEST_P(InJail, WhatCannotBeStartedIsSaid) {
  const auto jail = m_seat.open();
  Plan plan = shell("exit 0");
  plan.folder = "/nowhere";
  EXPECT_THAT(jail->spawn(plan).error().message,
              HasSubstr("cannot enter the folder of /bin/sh: No such file or directory"));
  plan.folder = "/";
  plan.program = "/etc/passwd";
  EXPECT_THAT(jail->spawn(plan).error().message, HasSubstr("Permission denied"));
  plan.program = "";
  EXPECT_EQ(jail->spawn(plan).error().code, "bad_plan");
  plan.program = std::string("/bin/sh\0x", 9);
  EXPECT_EQ(jail->spawn(plan).error().code, "bad_plan");
  plan = shell("exit 0");
  plan.fds.assign(17, 0);
  EXPECT_EQ(jail->spawn(plan).error().code, "bad_plan");
  EXPECT_EQ(say(*jail, "exit 7").end.code, 7) << "and it still starts others";
}

TEST_P(InJail, LargeArgumentsArrive) {
  const auto jail = m_seat.open();
  Plan plan = shell("printf %s \"$1\" | wc -c; echo $#");
  plan.arguments.push_back("zero");
  plan.arguments.push_back(std::string(100'000, 'x'));
  for (int i = 0; i < 3000; ++i) plan.arguments.push_back("y");
  EXPECT_EQ(say(*jail, plan).output, "100000\n3001\n");
  plan.arguments.push_back(std::string(300'000, 'z'));  // more than the kernel takes in one
  EXPECT_THAT(jail->spawn(plan).error().message, HasSubstr("Argument list too long"));
}

TEST_P(InJail, DescriptorsComeInTheirOrder) {
  const auto jail = m_seat.open();
  std::vector<service::UniqueFd> kept;
  Plan plan = shell("cat <&5; echo out >&4");
  int there[2], back[2];
  ASSERT_EQ(::pipe2(there, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(back, O_CLOEXEC), 0);
  ASSERT_EQ(::write(there[1], "in\n", 3), 3);
  ::close(there[1]);
  plan.fds = {there[0], back[1], back[1], there[0], back[1], there[0]};
  const auto process = jail->spawn(plan);
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ((*process)->wait()->code, 0);
  char text[16] = {};
  EXPECT_EQ(::read(back[0], text, sizeof text), 7);
  EXPECT_STREQ(text, "in\nout\n");
  for (const int fd : {there[0], back[0], back[1]}) ::close(fd);
}

TEST_P(InJail, AProcessThatRunsCanBeSignalledAndKilled) {
  const auto jail = m_seat.open();
  const auto process = jail->spawn(shell("sleep 100 & sleep 100; exit 0"));
  ASSERT_TRUE(process);
  EXPECT_FALSE((*process)->wait(0ms));
  EXPECT_TRUE((*process)->signal(0));
  (*process)->kill();
  EXPECT_EQ((*process)->wait()->signal, SIGKILL);
  EXPECT_EQ((*process)->wait()->words, "was killed by signal 9 (Killed)") << "asked twice, the same";
  EXPECT_FALSE((*process)->signal(SIGTERM));
}

TEST_P(InJail, ClosingEndsAllProcessesAndSaysSo) {
  const auto jail = m_seat.open();
  const auto process = jail->spawn(shell("for i in 1 2 3 4 5; do (setsid sleep 1000 & ) ; done; exec sleep 1000"));
  ASSERT_TRUE(process);
  const pid_t pid = (*process)->pid();
  EXPECT_FALSE(jail->close());
  EXPECT_EQ((*process)->wait()->signal, SIGKILL);
  EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_EQ(jail->spawn(shell("true")).error().code, "jail_closed");
  EXPECT_FALSE(jail->close()) << "twice is fine";
}

TEST_P(InJail, ManyAtOnceFromManyThreads) {
  const auto jail = m_seat.open();
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) good += say(*jail, "exit " + std::to_string(t * 10 + i)).end.code == t * 10 + i;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

TEST_P(InJail, AStarterThatDiedIsReplaced) {
  const auto jail = m_seat.open();
  ASSERT_EQ(say(*jail, "exit 1").end.code, 1);
  // A shell's parent is the host; the starter is the other child of this process with that name that is no keeper.
  for (int i = 0; i < 3; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string pid = entry.path().filename();
      const std::string stat = read_small("/proc/" + pid + "/stat");
      if (stat.find("(berth-jail) S " + std::to_string(::getpid()) + " ") == std::string::npos) continue;
      if (read_small("/proc/" + pid + "/cmdline").find("start") != std::string::npos)
        ::kill(std::atoi(pid.c_str()), SIGKILL);
    }
    bool again = false;
    for (int k = 0; k < 3 && !again; ++k) {
      const auto process = jail->spawn(shell("exit 5"));
      again = process && (*process)->wait()->code == 5;
    }
    EXPECT_TRUE(again);
  }
}

TEST_P(InJail, ThereIsNoNetworkAndItFailsAtOnce) {
  const auto jail = m_seat.open();
  const auto said = say(*jail, "/usr/bin/python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 80))'");
  EXPECT_THAT(said.output, HasSubstr("Network is unreachable"));
}

TEST_P(InJail, OpenFilesAndCpuTimeAreLimited) {
  Options options = Seat::options("limited");
  options.limits.files = 20;
  options.limits.cpu_time = 1s;
  const auto jail = m_seat.open(options);
  EXPECT_EQ(say(*jail, "ulimit -n").output, "20\n");
  const auto said = say(*jail, "while :; do :; done");
  EXPECT_EQ(said.end.words, "killed: cpu time limit 1 s");
  EXPECT_EQ(said.end.limit, "cpu");
}

INSTANTIATE_TEST_SUITE_P(Layers, InJail,
                         testing::Values(std::set<std::string>{}, std::set<std::string>{"memory", "pids", "cpu"},
                                         std::set<std::string>{"mount"},
                                         std::set<std::string>{"mount", "uid", "memory", "pids"}));

TEST(Jail, ABadNameOrPlaceIsRefused) {
  Seat seat;
  for (const char* name : {"", "../x", "a b", "a/b"}) {
    Options options;
    options.name = name;
    EXPECT_EQ(seat.jails().open(options).error().code, "bad_jail") << name;
  }
  if (!seat.has("mount")) GTEST_SKIP() << seat.jails().isolation().find("mount")->detail;
  for (const char* target : {"", "x", "/", "/a/../b", "/a/.."}) {
    Options options = Seat::options();
    options.mounts = {{Mount::Kind::read_only, "/usr", target}};
    EXPECT_EQ(seat.jails().open(options).error().code, "bad_jail") << target;
  }
  Options options = Seat::options();
  options.mounts = {{Mount::Kind::read_only, "/nowhere", "/a"}};
  EXPECT_THAT(seat.jails().open(options).error().message, HasSubstr("/nowhere: No such file or directory"));
}

TEST(Jail, EachHasAUserOfItsOwnWhereThereAreSuch) {
  Seat seat;
  if (!seat.has("uid")) GTEST_SKIP() << seat.jails().isolation().find("uid")->detail;
  auto one = seat.open(Seat::options("a"));
  const auto two = seat.open(Seat::options("b"));
  EXPECT_NE(one->user(), two->user());
  const uid_t first = one->user();
  one.reset();
  EXPECT_EQ(seat.open(Seat::options("c"))->user(), first) << "it is given back";
  EXPECT_EQ(seat.jails().take_user(first + 40), first + 40) << "the same as before a restart";
  EXPECT_NE(seat.jails().take_user(first + 40), first + 40) << "but not twice";
}

TEST(Jail, ProcessesOfOneJailSeeAndSignalEachOther) {
  Seat seat;
  const auto jail = seat.open();
  const auto other = jail->spawn(shell("exec sleep 1000"));
  ASSERT_TRUE(other);
  EXPECT_EQ(say(*jail, "kill -TERM $(pgrep -u $(id -u) -x sleep | tail -1)").end.code, 0);
}

TEST(Jail, LoopbackIsUpAndTheHostListensForTheProxy) {
  Seat seat;
  Options options = Seat::options();
  options.network = Network::proxy;
  if (!seat.has("net")) {
    EXPECT_EQ(seat.jails().open(options).error().code, "isolation_missing");
    return;
  }
  const auto jail = seat.open(options);
  ASSERT_GE(jail->proxy(), 0);
  const auto process =
      jail->spawn(shell("exec /usr/bin/python3 -c 'import socket; s = socket.create_connection((\"127.0.0.1\", 3128)); "
                        "s.sendall(b\"hello\"); s.recv(1)'"));
  ASSERT_TRUE(process);
  service::UniqueFd peer;
  for (int i = 0; i < 5000 && !peer; ++i) {
    peer = service::UniqueFd(::accept4(jail->proxy(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer) std::this_thread::sleep_for(1ms);
  }
  ASSERT_TRUE(peer);
  char text[8] = {};
  EXPECT_EQ(::recv(peer.get(), text, 5, MSG_WAITALL), 5);
  EXPECT_STREQ(text, "hello");
  peer = service::UniqueFd();
  EXPECT_EQ((*process)->wait()->code, 0);
}

TEST(Jail, ATerminalBecomesTheControllingOne) {
  Seat seat;
  if (!seat.has("pid")) GTEST_SKIP() << "without a process namespace processes have no sessions of their own";
  const auto jail = seat.open();
  const service::UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::grantpt(master.get()) + ::unlockpt(master.get()), 0);
  const service::UniqueFd end(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  Plan plan = shell("echo typed > /dev/tty");
  plan.fds = {end.get(), end.get(), end.get()};
  plan.terminal = true;
  const auto process = jail->spawn(plan);
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ((*process)->wait()->code, 0);
  char text[32] = {};
  EXPECT_GT(::read(master.get(), text, sizeof text), 0);
  EXPECT_STREQ(text, "typed\r\n");
}

}  // namespace
}  // namespace berth::jail::test
