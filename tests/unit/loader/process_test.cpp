// The parts of a plugin's own process: when it is started again, and how a call there waits for room.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "loader/process/near_reply.hpp"
#include "loader/process/packed.hpp"
#include "loader/process/restarts.hpp"

namespace berth::loader {
namespace {

using namespace std::chrono_literals;

TEST(Restarts, WaitLongerEachTimeAndNeverAllAtOnce) {
  Restarts restarts({100, 60'000ms, 100ms, 30'000ms}, 1);
  service::ManualClock clock;
  auto expected = 100ms;
  for (int i = 0; i < 12; ++i) {
    const auto wait = restarts.died(clock.now());
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, expected * 8 / 10);
    EXPECT_LE(*wait, expected * 12 / 10);
    expected = std::min<std::chrono::milliseconds>(expected * 2, 30'000ms);
  }
}

TEST(Restarts, EndAfterTooManyDeathsInTheWindow) {
  Restarts restarts({3, 1'000ms, 100ms, 30'000ms}, 1);
  service::ManualClock clock;
  EXPECT_TRUE(restarts.died(clock.now()));
  EXPECT_TRUE(restarts.died(clock.now()));
  clock.advance(1'001ms);  // both are forgotten
  EXPECT_LE(*restarts.died(clock.now()), 120ms);
  EXPECT_TRUE(restarts.died(clock.now()));
  EXPECT_FALSE(restarts.died(clock.now()));
  restarts.forgive();
  EXPECT_TRUE(restarts.died(clock.now()));
  EXPECT_EQ(restarts.total(), 6u);
}

// One call in the plugin's process, and the host's end of the link.
class Near : public testing::Test {
 protected:
  Near() {
    m_loop.adopt();
    auto [host, plugin] = Link::pair();
    m_host = std::make_shared<Link>(m_loop, std::move(host));
    m_link = std::make_shared<Link>(m_loop, std::move(plugin));
    m_host->open([this](Frame frame) { m_got.push_back(std::move(frame)); }, [] {});
  }
  ~Near() override {
    m_host->close();
    m_link->close();
    m_loop.context().restart();
    m_loop.context().poll();
  }
  std::shared_ptr<NearReply> call(Kind kind, std::uint64_t window = 1000) {
    return std::make_shared<NearReply>(Request{}, NearReply::Place{m_link, m_loop, 5, kind, window},
                                       [this] { ++m_ended; });
  }
  void turn() {
    m_loop.context().restart();
    while (m_loop.context().poll() > 0) {
    }
  }

  service::EventLoop m_loop;
  std::shared_ptr<Link> m_host, m_link;
  std::vector<Frame> m_got;
  int m_ended = 0;
};

TEST_F(Near, GivesOnlyWhatItsKindMay) {
  EXPECT_EQ(call(Kind::call)->chunk({"x", {}, {}, false}), Flow::wrong);
  EXPECT_EQ(call(Kind::call)->finish(0, {}), Flow::wrong);
  EXPECT_EQ(call(Kind::stream)->send("{}"), Flow::wrong);
  EXPECT_EQ(call(Kind::stream)->begin({}), Flow::wrong);
  EXPECT_EQ(call(Kind::download)->file({}, {}), Flow::wrong);
  EXPECT_EQ(call(Kind::upload)->begin({}), Flow::wrong);
  EXPECT_EQ(call(Kind::http)->send("{}"), Flow::wrong);
  EXPECT_EQ(call(Kind::http)->file({}, {}), Flow::wrong);
  EXPECT_EQ(call(Kind::http)->begin({}), Flow::ok);
  turn();
  m_got.clear();
  EXPECT_EQ(m_ended, 0);
  const auto one = call(Kind::call);
  EXPECT_EQ(one->send("{}"), Flow::ok);
  EXPECT_EQ(one->send("{}"), Flow::wrong);
  EXPECT_EQ(one->fail({}), Flow::wrong);
  EXPECT_EQ(m_ended, 1);
  turn();
  ASSERT_EQ(m_got.size(), 1u);
  EXPECT_EQ(m_got[0].kind, FrameKind::send);
  EXPECT_EQ(m_got[0].call, 5u);
}

TEST_F(Near, IsFullUntilTheHostHasPassedItOn) {
  const auto stream = call(Kind::stream);
  const Chunk chunk{std::string(400, 'x'), {}, {}, false};
  EXPECT_EQ(stream->chunk(chunk), Flow::ok);
  EXPECT_EQ(stream->chunk(chunk), Flow::ok);
  EXPECT_EQ(stream->chunk(chunk), Flow::full);
  EXPECT_EQ(stream->wait(), Flow::full);  // on the I/O thread it does not wait
  EXPECT_FALSE(stream->consumed(weight_of(400)));
  EXPECT_TRUE(stream->consumed(weight_of(400)));
  EXPECT_EQ(stream->chunk(chunk), Flow::ok);
  EXPECT_FALSE(stream->consumed(~0ull));  // more than there was
}

TEST_F(Near, WaitsOnOtherThreadsForRoomOrTheEnd) {
  const auto wait_full = [this](auto release) {
    const auto stream = call(Kind::stream, 100);
    EXPECT_EQ(stream->chunk({std::string(200, 'x'), {}, {}, false}), Flow::full);
    Flow flow = Flow::wrong;
    std::thread waiter([&] { flow = stream->wait(); });
    std::this_thread::sleep_for(20ms);
    release(*stream);
    waiter.join();
    return flow;
  };
  EXPECT_EQ(wait_full([](NearReply& reply) { reply.consumed(1000); }), Flow::ok);
  EXPECT_EQ(wait_full([](NearReply& reply) { reply.mark_cancelled(); }), Flow::gone);
  EXPECT_EQ(wait_full([](NearReply& reply) { reply.finish(0, {}); }), Flow::gone);
}

TEST_F(Near, ToldThatNobodyWaitsSaysGoneAndStillEnds) {
  const auto stream = call(Kind::stream);
  stream->mark_cancelled();
  EXPECT_TRUE(stream->cancelled());
  EXPECT_EQ(stream->chunk({"x", {}, {}, false}), Flow::gone);
  EXPECT_EQ(stream->finish(0, {}), Flow::gone);
  EXPECT_EQ(m_ended, 1);
  turn();
  ASSERT_EQ(m_got.size(), 1u);  // the host must learn that its number is free
  EXPECT_EQ(m_got[0].kind, FrameKind::finish);
}

}  // namespace
}  // namespace berth::loader
