// A thread that takes short turns is known to the system as one, and what it starts is not.
#include "service/short_turns.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace berth::service {
namespace {

using namespace std::chrono_literals;

// In nanoseconds, of this thread; 0: the system does not say.
std::uint64_t turn() {
  std::array<std::uint64_t, 7> how{};  // the fourth is the time that a turn takes
  return ::syscall(SYS_sched_getattr, 0, how.data(), 56, 0) == 0 ? how[3] : 0;
}

TEST(ShortTurns, AreTheThreadsOwn) {
  std::uint64_t before = 0, after = 0, started = 0;
  std::thread([&] {
    before = turn();
    take_short_turns(200us);
    after = turn();
    std::thread([&] { started = turn(); }).join();
  }).join();
  if (before == 0) GTEST_SKIP() << "this kernel has no turns of a thread's own";
  EXPECT_EQ(after, 200'000u);
  EXPECT_EQ(started, before);
}

TEST(ShortTurns, LeaveWhatAnOperatorHasSaid) {
  int policy = -1;
  std::uint64_t before = 0, after = 0;
  std::thread([&] {
    const sched_param none{};
    if (::sched_setscheduler(0, SCHED_BATCH, &none) != 0) return;
    before = turn();
    take_short_turns(200us);
    after = turn();
    policy = ::sched_getscheduler(0);
  }).join();
  EXPECT_EQ(policy, SCHED_BATCH);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace berth::service
