// What policies keep, hear, call, say, and ask people for.
#include "engine_kit.hpp"

#include <csignal>

namespace berth::policy {
namespace {

constexpr const char* counter =
    "before(function(call)\n"
    "  berth.state.count = (berth.state.count or 0) + 1\n"
    "  if call.input.fail then error('late') end\n"
    "  return deny(tostring(berth.state.count))\n"
    "end)";

std::string last_word(const Verdict& verdict) {
  const auto& text = verdict.refusal ? verdict.refusal->message : std::string();
  return text.substr(text.rfind(' ') + 1);
}

TEST_F(EngineTest, StateIsOfEachSessionAndOutlivesProcessAndHost) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use(counter), "");
  EXPECT_EQ(last_word(before()), "1");
  EXPECT_EQ(last_word(before()), "2");
  Call other;
  other.session = "s2";
  EXPECT_EQ(last_word(before(other)), "1");
  EXPECT_EQ(use(counter), "");  // a reload
  EXPECT_EQ(last_word(before()), "3");
  Ledger again;
  ASSERT_FALSE(again.open(m_folder.file("policies")));
  ASSERT_EQ(again.entries().size(), 2u);
  EXPECT_EQ(again.entries()[0].value, "3");
}

TEST_F(EngineTest, WhatAFailedHookWroteIsNotKept) {
  EXPECT_EQ(use(counter), "");
  EXPECT_EQ(last_word(before()), "1");
  Call bad;
  bad.input = R"({"fail":true})";
  EXPECT_NE(words(before(bad)).find("late"), std::string::npos);
  EXPECT_EQ(last_word(before()), "2");
}

TEST_F(EngineTest, ATableThatWasChangedInItsDepthIsKept) {
  EXPECT_EQ(use("before(function() if not berth.state.t then berth.state.t = { n = 0 } end\n"
                "berth.state.t.n = berth.state.t.n + 1 return deny(tostring(berth.state.t.n)) end)"),
            "");
  EXPECT_EQ(last_word(before()), "1");
  EXPECT_EQ(last_word(before()), "2");
  const auto pid = m_engine.facts()["pid"].get<int>();
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(turn([&] { return m_engine.facts().contains("pid") && m_engine.facts()["pid"] != pid; }));
  EXPECT_EQ(last_word(before()), "3");
}

TEST_F(EngineTest, StateHasABound) {
  EXPECT_EQ(use("before(function() berth.state.x = string.rep('x', 70000) end)"), "");
  EXPECT_NE(words(before()).find("64 KiB"), std::string::npos);
}

TEST_F(EngineTest, ASessionThatEndsTakesItsStateAlong) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use(counter), "");
  Call call;
  call.session = "s1";
  before(call);
  m_events.publish({0, "session.deleted", "s1", "{}"});
  m_loop.context().restart();
  m_loop.context().poll();
  EXPECT_EQ(last_word(before(call)), "1");
}

TEST_F(EngineTest, EventsAreHeardAndSaid) {
  EXPECT_EQ(use("event('plugin.*', function(e) berth.emit('seen', { of = e.data.plugin, topic = e.topic }) end)"), "");
  const auto listener = m_events.listen({{"policy.*"}, {}}, std::nullopt, [] {});
  m_events.publish({0, "plugin.died", {}, R"({"plugin":"clock"})"});
  const service::Event* event = nullptr;
  ASSERT_TRUE(turn([&] { return event || (event = listener->next()); }));
  EXPECT_EQ(event->topic, "policy.rule.seen");
  EXPECT_EQ(nlohmann::json::parse(event->data), nlohmann::json::parse(R"({"of":"clock","topic":"plugin.died"})"));
}

TEST_F(EngineTest, EveryAndStartRunByThemselvesAndLog) {
  EXPECT_EQ(use("start(function() berth.log('begun') end)\nevery(1, function() berth.log('warn', 'tick') end)"), "");
  const auto logged = [&](const std::string& line) {
    return turn([&] { return std::find(m_logged.begin(), m_logged.end(), line) != m_logged.end(); });
  };
  EXPECT_TRUE(logged("policy.rule: begun"));
  EXPECT_TRUE(logged("policy.rule: tick"));
}

TEST_F(EngineTest, AHookWaitsForAnOperationAndOthersAreAskedMeanwhile) {
  EXPECT_EQ(use("after(function(call, result)\n"
                "  local answer, problem = berth.call('x.check', { n = 1 })\n"
                "  if not answer then return deny(problem.code) end\n"
                "  return rewrite { output = answer } end)\n"
                "before(function() return deny 'meanwhile' end)"),
            "");
  session::Asker asker;
  asker.who = {"alice", session::Scope::run, std::nullopt};
  const Asked asked{"a.b", session::Scope::run, asker, "{}"};
  std::optional<Verdict> first, second;
  m_engine.after(asked, {200, "{}", {}}, [&](Verdict verdict) { first = std::move(verdict); });
  ASSERT_TRUE(turn([&] { return m_errands.size() == 1; }));
  EXPECT_EQ(m_errands[0].policy + " " + m_errands[0].operation + " " + m_errands[0].input, "rule x.check {\"n\":1}");
  EXPECT_EQ(words(before()), "the policy rule (rule.lua:5) denies a.b: meanwhile");
  EXPECT_FALSE(first);
  m_errands[0].done(true, R"({"good":true})");
  ASSERT_TRUE(turn([&] { return first.has_value(); }));
  EXPECT_EQ(first->rewritten, R"({"good":true})");
  m_engine.after(asked, {200, "{}", {}}, [&](Verdict verdict) { second = std::move(verdict); });
  ASSERT_TRUE(turn([&] { return m_errands.size() == 2; }));
  m_errands[1].done(false, R"({"code":"busy"})");
  ASSERT_TRUE(turn([&] { return second.has_value(); }));
  EXPECT_NE(words(*second).find("busy; the operation was carried out"), std::string::npos);
}

TEST_F(EngineTest, BeforeDoesNotWait) {
  EXPECT_EQ(use("before(function() berth.call('x.check') end)"), "");
  EXPECT_NE(words(before()).find("berth.call is not for before"), std::string::npos);
}

TEST_F(EngineTest, WhatIsThereIsKnown) {
  m_there.insert("x.here");
  EXPECT_EQ(use("needs('x.here', 'nothing') needs('x.away', 'less')\n"
                "before(function() return deny(tostring(berth.has 'x.here') .. tostring(berth.has 'x.away')) end)"),
            "");
  EXPECT_EQ(last_word(before()), "truefalse");
  EXPECT_EQ(m_engine.facts()["policies"][0]["lacks"],
            nlohmann::json::parse(R"([{"operation":"x.away","otherwise":"less"}])"));
}

class ApprovalTest : public EngineTest {
 protected:
  void park(const std::string& options = "timeout = 60") {
    EXPECT_EQ(use("before(function() return approve { 'it deletes', " + options + " } end)"), "");
    m_ticket = begin({}, m_verdict);
    ASSERT_TRUE(turn([&] { return m_verdict || m_engine.approvals().all().size() == 1; }));
  }
  std::string id() { return m_engine.approvals().all().at(0)->id; }
  std::optional<Verdict> m_verdict;
  std::uint64_t m_ticket = 0;
};

TEST_F(ApprovalTest, ACallWaitsForSomebodysYes) {
  const auto listener = m_events.listen({{"approval.*"}, {}}, std::nullopt, [] {});
  park();
  EXPECT_FALSE(m_verdict);
  EXPECT_EQ(m_engine.approvals().all()[0]->reason, "it deletes");
  EXPECT_FALSE(m_engine.approvals().answer(id(), true, "", "bob"));
  ASSERT_TRUE(m_verdict);
  EXPECT_EQ(words(*m_verdict), "allowed");
  EXPECT_EQ(listener->next()->topic, "approval.asked");
  EXPECT_EQ(listener->next()->topic, "approval.granted");
}

TEST_F(ApprovalTest, ANoIsARefusalWithItsReason) {
  park();
  EXPECT_FALSE(m_engine.approvals().answer(id(), false, "not today", "bob"));
  ASSERT_TRUE(m_verdict);
  EXPECT_EQ(m_verdict->refusal->code, "not_approved");
  EXPECT_EQ(words(*m_verdict), "a.b was not approved: bob: not today");
}

TEST_F(ApprovalTest, NobodyAnswersInTime) {
  park("timeout = 1");
  ASSERT_TRUE(turn([&] { return m_verdict.has_value(); }));
  EXPECT_EQ(words(*m_verdict), "a.b was not approved: nobody answered in time");
}

TEST_F(ApprovalTest, WhoLeavesWaitsNoLonger) {
  park();
  m_engine.forget(m_ticket);
  EXPECT_TRUE(m_engine.approvals().all().empty());
  EXPECT_EQ(m_engine.approvals().answer("x", true, "", "bob")->status, 404);
  EXPECT_FALSE(m_verdict);
}

TEST_F(ApprovalTest, AWordThatIsAwaitedOutlivesTheProcess) {
  park();
  ::kill(m_engine.facts()["pid"].get<int>(), SIGKILL);
  ASSERT_TRUE(turn([&] { return m_engine.facts()["restarts"] == 1; }));
  EXPECT_FALSE(m_engine.approvals().answer(id(), true, "", "bob"));
  EXPECT_EQ(words(*m_verdict), "allowed");
}

}  // namespace
}  // namespace berth::policy
