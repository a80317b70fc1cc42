// What policies hear of events, and what becomes of those that come while there is nobody to hear them.
#include <csignal>

#include "engine_kit.hpp"

namespace berth::policy {
namespace {

TEST_F(EngineTest, EventsAreHeardAndSaid) {
  EXPECT_EQ(use("event('plugin.*', function(e) berth.emit('seen', { of = e.data.plugin, topic = e.topic }) end)"), "");
  const auto listener = m_events.listen({{"policy.*"}, {}}, std::nullopt, [] {});
  m_events.publish({0, "plugin.died", {}, R"({"plugin":"clock"})"});
  const service::Event* event = nullptr;
  ASSERT_TRUE(turn([&] { return event || (event = listener->next()); }));
  EXPECT_EQ(event->topic, "policy.rule.seen");
  EXPECT_EQ(nlohmann::json::parse(event->data), nlohmann::json::parse(R"({"of":"clock","topic":"plugin.died"})"));
}

TEST_F(EngineTest, AnEventThatIsStuckHoldsUpItsSessionAlone) {
  EXPECT_EQ(use("event('x.*', function(e)\n  if e.topic == 'x.slow' then berth.call('x.check') end\n"
                "  berth.log(e.session .. ' ' .. e.topic)\nend)"),
            "");
  const auto heard = [&](const std::string& line) {
    return std::count(m_logged.begin(), m_logged.end(), "policy.rule: " + line) == 1;
  };
  m_events.publish({0, "x.slow", "one", "{}"});
  m_events.publish({0, "x.next", "one", "{}"});
  m_events.publish({0, "x.next", "two", "{}"});
  ASSERT_TRUE(turn([&] { return heard("two x.next") && !m_errands.empty(); }));
  EXPECT_FALSE(heard("one x.next"));
  m_errands[0].done(true, "{}");
  ASSERT_TRUE(turn([&] { return heard("one x.next"); }));
  EXPECT_LT(std::find(m_logged.begin(), m_logged.end(), "policy.rule: one x.slow"),
            std::find(m_logged.begin(), m_logged.end(), "policy.rule: one x.next"));
}

TEST_F(EngineTest, EventsOfTheTimeWithoutAProcessAreHeardByTheNext) {
  EXPECT_EQ(use("event('x.*', function(e) berth.log(e.topic) end)"), "");
  ::kill(m_engine.facts()["pid"].get<int>(), SIGKILL);
  ASSERT_TRUE(turn([&] { return m_engine.facts()["restarts"] == 1; }));
  EXPECT_EQ(m_engine.facts()["state"], "restarting");
  m_events.publish({0, "x.one", {}, "{}"});
  const auto heard = [&](const std::string& topic) {
    return std::count(m_logged.begin(), m_logged.end(), "policy.rule: " + topic);
  };
  ASSERT_TRUE(turn([&] { return heard("x.one") == 1; }));
  EXPECT_EQ(m_engine.facts()["state"], "ready");
  bool replaced = false;
  Policies fresh;
  fresh.all = {chosen("rule", "event('x.*', function(e) berth.log(e.topic) end)")};
  m_engine.replace(std::move(fresh), [&](const std::optional<service::Error>&) {
    m_events.publish({0, "x.two", {}, "{}"});
    replaced = true;
  });
  ASSERT_TRUE(turn([&] { return replaced && heard("x.two") == 1; }));
}

constexpr const char* hears = "event('x.*', function(e) berth.log(e.topic) end)";

class EngineEventsTest : public EngineTest {
 protected:
  std::ptrdiff_t times(const std::string& line) const { return std::count(m_logged.begin(), m_logged.end(), line); }
};

// The process is told it, and does not come to answer.
TEST_F(EngineEventsTest, TheEventThatTheyAreAtWhenOthersTakeTheirPlaceIsHeardByThose) {
  EXPECT_EQ(use(hears), "");
  ::kill(m_engine.facts()["pid"].get<int>(), SIGSTOP);
  m_events.publish({0, "x.one", "s", "{}"});
  m_events.publish({0, "x.two", "s", "{}"});
  ASSERT_TRUE(turn([&] { return m_engine.facts()["waiting"] == 1; }));
  EXPECT_EQ(use(hears), "");
  ASSERT_TRUE(turn([&] { return times("policy.rule: x.two") == 1; }));
  EXPECT_EQ(times("policy.rule: x.one"), 1);
  EXPECT_LT(std::find(m_logged.begin(), m_logged.end(), "policy.rule: x.one"),
            std::find(m_logged.begin(), m_logged.end(), "policy.rule: x.two"));
}

TEST_F(EngineEventsTest, AHangOfAnotherHookCostsNoEvent) {
  EXPECT_EQ(use({chosen("hangs", "before(function() while true do end end)"), chosen("rule", hears)}), "");
  std::optional<Verdict> verdict;
  begin({}, verdict);
  m_events.publish({0, "x.one", {}, "{}"});
  ASSERT_TRUE(turn([&] { return verdict && times("policy.rule: x.one") == 1; }));
  EXPECT_EQ(m_engine.facts()["restarts"], 1);
}

TEST_F(EngineEventsTest, WhatNobodyHearsAnyMoreIsNotKeptForOthers) {
  EXPECT_EQ(use("event('x.*', function() berth.call('x.check') end)"), "");
  m_events.publish({0, "x.one", "s", "{}"});
  m_events.publish({0, "x.two", "s", "{}"});
  ASSERT_TRUE(turn([&] { return m_errands.size() == 1; }));
  EXPECT_EQ(use(std::vector<Chosen>()), "");
  EXPECT_EQ(use(hears), "");
  m_events.publish({0, "x.three", "s", "{}"});
  ASSERT_TRUE(turn([&] { return times("policy.rule: x.three") == 1; }));
  EXPECT_EQ(times("policy.rule: x.two"), 0);
}

// The second loss comes within a second of the first line, and nothing comes after it.
TEST_F(EngineEventsTest, HowManyWereLostIsSaidToTheLast) {
  const std::string line = "policy: events came faster than policies hear them, and the oldest are lost";
  m_events.limit({10, 1u << 20});
  EXPECT_EQ(use(hears), "");
  for (int i = 0; i < 50; ++i) m_events.publish({0, "x.one", {}, "{}"});
  ASSERT_TRUE(turn([&] { return times("policy.rule: x.one") == 10; }));
  EXPECT_EQ(times(line), 1);
  EXPECT_EQ(m_fields["lost"], "40");
  for (int i = 0; i < 15; ++i) m_events.publish({0, "x.one", {}, "{}"});
  ASSERT_TRUE(turn([&] { return times(line) == 2; }));
  EXPECT_EQ(m_fields["lost"], "45");
}

TEST_F(EngineEventsTest, WhatWasLostJustBeforeTheStopIsSaid) {
  m_events.limit({10, 1u << 20});
  EXPECT_EQ(use(hears), "");
  for (int i = 0; i < 50; ++i) m_events.publish({0, "x.one", {}, "{}"});
  ASSERT_TRUE(turn([&] { return times("policy.rule: x.one") == 10; }));
  for (int i = 0; i < 15; ++i) m_events.publish({0, "x.one", {}, "{}"});
  m_engine.stop([] {});
  EXPECT_EQ(m_fields["lost"], "45");
}

}  // namespace
}  // namespace berth::policy
