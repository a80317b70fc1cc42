// What the rules of berth.lua refuse, in which order, and that a rate is a rate.
#include "policy/rules.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace berth::policy {
namespace {

using namespace std::chrono_literals;
using service::ManualClock;
using session::Identity;
using session::Scope;

const Identity alice{"alice", Scope::run, std::nullopt};
const Identity bob{"bob", Scope::admin, std::nullopt};

Rule deny(const std::string& match, const std::string& reason) {
  Rule rule;
  rule.match = match;
  rule.deny = reason;
  rule.where = "berth.lua:12";
  return rule;
}

Rule need(const std::string& match, Scope scope) {
  Rule rule;
  rule.match = match;
  rule.scope = scope;
  rule.where = "berth.lua:7";
  return rule;
}

Rule rate(const std::string& match, double per_second, double burst = 0) {
  Rule rule;
  rule.match = match;
  rule.per_second = per_second;
  rule.burst = burst;
  rule.where = "berth.lua:3";
  return rule;
}

int allowed(Rules& rules, const Identity& who, int tries, const std::string& operation = "a.b") {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += rules.before(operation, who, "main") ? 0 : 1;
  return count;
}

TEST(Rules, NoneMeansAllowed) {
  const ManualClock clock;
  Rules rules({}, clock);
  EXPECT_FALSE(rules.before("a.b", alice, "main"));
}

TEST(Rules, DenyNamesReasonAndPlace) {
  const ManualClock clock;
  Rules rules({deny("shell.*", "no shell on Fridays")}, clock);
  const auto error = rules.before("shell.run", bob, "main");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 403);
  EXPECT_EQ(error->code, "denied");
  EXPECT_NE(error->message.find("no shell on Fridays"), std::string::npos);
  EXPECT_NE(error->message.find("berth.lua:12"), std::string::npos);
  EXPECT_FALSE(rules.before("shellac.run", bob, "main"));
}

TEST(Rules, ScopeAsksForMore) {
  const ManualClock clock;
  Rules rules({need("*", Scope::admin)}, clock);
  const auto error = rules.before("a.b", alice, "main");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 403);
  EXPECT_EQ(error->code, "forbidden");
  EXPECT_NE(error->message.find("admin"), std::string::npos);
  EXPECT_NE(error->message.find("berth.lua:7"), std::string::npos);
  EXPECT_FALSE(rules.before("a.b", bob, "main"));
  EXPECT_TRUE(rules.before("a.b", Identity{}, "main"));
}

TEST(Rules, TheFirstThatRefusesIsTheVerdict) {
  const ManualClock clock;
  Rules rules({need("a.*", Scope::admin), deny("a.b", "no"), deny("*", "nothing at all")}, clock);
  EXPECT_EQ(rules.before("a.b", alice, "main")->code, "forbidden");
  EXPECT_NE(rules.before("a.b", bob, "main")->message.find(": no"), std::string::npos);
  EXPECT_NE(rules.before("c.d", bob, "main")->message.find("nothing at all"), std::string::npos);
}

TEST(Rules, ARateIsForEachCaller) {
  ManualClock clock;
  Rules rules({rate("*", 2, 5)}, clock);
  EXPECT_EQ(allowed(rules, alice, 20), 5);
  EXPECT_EQ(allowed(rules, bob, 20), 5);
  clock.advance(500ms);
  EXPECT_EQ(allowed(rules, alice, 20), 1);
  clock.advance(2s);
  EXPECT_EQ(allowed(rules, alice, 20), 4);
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(allowed(rules, alice, 20), 5) << "what is not used is not saved beyond the burst";
}

TEST(Rules, ARefusalSaysWhenToComeBack) {
  ManualClock clock;
  Rules rules({rate("slow", 0.1, 1), rate("fast", 100, 1), rate("never", 1e-12, 1)}, clock);
  for (const char* operation : {"slow", "fast", "never"}) EXPECT_FALSE(rules.before(operation, alice, "main"));
  const auto slow = rules.before("slow", alice, "main");
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->status, 429);
  EXPECT_EQ(slow->code, "rate_limited");
  EXPECT_EQ(slow->retry_after, 10s);
  EXPECT_NE(slow->message.find("berth.lua:3"), std::string::npos);
  EXPECT_NE(slow->message.find("6 such calls a minute"), std::string::npos) << slow->message;
  const auto fast = rules.before("fast", alice, "main");
  EXPECT_EQ(fast->retry_after, 1s);
  EXPECT_NE(fast->message.find("100 such calls a second"), std::string::npos) << fast->message;
  EXPECT_EQ(rules.before("never", alice, "main")->retry_after, 24h);
  clock.advance(10s);
  EXPECT_FALSE(rules.before("slow", alice, "main")) << "coming back then is enough";
}

TEST(Rules, WithoutABurstItIsOneSecondsWorth) {
  const ManualClock clock;
  Rules rules({rate("a", 3), rate("b", 0.5)}, clock);
  EXPECT_EQ(allowed(rules, alice, 10, "a"), 3);
  EXPECT_EQ(allowed(rules, alice, 10, "b"), 1);
}

TEST(Rules, ARefusedCallIsNotCharged) {
  ManualClock clock;
  Rules rules({rate("*", 1, 10), rate("a.*", 1, 2), deny("a.denied", "no")}, clock);
  EXPECT_EQ(allowed(rules, alice, 50, "a.denied"), 0);
  EXPECT_EQ(allowed(rules, alice, 50, "a.b"), 2);
  EXPECT_EQ(allowed(rules, alice, 50, "c.d"), 8) << "48 refusals by the second rule cost nothing of the first";
}

TEST(Rules, RulesCanBeReplaced) {
  const ManualClock clock;
  Rules rules({rate("*", 1, 1)}, clock);
  EXPECT_EQ(allowed(rules, alice, 5), 1);
  rules.replace({deny("*", "closed")});
  EXPECT_EQ(rules.before("a.b", alice, "main")->code, "denied");
  rules.replace({});
  EXPECT_EQ(allowed(rules, alice, 5), 5);
}

TEST(Rules, ManyCallersComeAndTheBusyOneIsNotForgotten) {
  ManualClock clock;
  Rules rules({rate("*", 0.001, 2)}, clock);
  EXPECT_EQ(allowed(rules, alice, 5), 2);
  int let_in = 0;
  for (int i = 0; i < 12'000; ++i) {
    if (i % 1000 == 0) clock.advance(1ms);
    let_in += rules.before("a.b", Identity{"c" + std::to_string(i), Scope::run, std::nullopt}, "main") ? 0 : 1;
    if (i % 100 == 0) {
      EXPECT_TRUE(rules.before("a.b", alice, "main")) << "in use, so not forgotten";
    }
  }
  EXPECT_EQ(let_in, 12'000);
}

TEST(Rules, TheNumberOfCallersRememberedIsBounded) {
  ManualClock clock;
  Rules rules({rate("*", 0.001, 2)}, clock);
  EXPECT_EQ(allowed(rules, alice, 5), 2);
  for (int i = 0; i < 10'001; ++i) {
    clock.advance(1ms);
    rules.before("a.b", Identity{"c" + std::to_string(i), Scope::run, std::nullopt}, "main");
  }
  EXPECT_EQ(allowed(rules, alice, 5), 2) << "the one longest unused made room";
}

TEST(Rules, ManyThreadsGetNoMoreThanTheRate) {
  const ManualClock clock;
  Rules rules({rate("*", 1, 100)}, clock);
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) threads.emplace_back([&] { sum += allowed(rules, alice, 100); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 100);
}

}  // namespace
}  // namespace berth::policy
