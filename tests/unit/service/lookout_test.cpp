// Who looks for a word instead of sleeping does so only while words come quickly, and never for long.
#include "service/lookout.hpp"

#include <gtest/gtest.h>

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
  EventLoop m_loop;
};

TEST_F(LookoutTest, LastsWhileWhatIsAwaitedComesInTime) {
  Lookout lookout(20ms);
  lookout.begin();
  EXPECT_FALSE(lookout.lasts());
  lookout.came();
  lookout.begin();
  EXPECT_TRUE(lookout.lasts());
  std::this_thread::sleep_for(25ms);
  EXPECT_FALSE(lookout.lasts());
  lookout.came();
  lookout.begin();
  EXPECT_FALSE(lookout.lasts());
}

TEST_F(LookoutTest, TheLoopSleepsUntilSomethingHasComeInTime) {
  LoopLookout lookout(m_loop, 200ms);
  lookout.begin();
  EXPECT_EQ(turns(5ms), 0u);
  lookout.came();
  EXPECT_EQ(turns(5ms), 0u);
  lookout.begin();
  EXPECT_GT(turns(5ms), 10u);
  lookout.came();
  EXPECT_LE(turns(5ms), 1u);
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
  auto lookout = std::make_unique<LoopLookout>(m_loop, 10s);
  lookout->begin();
  lookout->came();
  lookout->begin();
  EXPECT_GT(turns(2ms), 1u);
  lookout->end();
  lookout.reset();
  EXPECT_LE(turns(2ms), 1u);
  EXPECT_EQ(turns(2ms), 0u);
}

}  // namespace
}  // namespace berth::service
