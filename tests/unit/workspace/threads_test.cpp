// So many of one session, so many in all, and room again once one is over.
#include "threads.hpp"

#include <gtest/gtest.h>

#include <future>

namespace workspace {
namespace {

struct ThreadsTest : testing::Test {
  // "" if it was started.
  std::string start(const std::string& session, Threads::Flag leaving = nullptr) {
    try {
      threads.start(
          session, [until = held] { until.wait(); }, std::move(leaving));
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
  for (const char* session : {"a", "b"}) {
    std::string refusal = start(session);
    for (int tries = 0; !refusal.empty() && tries < 1000; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      refusal = start(session);
    }
    EXPECT_EQ(refusal, "");
  }
}

// Whoever left and comes back at once is not held up by what he left behind, and cannot pile it up.
TEST_F(ThreadsTest, WhoLeavesHasNoPlaceAnyMore) {
  const auto leaving = std::make_shared<std::atomic<bool>>(false);
  EXPECT_EQ(start("a", leaving), "");
  EXPECT_EQ(start("a"), "");
  EXPECT_EQ(start("a"), "too_many_readers of one");
  *leaving = true;
  EXPECT_EQ(start("a"), "");
  EXPECT_EQ(start("a"), "too_many_readers of one");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(start("b", leaving), "");
  EXPECT_EQ(start("b", leaving), "too_many_readers of one");  // and others find room
  EXPECT_EQ(start("c", leaving), "");
  EXPECT_EQ(start("c"), "");
  EXPECT_EQ(start("c"), "");
  EXPECT_EQ(start("d", leaving), "too_many_readers in all");
}

// Descriptors, above all: the next one may need them.
TEST_F(ThreadsTest, WhatTheWorkHeldGoesBeforeItsPlaceIsFree) {
  Threads own{{"readers", 1, 1, "read on"}};
  std::promise<int> refused;
  std::shared_ptr<void> thing(nullptr, [&](void*) {
    try {
      own.demand_room("a");
      refused.set_value(0);
    } catch (const berth::Error& error) {
      refused.set_value(error.status());
    } catch (const std::exception&) {  // it was to wait for itself
      refused.set_value(-1);
    }
  });
  own.start("a", [kept = std::move(thing)] {});
  EXPECT_EQ(refused.get_future().get(), 503);
}

}  // namespace
}  // namespace workspace
