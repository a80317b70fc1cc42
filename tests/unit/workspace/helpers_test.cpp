// Helpers go round among all that want them, are no more than they may be, and have left when what they helped ends.
#include "helpers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <string>

namespace workspace {
namespace {

struct Parts final : Shareable {
  Parts(std::string as, int parts) : name(std::move(as)), left(parts) {}
  bool has_parts() const override { return left > 0; }
  void do_part(Room& room) override {
    room.demand(1000, 0);
    {
      const std::lock_guard<std::mutex> lock(mutex);
      --left;
      threads.insert(std::this_thread::get_id());
      if (order) *order += name;
    }
    if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++done;
  }
  void wait_until_done(int count) const {
    for (int i = 0; i < 10'000 && done < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_GE(done, count);
  }
  const std::string name;
  std::atomic<int> left, done{0};
  bool slow = false;
  std::string* order = nullptr;
  std::mutex mutex;
  std::set<std::thread::id> threads;
};

TEST(HelpersTest, AreNoMoreThanTheyMayBe) {
  Helpers helpers(3);
  Parts parts("a", 200);
  parts.slow = true;
  Helpers::Sharing sharing(helpers, parts);
  for (int i = 0; i < 20; ++i) sharing.call();
  parts.wait_until_done(200);
  EXPECT_LE(parts.threads.size(), 3u);
  EXPECT_EQ(parts.threads.count(std::this_thread::get_id()), 0u);
}

TEST(HelpersTest, NoneIsFineToo) {
  Helpers helpers(0);
  Parts parts("a", 1);
  Helpers::Sharing sharing(helpers, parts);
  sharing.call();
  EXPECT_EQ(parts.left, 1);
}

TEST(HelpersTest, GoRound) {
  Helpers helpers(1);
  std::string order;
  Parts first("a", 3), second("b", 3);
  first.order = second.order = &order;
  Helpers::Sharing one(helpers, first), other(helpers, second);
  one.call();
  first.wait_until_done(3);
  second.wait_until_done(3);
  EXPECT_TRUE(order == "ababab" || order == "bababa") << order;
}

TEST(HelpersTest, HaveLeftWhenItEnds) {
  Helpers helpers(4);
  for (int round = 0; round < 200; ++round) {
    Parts parts("a", 1'000'000);
    {
      Helpers::Sharing sharing(helpers, parts);
      for (int i = 0; i < 4; ++i) sharing.call();
      if (round % 2 == 0) parts.wait_until_done(1);
    }
    const int done = parts.done;
    EXPECT_EQ(done, 1'000'000 - parts.left);
  }
}

TEST(HelpersTest, SleepUntilTheyAreCalled) {
  Helpers helpers(2);
  Parts parts("a", 0);
  Helpers::Sharing sharing(helpers, parts);
  for (int round = 1; round <= 100; ++round) {
    ++parts.left;
    sharing.call();
    parts.wait_until_done(round);
  }
}

}  // namespace
}  // namespace workspace
