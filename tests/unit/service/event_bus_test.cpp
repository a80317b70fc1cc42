// The ring of events: what listeners hear, what they lose, and what they are told of that.
#include "service/event_bus.hpp"

#include <gtest/gtest.h>

#include "service/event_loop.hpp"

namespace berth::service {
namespace {

class EventBusTest : public testing::Test {
 protected:
  EventBusTest() { m_loop.adopt(); }
  void turn() {
    m_loop.context().restart();
    m_loop.context().poll();
  }
  std::vector<std::string> heard(EventBus::Listener& from) {
    std::vector<std::string> topics;
    while (const auto* event = from.next()) topics.push_back(event->topic);
    return topics;
  }
  using Topics = std::vector<std::string>;

  EventLoop m_loop;
  ManualClock m_clock;
  EventBus m_bus{m_loop, m_clock, {4, 1u << 20}};
};

TEST_F(EventBusTest, IdsRiseAndAreNotUsedAgainAfterARestart) {
  const auto first = m_bus.publish({0, "a.b"});
  EXPECT_EQ(m_bus.publish({0, "a.b"}), first + 1);
  m_clock.advance(std::chrono::milliseconds(1));
  EventBus later(m_loop, m_clock, {});
  EXPECT_GT(later.publish({0, "a.b"}), first + 1);
  EXPECT_LT(first, std::uint64_t{1} << 53);  // what every reader of JSON can hold
}

TEST_F(EventBusTest, ListenersHearWhatFits) {
  const auto all = m_bus.listen({}, std::nullopt, [] {});
  const auto one = m_bus.listen({{"a.*", "c.d"}, {}}, std::nullopt, [] {});
  for (const char* topic : {"a.b", "b.b", "c.d", "c.e"}) m_bus.publish({0, topic});
  EXPECT_EQ(heard(*all), (Topics{"a.b", "b.b", "c.d", "c.e"}));
  EXPECT_EQ(heard(*one), (Topics{"a.b", "c.d"}));
  EXPECT_EQ(heard(*one), Topics{});
}

TEST_F(EventBusTest, ASessionHearsItsOwnAndWhatIsForEverybody) {
  const auto bound = m_bus.listen({{"*"}, "alice"}, std::nullopt, [] {});
  const auto free = m_bus.listen({{"*"}, std::nullopt}, std::nullopt, [] {});
  m_bus.publish({0, "x.hers", "alice"});
  m_bus.publish({0, "x.his", "bob"});
  m_bus.publish({0, "x.all"});
  m_bus.publish({0, "x.guarded", "", "", true});
  EXPECT_EQ(heard(*bound), (Topics{"x.hers", "x.all"}));
  EXPECT_EQ(heard(*free), (Topics{"x.hers", "x.his", "x.all", "x.guarded"}));
}

TEST_F(EventBusTest, WhoTakesANameDoesNotHearWhatWasForTheOneBefore) {
  m_bus.publish({0, "x.before", "alice"});
  m_bus.publish({0, "x.other", "bob"});
  m_bus.guard("alice");
  m_bus.publish({0, "x.after", "alice"});
  EXPECT_EQ(heard(*m_bus.listen({{"*"}, "alice"}, 0, [] {})), (Topics{"x.after"}));
  EXPECT_EQ(heard(*m_bus.listen({{"*"}, "bob"}, 0, [] {})), (Topics{"x.other"}));
  EXPECT_EQ(heard(*m_bus.listen({{"*"}, std::nullopt}, 0, [] {})).size(), 3u);
}

TEST_F(EventBusTest, TheSlowLoseTheOldestAndAreToldHowMany) {
  const auto slow = m_bus.listen({{"a.*"}, {}}, std::nullopt, [] {});
  for (int i = 0; i < 10; ++i) {
    m_bus.publish({0, "a.b"});
    m_bus.publish({0, "b.b"});
  }
  EXPECT_EQ(slow->take_lost(), 8u);  // of its own, and not of others
  EXPECT_EQ(slow->take_lost(), 0u);
  EXPECT_EQ(heard(*slow).size(), 2u);
}

TEST_F(EventBusTest, WhatWasMissedIsHeardAgainOrSaidToBeGone) {
  const auto first = m_bus.publish({0, "a.one"});
  m_bus.publish({0, "a.two"});
  const auto again = m_bus.listen({}, first, [] {});
  EXPECT_FALSE(again->incomplete());
  EXPECT_EQ(heard(*again), Topics{"a.two"});
  EXPECT_EQ(heard(*m_bus.listen({}, 0, [] {})), (Topics{"a.one", "a.two"}));
  for (int i = 0; i < 4; ++i) m_bus.publish({0, "a.more"});
  EXPECT_TRUE(m_bus.listen({}, first, [] {})->incomplete());
  EXPECT_TRUE(m_bus.listen({}, first + 100, [] {})->incomplete());  // of another host
  EXPECT_FALSE(m_bus.listen({}, 0, [] {})->incomplete());
}

TEST_F(EventBusTest, NewsComeOnceForManyAndNeverFromWithin) {
  int news = 0;
  auto listener = m_bus.listen({}, std::nullopt, [&] { ++news; });
  m_bus.publish({0, "a.b"});
  m_bus.publish({0, "a.b"});
  EXPECT_EQ(news, 0);
  turn();
  EXPECT_EQ(news, 1);
  m_bus.publish({0, "a.b"});
  listener.reset();
  turn();
  EXPECT_EQ(news, 1);
}

TEST_F(EventBusTest, BytesAreBounded) {
  m_bus.limit({1000, 10'000});
  for (int i = 0; i < 100; ++i) m_bus.publish({0, "a.b", "", std::string(1000, 'x')});
  EXPECT_LT(heard(*m_bus.listen({}, 0, [] {})).size(), 10u);
  m_bus.publish({0, "a.b", "", std::string(20'000, 'x')});  // is more than there may be
  EXPECT_EQ(heard(*m_bus.listen({}, 0, [] {})).size(), 0u);
}

TEST(Topic, IsWordsJoinedByDots) {
  for (const char* good : {"a", "a.b", "shelf_2.added.twice"}) EXPECT_TRUE(is_topic(good)) << good;
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "A.b", "a b", "a\nb", "ä"}) EXPECT_FALSE(is_topic(bad)) << bad;
  EXPECT_FALSE(is_topic(std::string(201, 'a')));
}

}  // namespace
}  // namespace berth::service
