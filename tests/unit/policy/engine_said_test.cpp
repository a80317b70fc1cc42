// What policies keep, hear, call and say.
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
  LoneLedger again;
  ASSERT_FALSE(again.open(m_folder.file("policies")));
  ASSERT_EQ(again.entries().size(), 2u);
  EXPECT_EQ(again.entries()[0].value, "3");
}

TEST_F(EngineTest, WhatAnAnswerKeepsAndChargesIsOneLine) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use("before(function() berth.state.x = 1 charge { steps = 1 } return deny 'no' end)"), "");
  before();
  const auto journal = test::content_of(m_folder.file("policies/state.journal"));
  EXPECT_EQ(journal, R"({"session":"main","kept":[["rule","x",1]],"charged":{"steps":1.0}})"
                     "\n");
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

TEST_F(EngineTest, WhoWaitsWhileOthersTakeItsPlaceRefuses) {
  const std::vector<Chosen> both{
      chosen("calls", "after(function() berth.call('x.check') end)"),
      chosen("hides", "after(function() return rewrite { output = { hidden = true } } end)")};
  EXPECT_EQ(use(both), "");
  session::Asker asker;
  const Asked runs{"a.b", session::Scope::run, asker, "{}"}, reads{"a.b", session::Scope::read, asker, "{}"};
  for (const bool dies : {false, true}) {
    std::optional<Verdict> run, read;
    m_errands.clear();
    m_engine.after(runs, {200, "{}", {}}, [&](Verdict verdict) { run = std::move(verdict); });
    m_engine.after(reads, {200, "{}", {}}, [&](Verdict verdict) { read = std::move(verdict); });
    ASSERT_TRUE(turn([&] { return m_errands.size() == 2; }));
    if (dies)
      ::kill(m_engine.facts()["pid"].get<int>(), SIGKILL);
    else
      EXPECT_EQ(use(both), "");
    ASSERT_TRUE(turn([&] { return run && read; }));
    ASSERT_TRUE(run->refusal);
    EXPECT_NE(words(*run).find("the policy calls failed at calls.lua: "), std::string::npos) << words(*run);
    EXPECT_EQ(words(*read), "allowed");
    EXPECT_EQ(read->rewritten, R"({"hidden":true})");
  }
}

class HastyTest : public EngineTest {
 protected:
  HastyTest() : EngineTest(std::chrono::milliseconds(50)) {}
};

TEST_F(HastyTest, AnOperationIsNotWaitedForForEver) {
  EXPECT_EQ(use("after(function()\n  local _, problem = berth.call('x.check')\n  return deny(problem.code)\nend)"), "");
  EXPECT_EQ(words(after("{}")),
            "the policy rule (rule.lua:3) denies a.b: timeout; the operation was carried out, its answer is withheld");
  ASSERT_EQ(m_errands.size(), 1u);
  m_errands[0].done(true, "{}");  // too late, and for nobody
  EXPECT_NE(words(after("{}")).find(": timeout"), std::string::npos);
  EXPECT_EQ(m_engine.facts()["restarts"], 0);
}

TEST_F(EngineTest, ACallThatNoOtherFunctionLetsWaitFailsItsHook) {
  EXPECT_EQ(use("after(function()\n  pcall(table.sort, { 2, 1 }, function() return berth.call('x.check') end)\nend)"),
            "");
  EXPECT_EQ(words(after("{}")), "allowed");
  EXPECT_TRUE(m_errands.empty());
  EXPECT_EQ(m_engine.facts()["restarts"], 0);
}

TEST_F(EngineTest, TheirLastWordIsWaitedFor) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use("stop(function() berth.state.ended = true berth.log('ended') end)"), "");
  bool done = false;
  m_engine.stop([&] { done = true; });
  ASSERT_TRUE(turn([&] { return done; }));
  EXPECT_EQ(m_logged.back(), "policy.rule: ended");
  LoneLedger again;
  ASSERT_FALSE(again.open(m_folder.file("policies")));
  ASSERT_EQ(again.entries().size(), 1u);
}

TEST_F(EngineTest, WhoDoesNotStopIsStopped) {
  EXPECT_EQ(use("stop(function() while true do end end)"), "");
  bool done = false;
  m_engine.stop([&] { done = true; });
  EXPECT_TRUE(turn([&] { return done; }));
}

TEST_F(EngineTest, WhatIsSaidOfASessionThatHasEndedIsNotKept) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use(counter), "");
  Call call;
  call.session = "s1";
  m_ended_sessions.insert("s1");
  EXPECT_EQ(last_word(before(call)), "1");
  m_ended_sessions.clear();
  m_events.publish({0, "session.created", "s1", "{}"});
  m_loop.context().restart();
  m_loop.context().poll();
  EXPECT_EQ(last_word(before(call)), "1");
  Engine again({m_loop, m_log, m_clock, m_events, m_pool, BERTH_BUILD_DIR "/bin/berth", nullptr, nullptr,
                [](const std::string&) { return std::optional<std::uint64_t>(); }});
  ASSERT_FALSE(again.open(m_folder.file("policies")));
  LoneLedger kept;
  ASSERT_FALSE(kept.open(m_folder.file("policies")));
  EXPECT_TRUE(kept.entries().empty());
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

TEST_F(EngineTest, APatternMayBeAListOfThem) {
  EXPECT_EQ(use("before({ 'shell.*', 'kernel.*', 'kernel.exec' }, function(call)\n"
                "  charge { asked = 1 }\n"
                "  return deny(tostring(berth.matches({ 'x.*', '*.exec' }, call.operation)))\nend)"),
            "");
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(last_word(before("kernel.exec")), "true");
  EXPECT_EQ(last_word(before("shell.run")), "false");
  EXPECT_EQ(words(before("workspace.write")), "allowed");
  EXPECT_EQ(m_engine.charged("main").at("asked"), 2);  // once each
}

// It would never be asked, and its policy counts on it.
TEST_F(EngineTest, AHookOfNoPatternIsNoPolicy) {
  const auto says = [&](const std::string& patterns, const std::string& words) {
    const std::string said = use("before(" + patterns + ", function() return deny 'no' end)");
    EXPECT_NE(said.find(words), std::string::npos) << patterns << ": " << said;
  };
  says("{}", "rule.lua:1: the list of patterns is empty, so that this hook would never be asked");
  says("berth.settings.patterns", "a pattern is a text");
  for (const char* none : {"{ 'a', 1 }", "''", "{ 'a', '' }", "7"}) says(none, "a pattern is a text");
  for (const char* named : {"{ a = 'a.*' }", "{ 'x.*', more = 'a.*' }", "{ nil, 'a.*' }"})
    says(named, "a list of texts");
}

TEST_F(EngineTest, WhatIsInAnEmptyListIsNothingButNamesAreNoList) {
  EXPECT_EQ(use("before('a.b', function() return deny(tostring(berth.matches({}, 'a.b'))) end)\n"
                "before('c.d', function() berth.matches({ a = 'c.*' }, 'c.d') end)"),
            "");
  EXPECT_EQ(last_word(before("a.b")), "false");
  EXPECT_NE(words(before("c.d")).find("patterns are a list of texts"), std::string::npos);
}

TEST_F(EngineTest, EventsOfAListOfPatternsAreHeard) {
  EXPECT_EQ(use("event({ 'x.one', 'y.*' }, function(e) berth.log(e.topic) end)"), "");
  for (const char* topic : {"x.two", "x.one", "y.one"}) m_events.publish({0, topic, {}, "{}"});
  ASSERT_TRUE(turn([&] { return !m_logged.empty() && m_logged.back() == "policy.rule: y.one"; }));
  EXPECT_EQ(m_logged, (std::vector<std::string>{"policy.rule: x.one", "policy.rule: y.one"}));
}

TEST_F(EngineTest, WhatIsNeededAndNotThereIsNotCalled) {
  EXPECT_EQ(use("needs('x.away', 'less')\n"
                "after(function()\n  local _, problem = berth.call('x.away')\n  return deny(problem.code)\nend)"),
            "");
  EXPECT_NE(words(after("{}")).find(": not_loaded"), std::string::npos);
  EXPECT_TRUE(m_errands.empty());
  m_there.insert("x.away");
  m_engine.operations_changed();
  std::optional<Verdict> verdict;
  session::Asker asker;
  m_engine.after({"a.b", session::Scope::run, asker, "{}"}, {200, "{}", {}},
                 [&](Verdict said) { verdict = std::move(said); });
  EXPECT_TRUE(turn([&] { return m_errands.size() == 1; }));
}

}  // namespace
}  // namespace berth::policy
