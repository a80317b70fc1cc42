// Cancelling: on_cancel comes once, whether the client leaves before, during or after its registration; nothing that
// was registered outlives its call.
#include <berth/plugin.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "seat.hpp"

namespace berth {
namespace {

using test::Seat;

// Lives as long as a closure that holds a copy of it; a test looks whether one is left.
struct Trace {
  std::shared_ptr<int> mark = std::make_shared<int>(0);
  long left() const { return mark.use_count() - 1; }
};

struct Waiting {
  static void declare(Declaration<Waiting>& d) {
    d.plugin("waiting", "1.0.0", "Waits");
    d.get("park", "/waiting/park").concurrent().handle(&Waiting::park);
    d.get("throw", "/waiting/throw").handle(&Waiting::hold_and_throw);
    d.get("after", "/waiting/after").handle(&Waiting::register_after);
    d.get("gone", "/waiting/gone").handle(&Waiting::register_when_gone);
    d.get("none", "/waiting/none").handle([](Call call) { call.on_drained([call] {}); });
  }
  explicit Waiting(const Context&) {}

  // Holds its own call, as an operation does that answers later.
  void park(Call call) {
    {
      const std::lock_guard lock(mutex);
      parked.push_back(call);
    }
    call.on_cancel([call] {
      ++cancels;
      call.fail(Error(499, "left", "the client left"));
    });
  }
  void hold_and_throw(Call call) {
    call.on_cancel([call, mark = trace.mark] {});
    call.on_drained([call, mark = trace.mark] {});
    call.on_message([call, mark = trace.mark](const Message&) {});
    throw std::runtime_error("after registering");
  }
  void register_after(Call call) {
    call.send(nullptr);
    call.on_cancel([call, mark = trace.mark] { ++cancels; });
    call.on_drained([call, mark = trace.mark] {});
    call.on_message([call, mark = trace.mark](const Message&) {});
  }
  void register_when_gone(Call call) {
    call.on_cancel([call] { call.finish(); });
    seat->cancel(seat_call);
    call.on_drained([call, mark = trace.mark] {});
    call.on_message([call, mark = trace.mark](const Message&) {});
  }
  static std::vector<Call> take() {
    const std::lock_guard lock(mutex);
    return std::exchange(parked, {});
  }

  static inline std::mutex mutex;
  static inline std::vector<Call> parked;
  static inline std::atomic<int> cancels{0};
  static inline Trace trace;
  static inline Seat* seat = nullptr;
  static inline berth_call seat_call = 0;
};

struct PluginCancelTest : testing::Test {
  PluginCancelTest() {
    Waiting::take();
    Waiting::cancels = 0;
    Waiting::trace = {};
  }
  Seat seat{detail::entry<Waiting>()};
};

TEST_F(PluginCancelTest, OnCancelIsCalledWhenTheClientLeaves) {
  const auto call = seat.start("waiting.park");
  EXPECT_EQ(seat.host.answer(call).how, "");
  seat.cancel(call);
  EXPECT_EQ(Waiting::cancels, 1);
  EXPECT_EQ(seat.host.answer(call).problem, "left");
}

TEST_F(PluginCancelTest, AClientThatLeftBeforeThePluginHeardOfTheCallIsNotWaitedFor) {
  const auto raw = seat.request("waiting.park");
  seat.cancel(raw.call);  // the call still stood in line
  seat.api().invoke(seat.self(), &raw);
  EXPECT_EQ(Waiting::cancels, 1);
  EXPECT_EQ(seat.host.answer(raw.call).problem, "left");
}

TEST_F(PluginCancelTest, ACancelForAStrangerHarmsNobody) {
  seat.cancel(4711);
  seat.message(4711, "x");
  seat.api().drained(seat.self(), 4711);
  EXPECT_EQ(Waiting::cancels, 0);
}

TEST_F(PluginCancelTest, AnAnsweredCallIsNotCancelled) {
  const auto call = seat.start("waiting.park");
  for (const auto& one : Waiting::take()) one.send(true);
  seat.cancel(call);
  EXPECT_EQ(Waiting::cancels, 0);
  EXPECT_EQ(seat.host.answer(call).body, "true");
}

TEST_F(PluginCancelTest, NothingRegisteredOutlivesAHandlerThatThrew) {
  EXPECT_EQ(seat.call("waiting.throw").problem, "plugin_error");
  EXPECT_EQ(Waiting::trace.left(), 0);
}

TEST_F(PluginCancelTest, NothingIsRegisteredOnceTheCallIsOver) {
  EXPECT_EQ(seat.call("waiting.after").body, "null");
  EXPECT_EQ(Waiting::trace.left(), 0);
  EXPECT_EQ(Waiting::cancels, 0);
}

TEST_F(PluginCancelTest, NothingIsRegisteredOnceTheClientLeft) {
  const auto raw = seat.request("waiting.gone");
  Waiting::seat = &seat;
  Waiting::seat_call = raw.call;
  seat.api().invoke(seat.self(), &raw);
  EXPECT_EQ(seat.host.answer(raw.call).how, "finish");
  EXPECT_EQ(Waiting::trace.left(), 0);
}

TEST_F(PluginCancelTest, ACancelledCallThatNobodyHoldsEnds) {
  const auto call = seat.start("waiting.none");
  EXPECT_EQ(seat.host.answer(call).how, "");
  seat.cancel(call);
  EXPECT_EQ(seat.host.answer(call).how, "fail");
}

// Run under ThreadSanitizer, too: the answer, the cancel and the registration race, and whoever wins, each call ends
// once and at most one on_cancel comes.
TEST_F(PluginCancelTest, RacingAnswersAndCancelsEndEachCallOnce) {
  constexpr int calls = 500;
  std::vector<berth_request> requests;
  for (int i = 0; i < calls; ++i) requests.push_back(seat.request("waiting.park"));
  std::atomic<bool> done{false};
  std::thread caller([&] {
    for (const auto& raw : requests) seat.api().invoke(seat.self(), &raw);
  });
  std::thread client([&] {
    for (const auto& raw : requests) seat.cancel(raw.call);
  });
  std::thread answerer([&] {
    while (!done) {
      for (const auto& one : Waiting::take()) one.send(true);
      std::this_thread::yield();
    }
  });
  caller.join();
  client.join();
  done = true;
  answerer.join();
  for (const auto& one : Waiting::take()) one.send(true);
  int left = 0;
  for (const auto& raw : requests) {
    const auto answer = seat.host.answer(raw.call);
    EXPECT_FALSE(answer.how.empty());
    left += answer.problem == "left";
  }
  EXPECT_GE(Waiting::cancels, left);
  EXPECT_LE(Waiting::cancels, calls);
}

}  // namespace
}  // namespace berth
