// Who looks for a word instead of sleeping does so only while words come quickly, and never for long. What a busy
// machine may take for contention is tried again.
#include "service/lookout.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "service/loop_lookout.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

class LookoutTest : public testing::Test {
 protected:
  void SetUp() override {
    if (processors() < 2) GTEST_SKIP() << "one processor alone";
  }
  // How many times the loop goes round within this time.
  std::size_t turns(std::chrono::milliseconds time) {
    m_loop.context().restart();
    return m_loop.context().run_for(time);
  }
  template <class Try>
  static bool once(Try happens) {
    for (int i = 0; i < 500; ++i) {
      if (happens()) return true;
      std::this_thread::sleep_for(10ms);  // who has slept is let run before those who only compute
    }
    return false;
  }
  EventLoop m_loop;
};

TEST_F(LookoutTest, LastsWhileWhatIsAwaitedComesInTime) {
  Lookout lookout(20ms);
  lookout.begin();
  EXPECT_FALSE(lookout.lasts());
  EXPECT_TRUE(once([&] {
    lookout.begin();
    lookout.came();
    lookout.begin();
    return lookout.lasts();
  }));
  std::this_thread::sleep_for(25ms);
  lookout.pause();
  EXPECT_FALSE(lookout.lasts());
  lookout.came();
  lookout.begin();
  EXPECT_FALSE(lookout.lasts());
}

// On one processor with a thread that only computes, each pause is its turn.
TEST_F(LookoutTest, EndsWhereOthersWantTheProcessor) {
  Lookout lookout(10s);
  std::atomic<bool> over{false};
  std::thread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    if (::sched_setaffinity(0, sizeof one, &one) != 0) return;
    std::thread other([&] {
      while (!over) {
      }
    });
    lookout.begin();
    lookout.came();
    lookout.begin();
    for (int i = 0; i < 10'000 && lookout.lasts(); ++i) lookout.pause();
    over = true;
    other.join();
  }).join();
  EXPECT_FALSE(lookout.lasts());
  lookout.came();
  EXPECT_FALSE(lookout.lasts());
}

TEST_F(LookoutTest, TheLoopSleepsUntilSomethingHasComeInTime) {
  EXPECT_TRUE(once([&] {
    LoopLookout lookout(m_loop, 200ms);
    lookout.begin();
    EXPECT_EQ(turns(5ms), 0u);
    lookout.came();
    EXPECT_EQ(turns(5ms), 0u);
    lookout.begin();
    const bool went = turns(5ms) > 10;
    lookout.came();
    EXPECT_LE(turns(5ms), 1u);
    return went;
  }));
}

TEST_F(LookoutTest, TheLoopGoesRoundForAMomentOnly) {
  LoopLookout lookout(m_loop, 2ms);
  lookout.begin();
  lookout.came();
  lookout.begin();
  turns(20ms);
  EXPECT_EQ(turns(5ms), 0u);
}

TEST_F(LookoutTest, MayEndWhileTheLoopGoesRound) {
  EXPECT_TRUE(once([&] {
    auto lookout = std::make_unique<LoopLookout>(m_loop, 10s);
    lookout->begin();
    lookout->came();
    lookout->begin();
    const bool went = turns(2ms) > 1;
    lookout->end();
    lookout.reset();
    EXPECT_LE(turns(2ms), 1u);
    EXPECT_EQ(turns(2ms), 0u);
    return went;
  }));
}

}  // namespace
}  // namespace berth::service
