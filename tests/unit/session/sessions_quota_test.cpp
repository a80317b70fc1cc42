// What a session may write, and what becomes of one that writes more, whichever way it goes about it.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "sessions_seat.hpp"

namespace berth::session {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST_F(SessionsTest, EndsTheProcessesThatFillTheDisk) {
  Wish small = wish("alice");
  small.limits = {{"disk", "1MB"}};
  ASSERT_TRUE(all().create(small));
  const auto jail = *all().jail_of("alice");
  const std::string file = jail->place("/workspace") + "/output/large";
  const auto writer = jail->spawn(shell("head -c 3000000 /dev/zero >" + file + "; sleep 1000"));
  ASSERT_TRUE(writer);
  EXPECT_EQ(all().to_measure(), (std::vector<std::string>{"alice"})) << "main has no jail yet";
  const std::string here = all().workspace_of("alice")->folder + "/output/large";
  std::error_code none;
  for (int i = 0; i < 2000 && (!fs::exists(here) || fs::file_size(here, none) < 3'000'000); ++i)
    std::this_thread::sleep_for(5ms);
  const auto beyond = all().enforce_quota("alice");
  ASSERT_TRUE(beyond);
  EXPECT_EQ(*beyond, "killed: disk quota 1 MB");
  const auto end = (*writer)->wait(0ms);
  ASSERT_TRUE(end) << "it is dead";
  EXPECT_EQ(end->words, "killed: disk quota 1 MB");
  EXPECT_EQ(end->limit, "disk");
  EXPECT_TRUE(all().to_measure().empty()) << "nobody is there to write";
  const auto next = all().jail_of("alice");
  ASSERT_TRUE(next) << "there is another for those who come";
  say(**next, "rm " + file);
  EXPECT_EQ(*all().enforce_quota("alice"), "");
}

TEST_F(SessionsTest, ProgramsThatAreOverHaveWrittenAllTheSame) {
  Wish small = wish("alice");
  small.limits = {{"disk", "1MB"}};
  ASSERT_TRUE(all().create(small));
  const auto jail = *all().jail_of("alice");
  say(*jail, "head -c 3000000 /dev/zero >" + jail->place("/workspace") + "/output/large");
  EXPECT_EQ(*all().enforce_quota("alice"), "killed: disk quota 1 MB");
  EXPECT_FALSE(all().find("alice")->jail_open);
}

TEST_F(SessionsTest, WhatLiesTooDeepToBeMeasuredIsTooMuch) {
  make("alice");
  const auto jail = *all().jail_of("alice");
  EXPECT_EQ(*all().enforce_quota("alice"), "");
  say(*jail, "cd " + jail->place("/workspace") + "/output; for i in $(seq 520); do mkdir d; cd d; done; echo x >f");
  EXPECT_NE(all().enforce_quota("alice")->find("too deep"), std::string::npos);
}

TEST_F(SessionsTest, WhereNobodyIsNobodyLooks) {
  make("alice");
  EXPECT_TRUE(all().to_measure().empty()) << "nothing has run in it";
  say(**all().jail_of("alice"), "true");
  EXPECT_EQ(all().to_measure(), (std::vector<std::string>{"alice"}));
  clock.advance(2min);
  if (!all().usage("alice")->jail->processes) GTEST_SKIP() << "nobody counts processes here";
  EXPECT_EQ(*all().enforce_quota("alice"), "");
  clock.advance(1h);
  EXPECT_TRUE(all().to_measure().empty()) << "what had run is over";
  const auto sleeper = (*all().jail_of("alice"))->spawn(shell("sleep 1000"));
  ASSERT_TRUE(sleeper);
  EXPECT_EQ(all().to_measure(), (std::vector<std::string>{"alice"}));
  clock.advance(1h);
  EXPECT_EQ(*all().enforce_quota("alice"), "");
  clock.advance(1h);
  EXPECT_EQ(all().to_measure(), (std::vector<std::string>{"alice"})) << "it may write";
}

TEST_F(SessionsTest, WhichLimitsWereHitIsToldOnce) {
  const auto hits = [this] {
    std::string text;
    for (const auto& hit : all().limits_hit("alice")) text += hit.words + "\n";
    return text;
  };
  Wish small = wish("alice");
  small.limits = {{"cpu_time", "1s"}, {"wall_time", 7}};
  const auto made = all().create(small);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(all().to_watch().empty()) << "nothing has run in it";
  const auto jail = *all().jail_of("alice");
  EXPECT_EQ(jail->limits().wall_time, 7s);
  EXPECT_EQ(all().to_watch(), (std::vector<std::string>{"alice"}));
  EXPECT_EQ(hits(), "");
  const char* const busy = "exec /usr/bin/python3 -c 'while True: pass'";
  say(*jail, busy);
  EXPECT_EQ(hits(), "a process was killed: cpu time limit 1 s\n");
  say(*jail, busy);
  EXPECT_EQ(hits(), "") << "not as often as it happens";
  clock.advance(5s);
  EXPECT_EQ(hits(), "a process was killed: cpu time limit 1 s\n");
  clock.advance(5s);
  EXPECT_EQ(hits(), "");
  EXPECT_TRUE(all().limits_hit("nobody").empty());
}

TEST_F(SessionsTest, WhatIsClosedToTheHostIsTooMuch) {
  if (::geteuid() == 0) GTEST_SKIP() << "no folder is closed to root";
  make("alice");
  const auto jail = *all().jail_of("alice");
  say(*jail,
      "mkdir -p " + jail->place("/workspace") + "/output/d/e; chmod 0 " + jail->place("/workspace") + "/output/d");
  EXPECT_NE(all().enforce_quota("alice")->find("closed"), std::string::npos);
}

// Whoever looks at the quota measures for those who ask, too; whoever asks does not put off the look.
TEST_F(SessionsTest, UseIsMeasuredWhoeverAsksFirst) {
  make("alice");
  ASSERT_TRUE(all().jail_of("alice"));
  EXPECT_EQ(*all().enforce_quota("alice"), "");
  EXPECT_GE(all().usage("alice")->disk.files, 4u);
  for (int i = 0; i < 3; ++i) {
    clock.advance(5s);
    ASSERT_TRUE(all().usage("alice"));
  }
  EXPECT_EQ(all().to_measure(), (std::vector<std::string>{"alice"}));
}

}  // namespace
}  // namespace berth::session
