// The threading rule: one at a time, off the I/O thread if it blocks, and nobody waits on the I/O thread.
#include "loader/lane.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <thread>
#include <vector>

namespace berth::loader {
namespace {

using namespace std::chrono_literals;

// A loop that runs on the test's own thread.
class TestLoop : public service::Loop {
 public:
  void post(std::function<void()> job) override {
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
  }
  bool here() const override { return std::this_thread::get_id() == m_thread; }
  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < end) {
      std::unique_lock lock(m_mutex);
      m_changed.wait_for(lock, 10ms, [this] { return !m_jobs.empty(); });
      auto jobs = std::move(m_jobs);
      m_jobs.clear();
      lock.unlock();
      for (auto& job : jobs) job();
    }
    return done();
  }

 private:
  const std::thread::id m_thread = std::this_thread::get_id();
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<std::function<void()>> m_jobs;
};

struct LaneTest : testing::Test {
  TestLoop loop;
  service::Pool pool{{8, 64}};
  Lane lane{loop, pool, 4};
};

TEST_F(LaneTest, RunsAtOnceWhatNeitherBlocksNorWaits) {
  bool ran = false;
  lane.submit({[&] { ran = loop.here(); }, {}, false, false});
  EXPECT_TRUE(ran);
}

TEST_F(LaneTest, BlockingJobsComeOneAfterTheOtherElsewhere) {
  std::atomic<int> inside{0}, most{0}, done{0};
  for (int i = 0; i < 4; ++i) {
    lane.submit({[&] {
                   EXPECT_FALSE(loop.here());
                   const int now = ++inside;
                   if (now > most) most = now;
                   std::this_thread::sleep_for(5ms);
                   --inside;
                   ++done;
                 },
                 {},
                 true,
                 false});
  }
  EXPECT_TRUE(loop.run_until([&] { return done == 4; }));
  EXPECT_EQ(most, 1);
}

TEST_F(LaneTest, ConcurrentOnesDoNotWaitForEachOther) {
  std::atomic<int> inside{0}, met{0};
  for (int i = 0; i < 3; ++i) {
    lane.submit({[&] {
                   ++inside;
                   while (inside < 3) std::this_thread::sleep_for(1ms);
                   ++met;
                 },
                 {},
                 true,
                 true});
  }
  EXPECT_TRUE(loop.run_until([&] { return met == 3; }));
}

TEST_F(LaneTest, ASerialJobWaitsForABlockingOneWithoutHoldingUpTheLoop) {
  std::atomic<bool> first{false};
  bool second = false;
  lane.submit({[&] {
                 std::this_thread::sleep_for(20ms);
                 first = true;
               },
               {},
               true,
               false});
  lane.submit({[&] { second = first; }, {}, false, false});
  EXPECT_FALSE(second);
  EXPECT_TRUE(loop.run_until([&] { return second; }));
}

TEST_F(LaneTest, RefusesWhatIsTooMuch) {
  std::atomic<bool> go{false};
  int refused = 0;
  std::atomic<int> ran{0};
  for (int i = 0; i < 7; ++i) {
    lane.submit({[&] {
                   while (!go) std::this_thread::sleep_for(1ms);
                   ++ran;
                 },
                 [&] { ++refused; }, true, false});
  }
  go = true;
  EXPECT_EQ(refused, 2);
  EXPECT_TRUE(loop.run_until([&] { return ran == 5; }));
}

TEST_F(LaneTest, WhatBelongsToACallIsLetInWhenTheLineIsFull) {
  std::atomic<bool> go{false};
  std::atomic<int> ran{0}, refused{0};
  const auto job = [&] {
    while (!go) std::this_thread::sleep_for(1ms);
    ++ran;
  };
  for (int i = 0; i < 6; ++i) lane.submit({job, [&] { ++refused; }, true, false});
  EXPECT_EQ(refused, 1);
  lane.submit({job, [&] { ++refused; }, true, false, true});
  EXPECT_EQ(refused, 1);
  go = true;
  EXPECT_TRUE(loop.run_until([&] { return ran == 6; }));
}

// Holds as many threads as it gets, until it is told to go.
struct Holders {
  std::atomic<bool> go{false};
  std::atomic<int> inside{0}, ran{0}, refused{0};
  Job job(bool follows = false) {
    return {[this] {
              ++inside;
              while (!go) std::this_thread::sleep_for(1ms);
              ++ran;
            },
            [this] { ++refused; }, true, true, follows};
  }
};

TEST_F(LaneTest, ConcurrentOnesLeaveHalfOfTheThreadsToOthers) {
  Holders holders;
  Lane other(loop, pool);
  std::atomic<int> others{0};
  for (int i = 0; i < 6; ++i) lane.submit(holders.job());
  for (int i = 0; i < 6; ++i) other.submit({[&] { ++others; }, {}, true, true});
  EXPECT_TRUE(loop.run_until([&] { return others == 6; }));
  EXPECT_TRUE(loop.run_until([&] { return holders.inside == 4; }));
  holders.go = true;
  EXPECT_TRUE(loop.run_until([&] { return holders.ran == 6; }));
  EXPECT_EQ(holders.refused, 0);
}

TEST_F(LaneTest, RefusesConcurrentOnesBeyondItsLine) {
  Holders holders;
  for (int i = 0; i < 10; ++i) lane.submit(holders.job());
  EXPECT_EQ(holders.refused, 2);
  holders.go = true;
  EXPECT_TRUE(loop.run_until([&] { return holders.ran == 8; }));
}

TEST_F(LaneTest, WhatBelongsToACallThatHoldsAThreadDoesNotWaitForIt) {
  Holders holders;
  for (int i = 0; i < 5; ++i) lane.submit(holders.job());
  lane.submit(holders.job(true));
  EXPECT_TRUE(loop.run_until([&] { return holders.inside == 5; }));
  holders.go = true;
  EXPECT_TRUE(loop.run_until([&] { return holders.ran == 6; }));
}

TEST_F(LaneTest, WhatIsForgottenNeverRunsAndIsHeldNoMore) {
  Holders holders;
  const auto held = std::make_shared<int>();
  for (int i = 0; i < 4; ++i) lane.submit(holders.job());
  lane.submit({[held] { ADD_FAILURE() << "it runs"; }, {}, true, true});
  Job serial = holders.job();
  serial.concurrent = false;
  lane.submit(serial);
  lane.submit({[held] { ADD_FAILURE() << "it runs"; }, {}, false, false});
  lane.forget();
  EXPECT_EQ(held.use_count(), 1);
  holders.go = true;
  EXPECT_TRUE(loop.run_until([&] { return holders.ran == 5; }));
}

}  // namespace
}  // namespace berth::loader
