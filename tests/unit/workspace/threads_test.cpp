// So many of one session, so many in all, and room again once one is over.
#include "threads.hpp"

#include <gtest/gtest.h>

#include <future>

namespace workspace {
namespace {

struct ThreadsTest : testing::Test {
  // "" if it was started.
  std::string start(const std::string& session) {
    try {
      threads.start(session, [until = held] { until.wait(); });
      return "";
    } catch (const berth::Error& error) {
      EXPECT_EQ(error.status(), 503);
      EXPECT_FALSE(error.hint().empty());
      return error.code() + (error.message().find("\"" + session + "\"") == std::string::npos ? " in all" : " of one");
    }
  }
  ~ThreadsTest() override { end(); }
  void end() {
    if (!std::exchange(ended, true)) release.set_value();
  }
  bool ended = false;
  std::promise<void> release;
  std::shared_future<void> held{release.get_future()};
  Threads threads{{"readers", 2, 5, "read on"}};
};

TEST_F(ThreadsTest, OneSessionLeavesRoomForOthers) {
  for (const char* session : {"a", "a", "b", "b"}) EXPECT_EQ(start(session), "");
  EXPECT_EQ(start("a"), "too_many_readers of one");
  EXPECT_EQ(start("b"), "too_many_readers of one");
  EXPECT_EQ(start("c"), "");
  EXPECT_EQ(start("c"), "too_many_readers in all");
  EXPECT_EQ(start("d"), "too_many_readers in all");
  end();
  for (int tries = 0; start("a") != "" && tries < 1000; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(start("b"), "");
}

// Descriptors, above all: the next one may need them.
TEST_F(ThreadsTest, WhatTheWorkHeldGoesWithIt) {
  auto thing = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = thing;
  {
    Threads own{{"readers", 1, 1, "read on"}};
    own.start("a", [kept = std::move(thing)] {});
  }
  EXPECT_TRUE(seen.expired());
}

}  // namespace
}  // namespace workspace
