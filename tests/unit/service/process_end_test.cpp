// How child processes are bounded and ended, and that nothing of them stays.
#include <gtest/gtest.h>

#include "unit/service/folder.hpp"
#include "unit/service/process_kit.hpp"

namespace berth::service {
namespace {

TEST_F(ProcessTest, LimitsEndItAndSayWhich) {
  auto plan = shell("sleep 100 & sleep 100");
  plan.bounds.time = 200ms;
  EXPECT_EQ(run(std::move(plan)).end->words, "killed: wall-clock limit 200 ms");

  plan = shell("yes");
  plan.bounds.output = 100'000;
  auto heard = run(std::move(plan));
  EXPECT_EQ(heard.end->words, "killed: output limit 97.7 KiB");
  EXPECT_EQ(heard.output.size(), 100'000u);

  plan = shell("while :; do :; done");
  plan.order.limits.cpu_seconds = 1;
  EXPECT_EQ(run(std::move(plan)).end->words, "killed: CPU limit 1 s");

  const test::Folder folder;
  plan = shell("exec head -c 1000000 /dev/zero > big");
  plan.order.folder = folder.path();
  plan.order.limits.file_size = 10240;
  EXPECT_EQ(run(std::move(plan)).end->words, "killed: file size limit 10 KiB");

  plan = shell("ulimit -n; ulimit -v; ulimit -c");
  plan.order.limits.open_files = 17;
  plan.order.limits.memory = 100u << 20;
  EXPECT_EQ(run(std::move(plan)).output, "17\n102400\n0\n");
}

TEST_F(ProcessTest, AllOfOutputUpToTheLimitIsFine) {
  auto plan = shell("printf 12345");
  plan.bounds.output = 5;
  EXPECT_EQ(run(std::move(plan)).end->words, "ended with exit code 0");
}

TEST_F(ProcessTest, IsAskedToStopAndThenMadeTo) {
  Heard polite, deaf;
  auto one = spawn(shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"), polite);
  auto other = spawn(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"), deaf);
  EXPECT_TRUE(until([&] { return !polite.output.empty() && !deaf.output.empty(); }));
  one->stop(SIGTERM, 10s);
  other->stop(SIGTERM, 100ms);
  EXPECT_TRUE(until([&] { return polite.end && deaf.end; }));
  EXPECT_EQ(polite.end->words, "stopped, with exit code 5");
  EXPECT_EQ(deaf.end->words, "stopped by signal 9 (Killed)");
}

TEST_F(ProcessTest, EndsWithItsOwnerAndItsGroupWithIt) {
  Heard heard;
  auto child = spawn(shell("sleep 1000 & echo $!; wait"), heard);
  EXPECT_TRUE(until([&] { return heard.output.find('\n') != std::string::npos; }));
  const pid_t grandchild = std::stoi(heard.output);
  ASSERT_EQ(::kill(grandchild, 0), 0);
  child.reset();
  EXPECT_EQ(children(), 0u);
  const auto gone = [&] {
    std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
    std::string word, state = "Z";
    status >> word >> word >> state;
    return state == "Z";
  };
  EXPECT_TRUE(until(gone));
  EXPECT_FALSE(heard.end);
}

TEST_F(ProcessTest, EndsWithTheProcessThatStartedIt) {
  int ready[2];
  ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
  const pid_t middle = ::fork();
  if (middle == 0) {
    EventLoop inner;
    inner.adopt();
    auto plan = shell("sleep 1000");
    auto child = Child::spawn(inner, launcher, std::move(plan),
                              {[](Outlet, std::string_view) { return true; }, [](const End&) {}});
    const pid_t pid = (*child)->pid();
    if (::write(ready[1], &pid, sizeof pid) < 0) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  pid_t pid = -1;
  ASSERT_EQ(::read(ready[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  ::kill(middle, SIGKILL);
  ::waitpid(middle, nullptr, 0);
  Descriptor watched(loop.context(), ::dup(handle.get()));
  bool ended = false;
  watched.async_wait(Descriptor::wait_read, [&](const auto&) { ended = true; });
  EXPECT_TRUE(until([&] { return ended; }));
  ::close(ready[0]);
  ::close(ready[1]);
}

// A terminal holds more than it says that there is to read.
TEST_F(ProcessTest, ATerminalIsReadToItsEnd) {
  auto plan = shell("stty raw; printf begin; seq 1 1500; printf end");
  plan.terminal = Child::Size{24, 80};
  Heard heard;
  heard.paused = true;
  const auto child = spawn(std::move(plan), heard);
  const auto ended = [&child] {
    siginfo_t seen{};
    return ::waitid(P_PID, static_cast<id_t>(child->pid()), &seen, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           seen.si_pid != 0;
  };
  ASSERT_TRUE(until(ended));
  heard.paused = false;
  child->resume(Outlet::output);
  ASSERT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_EQ(heard.output.substr(0, 5), "begin");
  EXPECT_EQ(heard.output.substr(heard.output.size() - 8), "1500\nend");
}

TEST_F(ProcessTest, HasATerminalIfItIsGivenOne) {
  auto plan = shell("tty >/dev/null && stty size && read line && echo got $line && cat && echo over");
  plan.terminal = Child::Size{33, 111};
  plan.order.environment.push_back("TERM=dumb");
  Heard heard;
  const auto child = spawn(std::move(plan), heard);
  EXPECT_TRUE(until([&] { return heard.output.find("33 111") != std::string::npos; })) << heard.output;
  child->write("hello\n");
  EXPECT_TRUE(until([&] { return heard.output.find("got hello") != std::string::npos; }));
  child->resize({20, 40});
  child->close_input();
  EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_EQ(heard.end->code, 0);
  EXPECT_NE(heard.output.find("over"), std::string::npos) << heard.output;
}

TEST_F(ProcessTest, ThousandLeaveNothingBehind) {
  run(shell("true"));
  const auto before = open_descriptors();
  for (int i = 0; i < 1000; ++i) {
    Child::Plan plan;
    plan.order.program = "/bin/true";
    plan.order.arguments = {"true"};
    plan.input = i % 2 == 0;
    ASSERT_EQ(run(std::move(plan)).end->code, 0);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children(), 0u);
}

TEST_F(ProcessTest, FiveHundredAtOnce) {
  run(shell("true"));
  const auto before = open_descriptors();
  {
    std::vector<Heard> heard(500);
    std::vector<std::shared_ptr<Child>> all;
    for (auto& one : heard) {
      auto plan = shell("read line; echo $line");
      plan.input = true;
      all.push_back(spawn(std::move(plan), one));
    }
    for (std::size_t i = 0; i < all.size(); ++i) all[i]->write(std::to_string(i) + "\n");
    EXPECT_TRUE(until(
        [&] { return std::all_of(heard.begin(), heard.end(), [](const Heard& one) { return one.end.has_value(); }); }));
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(heard[i].output, std::to_string(i) + "\n");
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children(), 0u);
}

}  // namespace
}  // namespace berth::service
