// Never more threads than allowed, never a longer line than allowed, and no job lost.
#include "service/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace berth::service {
namespace {

// Holds jobs until it is opened; tells when so many are in it.
class Gate {
 public:
  void enter() {
    std::unique_lock lock(m_mutex);
    ++m_inside;
    m_changed.notify_all();
    m_changed.wait(lock, [&] { return m_open; });
  }
  void wait_for(int count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_inside >= count; });
  }
  void open() {
    const std::lock_guard lock(m_mutex);
    m_open = true;
    m_changed.notify_all();
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  int m_inside = 0;
  bool m_open = false;
};

TEST(Pool, RunsAThousandJobs) {
  std::atomic<int> done{0};
  {
    Pool pool({4, 1000});
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(pool.run([&] { ++done; }));
  }
  EXPECT_EQ(done, 1000);
}

TEST(Pool, BlockedJobsDoNotHoldUpOthersWhileThereAreThreads) {
  Gate gate;
  Pool pool({8, 0});
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(pool.run([&] { gate.enter(); }));
  gate.wait_for(8);
  EXPECT_EQ(pool.busy(), 8u);
  EXPECT_EQ(pool.waiting(), 0u);
  EXPECT_FALSE(pool.run([] {})) << "all threads are busy and nobody may wait";
  gate.open();
}

TEST(Pool, AFullLineIsRefusedAndWhatWaitsRunsInOrder) {
  Gate gate;
  std::vector<int> order;
  {
    Pool pool({1, 3});
    ASSERT_TRUE(pool.run([&] { gate.enter(); }));
    gate.wait_for(1);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.run([&order, i] { order.push_back(i); }));
    EXPECT_EQ(pool.waiting(), 3u);
    EXPECT_FALSE(pool.run([&order] { order.push_back(99); }));
    EXPECT_EQ(pool.busy(), 1u);
    gate.open();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2})) << "the end of the pool runs what waits";
}

TEST(Pool, NeverMoreThreadsThanAllowed) {
  std::atomic<int> now{0}, most{0};
  {
    Pool pool({3, 10'000});
    for (int i = 0; i < 2000; ++i) {
      ASSERT_TRUE(pool.run([&] {
        const int inside = ++now;
        int seen = most;
        while (inside > seen && !most.compare_exchange_weak(seen, inside)) {
        }
        std::this_thread::yield();
        --now;
      }));
    }
  }
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST(Pool, AThreadThatIdlesIsUsedAgain) {
  Pool pool({64, 0});
  std::mutex mutex;
  std::vector<std::thread::id> seen;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(pool.run([&] {
      const std::lock_guard lock(mutex);
      seen.push_back(std::this_thread::get_id());
    }));
    while (true) {
      const std::lock_guard lock(mutex);
      if (seen.size() > static_cast<std::size_t>(i) && pool.busy() == 0) break;
    }
  }
  for (const std::thread::id id : seen) EXPECT_EQ(id, seen.front());
}

TEST(Pool, ManyGiveAtOnceAndJobsGiveJobs) {
  std::atomic<int> done{0}, refused{0};
  {
    Pool pool({8, 100});
    std::vector<std::thread> givers;
    for (int t = 0; t < 4; ++t) {
      givers.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          const bool taken = pool.run([&] {
            ++done;
            if (!pool.run([&] { ++done; })) ++refused;
          });
          if (!taken) refused += 2;
        }
      });
    }
    for (std::thread& giver : givers) giver.join();
  }
  EXPECT_EQ(done + refused, 8000);
  EXPECT_GT(done, 0);
}

TEST(Pool, WhatAJobHoldsIsFreedWithIt) {
  const auto held = std::make_shared<int>(1);
  {
    Pool pool({2, 10});
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(pool.run([held] {}));
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Pool, NoThreadsAtAllIsOne) {
  std::atomic<bool> ran{false};
  {
    Pool pool({0, 1});
    EXPECT_TRUE(pool.run([&] { ran = true; }));
  }
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace berth::service
