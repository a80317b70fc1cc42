// What a jail ran into is told once, soon, with its reason, and never as often as it happens.
#include "jail/jail_watch.hpp"

#include <gtest/gtest.h>

#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using namespace std::chrono_literals;

const service::Clock::Moment begin = service::Clock().now();

std::shared_ptr<Jail> narrow(Seat& seat) {
  Options options = Seat::options("watched");
  options.limits.memory = 100'000'000;
  options.limits.processes = 16;
  options.limits.cpu_time = 1s;
  return seat.open(options);
}

void use_too_much(Jail& jail) {
  say(jail, "/usr/bin/python3 -c 'x = [bytearray(b\"x\") * (1 << 20) for _ in range(400)]'; true");
}

void start_too_many(Jail& jail) {
  say(jail,
      "/usr/bin/python3 -c 'import os, time\nfor _ in range(40):\n  if os.fork() == 0: time.sleep(0.2); os._exit(0)'; "
      "true");
}

std::string names_of(const std::vector<LimitHit>& hits) {
  std::string all;
  for (const auto& hit : hits) all += hit.limit + " " + std::to_string(hit.times) + ": " + hit.words + "\n";
  return all;
}

TEST(JailWatch, TellsEachLimitWithItsReason) {
  Seat seat;
  if (!seat.has("memory") || !seat.has("pids")) GTEST_SKIP() << "no control groups count here";
  const auto jail = narrow(seat);
  JailWatch watch;
  say(*jail, "exit 0");
  EXPECT_EQ(names_of(watch.look(jail, begin)), "");
  use_too_much(*jail);
  const auto memory = watch.look(jail, begin);
  EXPECT_EQ(names_of(memory), "memory 1: a process was killed: memory limit 100 MB\n");
  ASSERT_EQ(memory.size(), 1u);
  EXPECT_EQ(memory[0].bound, 100'000'000u);
  EXPECT_EQ(names_of(watch.look(jail, begin + 1h)), "") << "nothing has come since";
  start_too_many(*jail);
  const auto processes = watch.look(jail, begin + 1h);
  ASSERT_EQ(processes.size(), 1u) << names_of(processes);
  EXPECT_EQ(processes[0].limit, "processes");
  EXPECT_EQ(processes[0].words, "a process was refused another: limit of 16 processes");
}

// Who lives long sees others killed for memory, and may be killed by somebody all the same.
TEST(JailWatch, WhatOthersWereKilledForIsNotTheEndOfWhoLivesOn) {
  Seat seat;
  if (!seat.has("memory") || !seat.has("pids")) GTEST_SKIP() << "no control groups count here";
  const auto jail = narrow(seat);
  JailWatch watch;
  const auto soon = jail->spawn(shell("exec sleep 1000")), late = jail->spawn(shell("exec sleep 1000"));
  ASSERT_TRUE(soon && late);
  use_too_much(*jail);
  watch.look(jail, begin);
  (*soon)->kill();
  EXPECT_EQ((*soon)->wait()->words, "killed: memory limit 100 MB");
  watch.look(jail, begin + 500ms);
  (*late)->kill();
  EXPECT_EQ((*late)->wait()->words, "was killed by signal 9 (Killed)");
  EXPECT_EQ((*late)->wait()->limit, "");
}

TEST(JailWatch, TellsOfTimeWithoutControlGroups) {
  Seat seat({"memory", "pids", "cpu"});
  const auto jail = narrow(seat);
  JailWatch watch;
  say(*jail, "exec /usr/bin/python3 -c 'while True: pass'");
  EXPECT_EQ(names_of(watch.look(jail, begin)), "cpu_time 1: a process was killed: cpu time limit 1 s\n");
}

TEST(JailWatch, TellsOfOneLimitOnceInAWhileAndCountsTheRest) {
  Seat seat;
  if (!seat.has("memory") || !seat.has("pids")) GTEST_SKIP() << "no control groups count here";
  const auto jail = narrow(seat);
  JailWatch watch;
  use_too_much(*jail);
  EXPECT_EQ(watch.look(jail, begin).size(), 1u);
  use_too_much(*jail);
  use_too_much(*jail);
  EXPECT_EQ(names_of(watch.look(jail, begin + 1s)), "") << "too soon";
  start_too_many(*jail);
  EXPECT_EQ(watch.look(jail, begin + 1s).size(), 1u) << "of another limit";
  EXPECT_EQ(names_of(watch.look(jail, begin + JailWatch::pause)),
            "memory 2: a process was killed: memory limit 100 MB\n");
}

TEST(JailWatch, AnotherJailOfTheSessionBeginsAnewAndWaitsAsLong) {
  Seat seat;
  if (!seat.has("memory")) GTEST_SKIP() << "no control groups count here";
  auto jail = narrow(seat);
  JailWatch watch;
  use_too_much(*jail);
  EXPECT_EQ(watch.look(jail, begin).size(), 1u);
  jail = nullptr;
  jail = narrow(seat);
  EXPECT_TRUE(watch.look(jail, begin + 1h).empty());
  use_too_much(*jail);
  EXPECT_EQ(watch.look(jail, begin + 1h).size(), 1u);
  use_too_much(*jail);
  jail = nullptr;
  jail = narrow(seat);
  use_too_much(*jail);
  EXPECT_TRUE(watch.look(jail, begin + 1h + 1s).empty()) << "a new jail is no way to more events";
}

}  // namespace
}  // namespace berth::jail::test
