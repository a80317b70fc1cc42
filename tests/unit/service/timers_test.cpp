// Timers: in their order, without drift, each at most once in the line, and none after the end.
#include "service/timers.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "unit/service/turning.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

class TimersTest : public testing::Test {
 protected:
  TimersTest() { loop.adopt(); }
  void enter(std::function<void()> body) {
    if (busy)
      waiting.push_back(std::move(body));
    else
      body();
  }
  template <class Condition>
  bool until(Condition holds) {
    return test::turn_until(loop, holds);
  }

  EventLoop loop;
  bool busy = false;  // the plugin is
  std::vector<std::function<void()>> waiting;
  std::vector<int> got;
  Timers timers{loop, [this](std::function<void()> body) { enter(std::move(body)); }, 10};
  Timers::Tick note(int number) {
    return [this, number](std::uint64_t, std::uint64_t) { got.push_back(number); };
  }
};

TEST_F(TimersTest, ComeInTheOrderInWhichTheyAreDue) {
  timers.add(30ms, 0ms, note(3));
  timers.add(10ms, 0ms, note(1));
  timers.add(20ms, 0ms, note(2));
  EXPECT_TRUE(until([&] { return got.size() == 3; }));
  EXPECT_EQ(got, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(timers.size(), 0u);
}

TEST_F(TimersTest, RepeatUntilCancelledFromTheirOwnTick) {
  std::uint64_t timer = 0;
  bool prevented = false;
  timer = timers.add(1ms, 1ms, [&](std::uint64_t self, std::uint64_t) {
    EXPECT_EQ(self, timer);
    got.push_back(1);
    if (got.size() == 5) prevented = timers.cancel(timer);
  });
  EXPECT_TRUE(until([&] { return got.size() == 5; }));
  loop.context().restart();
  loop.context().run_for(20ms);
  EXPECT_EQ(got.size(), 5u);
  EXPECT_FALSE(prevented);  // the tick that runs is not undone
}

TEST_F(TimersTest, DoNotPileUpWhileTheirOwnerIsBusy) {
  std::uint64_t missed = 0;
  timers.add(5ms, 5ms, [&](std::uint64_t, std::uint64_t count) {
    missed += count;
    got.push_back(1);
  });
  busy = true;
  EXPECT_TRUE(until([&] { return !waiting.empty(); }));
  std::this_thread::sleep_for(50ms);
  loop.context().restart();
  loop.context().poll();
  EXPECT_EQ(waiting.size(), 1u);
  busy = false;
  waiting[0]();
  EXPECT_GE(missed, 5u);
  EXPECT_TRUE(until([&] { return got.size() == 3; }));
}

TEST_F(TimersTest, CancelledOnesDoNotTickEvenIfTheyAreDue) {
  const auto timer = timers.add(0ms, 0ms, note(1));
  busy = true;
  EXPECT_TRUE(until([&] { return !waiting.empty(); }));
  EXPECT_TRUE(timers.cancel(timer));
  EXPECT_FALSE(timers.cancel(timer));
  waiting[0]();
  EXPECT_TRUE(got.empty());
}

TEST_F(TimersTest, AreBoundedAndLetGoOfWhatTheyHold) {
  const auto held = std::make_shared<int>(0);
  for (int i = 0; i < 10; ++i) EXPECT_NE(timers.add(1h, 0ms, [held](std::uint64_t, std::uint64_t) {}), 0u);
  EXPECT_EQ(timers.add(1h, 0ms, note(1)), 0u);
  EXPECT_EQ(held.use_count(), 11);
  timers.end();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(timers.add(0ms, 0ms, note(1)), 0u);
  loop.context().restart();
  loop.context().run_for(20ms);
  EXPECT_TRUE(got.empty());
}

TEST_F(TimersTest, AreMadeAndCancelledOnAnyThread) {
  Timers many{loop, [this](std::function<void()> body) { enter(std::move(body)); }, 10'000};
  std::atomic<int> ticked{0}, prevented{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        const auto timer =
            many.add(std::chrono::milliseconds(i % 3), 0ms, [&](std::uint64_t, std::uint64_t) { ++ticked; });
        if (i % 2 == 0 && many.cancel(timer)) ++prevented;
      }
    });
  }
  EXPECT_TRUE(until([&] { return ticked + prevented == 4000; }));
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace berth::service
