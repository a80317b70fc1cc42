// What a hook may say of a call, and what becomes of calls when a policy throws, hangs or dies.
#include "engine_kit.hpp"

#include <csignal>

namespace berth::policy {
namespace {

using session::Scope;

TEST_F(EngineTest, NobodyIsAskedWhereThereAreNoPolicies) {
  session::Asker asker;
  EXPECT_FALSE(m_engine.asks_before({"a.b", Scope::run, asker, "{}"}));
  EXPECT_TRUE(m_engine.facts().is_null());
}

TEST_F(EngineTest, WhoIsNotAskedAboutCostsNothing) {
  EXPECT_EQ(use("before('shell.*', function() return deny 'no shell' end)"), "");
  session::Asker asker;
  EXPECT_FALSE(m_engine.asks_before({"a.b", Scope::run, asker, "{}"}));
  EXPECT_TRUE(m_engine.asks_before({"shell.run", Scope::run, asker, "{}"}));
  EXPECT_FALSE(m_engine.asks_before({"shell.run", Scope::open, asker, "{}"}));
  asker.of_policy = true;
  EXPECT_FALSE(m_engine.asks_before({"shell.run", Scope::run, asker, "{}"}));
}

TEST_F(EngineTest, DenialNamesPolicyLineAndReason) {
  EXPECT_EQ(use("before(function(call)\n  return deny { 'not ' .. call.operation .. ' by ' .. call.caller }\nend)"),
            "");
  const auto verdict = before();
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->status, 403);
  EXPECT_EQ(verdict.refusal->code, "denied");
  EXPECT_EQ(verdict.refusal->message, "the policy rule (rule.lua:2) denies a.b: not a.b by alice");
}

TEST_F(EngineTest, DenialForAWhileSaysWhenToComeAgain) {
  EXPECT_EQ(use("before(function() return deny { 'slowly', retry_after = 7 } end)"), "");
  const auto verdict = before();
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->status, 429);
  EXPECT_EQ(verdict.refusal->retry_after, std::chrono::seconds(7));
}

TEST_F(EngineTest, InputIsSeenAndRewrittenForAllThatFollow) {
  EXPECT_EQ(
      use({chosen("one",
                  "before(function(call) call.input.list[2] = call.input.text .. '!' "
                  "return rewrite { input = call.input } end)"),
           chosen("two", "before(function(call) if call.input.list[2] ~= 'hi\\n!' then return deny 'other' end end)")}),
      "");
  Call call;
  call.input = R"({"empty":[],"list":[1],"text":"hi\n"})";
  const auto verdict = before(call);
  EXPECT_EQ(words(verdict), "allowed");
  EXPECT_EQ(nlohmann::json::parse(verdict.rewritten),
            nlohmann::json::parse(R"({"empty":[],"list":[1,"hi\n!"],"text":"hi\n"})"));
  EXPECT_EQ(verdict.by, "one (one.lua:1)");
}

TEST_F(EngineTest, WhatCanBeReadCanBeWritten) {
  EXPECT_EQ(use("before(function(call) return rewrite { input = call.input } end)"), "");
  Call call;
  call.input = "{\"a\":" + std::string(62, '[') + "1" + std::string(62, ']') + "}";
  EXPECT_EQ(before(call).rewritten, call.input);
}

TEST_F(EngineTest, OutputIsSeenAndRewritten) {
  EXPECT_EQ(use("after(function(call, result) if result.good and result.output.secret then "
                "result.output.secret = berth.null return rewrite { output = result.output } end end)"),
            "");
  EXPECT_EQ(after(R"({"secret":"x"})").rewritten, R"({"secret":null})");
  EXPECT_EQ(after(R"({"other":1})").rewritten, "");
}

TEST_F(EngineTest, DelayLetsGoLater) {
  EXPECT_EQ(use("before(function() return delay(0.03) end)"), "");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(words(before()), "allowed");
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(30));
}

TEST_F(EngineTest, ChargesAndWhatRemains) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use("before(function() charge { steps = 2 } remaining { steps = 8 } end)"), "");
  EXPECT_EQ(before().remaining, "steps=8");
  EXPECT_EQ(before().remaining, "steps=8");
  EXPECT_EQ(m_engine.charged("main"), (std::map<std::string, double>{{"steps", 4}}));
}

TEST_F(EngineTest, WhoThrowsRefusesWhatCouldDoHarm) {
  EXPECT_EQ(use("before(function(call)\n\n  return call.nothing.at.all\nend)"), "");
  const auto verdict = before();
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->status, 503);
  EXPECT_EQ(verdict.refusal->code, "policy_failed");
  EXPECT_NE(verdict.refusal->message.find("the policy rule failed at rule.lua:3: "), std::string::npos)
      << verdict.refusal->message;
  EXPECT_EQ(words(before("a.b", Scope::admin)), verdict.refusal->message);
  EXPECT_EQ(words(before("a.b", Scope::read)), "allowed");
  EXPECT_EQ(m_engine.facts()["policies"][0]["failures"], 3);
}

TEST_F(EngineTest, WhoThrowsLeavesTheOthersTheirWordAboutReads) {
  EXPECT_EQ(use({chosen("broken", "before(function() error {} end)"),
                 chosen("strict", "before(function() return deny 'no' end)")}),
            "");
  EXPECT_EQ(words(before("a.b", Scope::read)), "the policy strict (strict.lua:1) denies a.b: no");
}

TEST_F(EngineTest, WhoHangsIsNamedWithItsLineAndTheOthersGoOn) {
  EXPECT_EQ(use("before('hang.*', function()\n  local x = 0\n  while true do x = x + 1 end\nend)\n"
                "before('good.*', function() return deny 'asked' end)"),
            "");
  std::optional<Verdict> hung, good;
  Call call;
  call.operation = "hang.now";
  begin(call, hung);
  call.operation = "good.one";
  begin(call, good);
  ASSERT_TRUE(turn([&] { return hung && good; }));
  EXPECT_EQ(words(*hung), "the policy rule failed at rule.lua:3: it took longer than 20 ms");
  EXPECT_EQ(words(*good), "the policy rule (rule.lua:5) denies good.one: asked");
  EXPECT_EQ(m_engine.facts()["restarts"], 1);
}

TEST_F(EngineTest, WhoHangsLetsReadsPass) {
  EXPECT_EQ(use("before(function() while true do end end)"), "");
  EXPECT_EQ(words(before("a.b", Scope::read)), "allowed");
}

TEST_F(EngineTest, WhoHangsAgainAndAgainRests) {
  EXPECT_EQ(use("before(function() while true do end end)"), "");
  before();
  before();
  const auto restarts = m_engine.facts()["restarts"];
  const auto verdict = before();
  ASSERT_TRUE(verdict.refusal);
  EXPECT_TRUE(verdict.refusal->retry_after);
  EXPECT_NE(words(verdict).find("again and again"), std::string::npos);
  EXPECT_EQ(m_engine.facts()["restarts"], restarts);
  EXPECT_EQ(m_engine.facts()["policies"][0]["state"], "resting");
}

TEST_F(EngineTest, WhoRestsIsNotSparedWhatItWouldHaveHeardAfterwards) {
  EXPECT_EQ(use("after(function() while true do end end)"), "");
  EXPECT_EQ(words(before()), "allowed");
  after("{}");
  EXPECT_NE(words(after("{}")).find("longer than 20 ms; the operation was carried out"), std::string::npos);
  const auto restarts = m_engine.facts()["restarts"];
  EXPECT_NE(words(after("{}")).find("again and again"), std::string::npos);
  const auto beforehand = before();
  EXPECT_NE(words(beforehand).find("again and again"), std::string::npos);
  EXPECT_TRUE(beforehand.refusal && beforehand.refusal->retry_after);
  EXPECT_EQ(words(before("a.b", Scope::read)), "allowed");
  EXPECT_EQ(words(after("{}", Scope::read)), "allowed");
  EXPECT_EQ(m_engine.facts()["restarts"], restarts);
}

TEST_F(EngineTest, AProcessThatIsKilledIsStartedAgainAndAsked) {
  EXPECT_EQ(use("before(function() return deny 'here' end)"), "");
  const int pid = m_engine.facts()["pid"];
  std::optional<Verdict> verdict;
  ::kill(pid, SIGKILL);
  begin({}, verdict);
  ASSERT_TRUE(turn([&] { return verdict.has_value(); }));
  EXPECT_EQ(words(*verdict), "the policy rule (rule.lua:1) denies a.b: here");
  EXPECT_NE(m_engine.facts()["pid"], pid);
}

TEST_F(EngineTest, ACallThatMayBeTheEndOfTheProcessIsGivenUp) {
  EXPECT_EQ(use("before(function() end)"), "");
  std::optional<Verdict> verdict;
  Call call;
  call.scope = Scope::read;
  for (int deaths = 1; deaths <= 2; ++deaths) {
    ::kill(m_engine.facts()["pid"].get<int>(), SIGKILL);  // before it can read what it is asked
    if (deaths == 1) begin(call, verdict);
    ASSERT_TRUE(turn([&] { return m_engine.facts()["restarts"] == deaths; }));
  }
  ASSERT_TRUE(verdict);
  EXPECT_NE(words(*verdict).find("the policies could not be asked about a.b"), std::string::npos) << words(*verdict);
  EXPECT_EQ(words(before()), "allowed");
}

TEST_F(EngineTest, WhatIsLargerThanTheyCanBeToldIsRefused) {
  EXPECT_EQ(use("before(function() end)"), "");
  Call call;
  call.input.assign(most_frame, 'x');
  EXPECT_NE(words(before(call)).find("larger than what they can be told"), std::string::npos);
  EXPECT_EQ(words(before()), "allowed");
  EXPECT_EQ(m_engine.facts()["restarts"], 0);
}

TEST_F(EngineTest, WhoCannotBeReadIsNamedAndWhatWasGoesOn) {
  EXPECT_EQ(use("before(function() return deny 'old' end)"), "");
  EXPECT_NE(use("before(").find("rule.lua:1:"), std::string::npos);
  EXPECT_NE(use("\nlocal x = nil + 1").find("rule.lua:2:"), std::string::npos);
  EXPECT_NE(use("while true do end").find("does not come to its end"), std::string::npos);
  EXPECT_EQ(words(before()), "the policy rule (rule.lua:1) denies a.b: old");
}

TEST_F(EngineTest, WhoCannotBeReadWhereNoneWasLeavesAllAsItWas) {
  EXPECT_NE(use("before(").find("rule.lua:1:"), std::string::npos);
  EXPECT_NE(use("while true do end").find("does not come to its end"), std::string::npos);
  EXPECT_EQ(words(before()), "allowed");
  EXPECT_TRUE(m_engine.facts().is_null());
  EXPECT_EQ(use("before(function() return deny 'new' end)"), "");
  EXPECT_EQ(words(before()), "the policy rule (rule.lua:1) denies a.b: new");
}

// Names come in Lua's order, which is another in each state: with eight of them hardly ever by accident.
TEST_F(EngineTest, WhatRemainsIsSaidInTheOrderOfItsNames) {
  EXPECT_EQ(use("before(function() remaining { f = 6, ab = 1.5, c = 3, a = 1, e = 5, b = 2, d = 4, abc = 0 } end)"),
            "");
  EXPECT_EQ(before().remaining, "a=1, ab=1.5, abc=0, b=2, c=3, d=4, e=5, f=6");
}

TEST_F(EngineTest, OthersTakeTheirPlaceAndWhoWaitsIsAskedByThem) {
  EXPECT_EQ(use("before(function() return deny 'old' end)"), "");
  std::optional<Verdict> verdict;
  Policies none;
  ::kill(m_engine.facts()["pid"].get<int>(), SIGSTOP);  // it is asked, and does not answer
  begin({}, verdict);
  bool replaced = false;
  m_engine.replace({{chosen("fresh", "before(function() return deny 'new' end)")}},
                   [&](const std::optional<service::Error>&) { replaced = true; });
  ASSERT_TRUE(turn([&] { return replaced && verdict; }));
  EXPECT_EQ(words(*verdict), "the policy fresh (fresh.lua:1) denies a.b: new");
  EXPECT_EQ(words(before()), "the policy fresh (fresh.lua:1) denies a.b: new");
  m_engine.replace(none, [](const std::optional<service::Error>&) {});
  EXPECT_EQ(words(before()), "allowed");
}

TEST_F(EngineTest, WhatIsNoVerdictIsAFailure) {
  EXPECT_EQ(use("before(function() return { reason = 'x' } end)"), "");
  EXPECT_NE(words(before()).find("returns nothing or a verdict"), std::string::npos);
  EXPECT_EQ(use("before(function() coroutine.yield() end)"), "");
  EXPECT_NE(words(before()).find("waits for nothing but berth.call"), std::string::npos);
}

TEST_F(EngineTest, WhoRestsIsNotedForTheTrace) {
  EXPECT_EQ(use("before(function() while true do end end)"), "");
  before();
  before();
  const auto noted = m_engine.decisions().all().size();
  EXPECT_NE(words(before()).find("again and again"), std::string::npos);
  ASSERT_EQ(m_engine.decisions().all().size(), noted + 1);
  const auto& word = m_engine.decisions().all().back().words.at(0);
  EXPECT_EQ(word.policy + " " + std::string(name_of(word.kind)), "rule failed");
}

TEST_F(EngineTest, WhatBecameOfAnApprovalIsNoted) {
  EXPECT_EQ(use("before(function() return approve 'why' end)"), "");
  std::optional<Verdict> verdict;
  begin({}, verdict);
  ASSERT_TRUE(turn([&] { return !m_engine.approvals().all().empty(); }));
  EXPECT_FALSE(m_engine.approvals().answer(m_engine.approvals().all()[0]->id, false, "enough", "bob"));
  ASSERT_TRUE(verdict && verdict->refusal);
  ASSERT_EQ(m_engine.decisions().all().size(), 2u);
  const auto& word = m_engine.decisions().all().back().words.at(0);
  EXPECT_EQ(word.kind, StepKind::deny);
  EXPECT_NE(word.reason.find("bob: enough"), std::string::npos) << word.reason;
}

TEST_F(EngineTest, ACallSaysItsTurnAndItsSize) {
  EXPECT_EQ(use("before(function(call) return deny(call.turn .. ' ' .. call.bytes) end)"), "");
  m_turn = 7;
  EXPECT_NE(words(before()).find(": 7 2"), std::string::npos);
}

TEST_F(EngineTest, WhatWasReadCanBeWrittenInsideOfSomething) {
  EXPECT_EQ(
      use("before(function(call) return rewrite { input = { store = 'x', record = { input = call.input } } } end)"),
      "");
  Call call;
  call.input = R"({"a":)" + std::string(60, '[') + std::string(60, ']') + "}";
  EXPECT_EQ(words(before(call)), "allowed");
}

TEST_F(EngineTest, DecisionsAreKeptWithTheirReasons) {
  EXPECT_EQ(use({chosen("one", "before(function() return allow 'fine' end)"),
                 chosen("two", "before(function() return deny 'no' end)")}),
            "");
  before();
  ASSERT_EQ(m_engine.decisions().all().size(), 1u);
  const auto& words = m_engine.decisions().all().front().words;
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[0].policy + " " + std::string(name_of(words[0].kind)) + " " + words[0].reason, "one allow fine");
  EXPECT_EQ(words[1].policy + " " + std::string(name_of(words[1].kind)) + " " + words[1].reason, "two deny no");
}

}  // namespace
}  // namespace berth::policy
