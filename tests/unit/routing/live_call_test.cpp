// Who ended a call first: its provider, its client or the host. The provider still owes an end, and is told that nobody
// waits for it, not that it broke a rule.
#include "routing/live_call.hpp"

#include <gtest/gtest.h>

#include "../service/folder.hpp"

namespace berth::routing {
namespace {

using loader::Flow;

class Here : public service::Loop {  // everything is this thread
 public:
  void post(std::function<void()> job) override { job(); }
  bool here() const override { return true; }
};

class AllThere : public session::Roll {
 public:
  std::optional<service::Error> refusal(const session::Asker&) const override { return std::nullopt; }
  session::Stay stay(const std::string&) override { return std::make_shared<int>(0); }
};

class Holds : public loader::Provider {  // its calls, unanswered
 public:
  Holds(loader::Kind kind, bool announced, nlohmann::json output) {
    loader::Operation operation;
    operation.name = "held.call";
    operation.method = "POST";
    operation.path = "/held";
    operation.kind = kind;
    operation.announced = announced;
    operation.input = {{"type", "object"}};
    operation.output = std::move(output);
    m_manifest.name = "held";
    m_manifest.operations.push_back(operation);
  }
  const loader::Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<loader::Reply> reply) override { held = std::move(reply); }
  void message(std::shared_ptr<loader::Reply>, loader::Chunk, std::function<void()> done) override { done(); }
  void drained(std::shared_ptr<loader::Reply>) override {}
  void cancel(std::shared_ptr<loader::Reply>) override { ++cancelled; }
  std::optional<std::string> ailment() override { return std::nullopt; }

  std::shared_ptr<loader::Reply> held;
  int cancelled = 0;

 private:
  loader::Manifest m_manifest;
};

struct Heard : Sink {
  void send(std::string json) override { all.push_back(std::move(json)); }
  void fail(service::Error error) override { all.push_back(error.code); }
  void file(service::UniqueFd, loader::Head) override { all.emplace_back("file"); }
  void begin(loader::Head) override {}
  void chunk(loader::Chunk chunk) override { all.push_back(chunk.bytes); }
  void finish(std::uint32_t, std::string) override { all.emplace_back("finish"); }
  std::vector<std::string> all;
};

loader::Chunk piece(std::string bytes) {
  loader::Chunk chunk;
  chunk.bytes = std::move(bytes);
  return chunk;
}

struct Undecided : policy::Judge {  // until the test says
  bool asks_before(const policy::Asked&) override { return true; }
  bool asks_after(const policy::Asked&) override { return false; }
  std::uint64_t before(const policy::Asked&, Heard heard) override { return decide = std::move(heard), 1; }
  std::uint64_t after(const policy::Asked&, const policy::Outcome&, Heard) override { return 0; }
  void forget(std::uint64_t) override {}
  Heard decide;
};

struct Rewrites : policy::Judge {  // every answer
  bool asks_before(const policy::Asked&) override { return false; }
  bool asks_after(const policy::Asked&) override { return true; }
  std::uint64_t before(const policy::Asked&, Heard) override { return 0; }
  std::uint64_t after(const policy::Asked&, const policy::Outcome&, Heard heard) override {
    heard({{}, R"({"n":2})", "rule (rule.lua:1)", {}});
    return 1;
  }
  void forget(std::uint64_t) override {}
};

class LiveCallTest : public testing::Test {
 protected:
  Ask ask_of(loader::Kind kind, bool announced = false) {
    if (m_provider) m_provider->held.reset();
    m_provider = std::make_shared<Holds>(kind, announced, m_output);
    auto table = Table::build({m_provider}, m_metrics);
    EXPECT_TRUE(table);
    auto asker = std::make_shared<session::Asker>();
    asker->who = {"someone", session::Scope::admin, std::nullopt};
    asker->session = "s";
    Ask ask;
    ask.route = (*table)->find("held.call");
    ask.asker = asker;
    return ask;
  }
  std::shared_ptr<Call> start(loader::Kind kind) { return m_dispatcher.start(ask_of(kind), m_heard); }
  std::string audited() const {
    m_audit->flush();
    return test::content_of(m_folder.file("audit.log"));
  }
  loader::Reply& reply() { return *m_provider->held; }
  void TearDown() override { m_provider->held.reset(); }  // which holds its provider

  const test::Folder m_folder;
  service::ManualClock m_clock;
  service::Metrics m_metrics;
  service::Log m_log{[](service::Level, std::string_view, std::string_view, const service::Log::Fields&) {}};
  std::unique_ptr<service::Audit> m_audit = std::move(*service::Audit::open({m_folder.file("audit.log")}));
  policy::Rules m_rules{{}, m_clock};
  Here m_loop;
  AllThere m_roll;
  Dispatcher m_dispatcher{{m_rules, *m_audit, m_metrics, m_log, m_clock, m_loop, m_roll, 10, 1000}};
  nlohmann::json m_output;  // its schema, of the operation
  std::shared_ptr<Holds> m_provider;
  std::shared_ptr<Heard> m_heard = std::make_shared<Heard>();
};

TEST_F(LiveCallTest, TheSessionsEndIsNobodysMistake) {
  const auto call = start(loader::Kind::call);
  m_dispatcher.end_session("s", {410, "session_gone", "it is gone"});
  EXPECT_EQ(m_provider->cancelled, 1);
  EXPECT_TRUE(reply().cancelled());
  EXPECT_EQ(reply().fail({503, "cancelled", "as one must"}), Flow::gone);
  EXPECT_EQ(m_heard->all, std::vector<std::string>{"session_gone"});
  EXPECT_EQ(m_dispatcher.in_flight(), 0u);
}

// It is a call, in a session that may end. Whoever announces goes on to another, or to a refusal, which are audited; a
// client that leaves does neither.
TEST_F(LiveCallTest, AnAnnouncementIsHeardAndAuditedOnlyIfItsClientLeaves) {
  auto call = m_dispatcher.announce(ask_of(loader::Kind::upload, true), m_heard);
  ASSERT_TRUE(call);
  EXPECT_EQ(m_dispatcher.in_flight(), 1u);
  EXPECT_FALSE(reply().request().body);
  EXPECT_EQ(reply().fail({507, "quota_exceeded", "it is too much"}), Flow::ok);
  call = m_dispatcher.announce(ask_of(loader::Kind::upload, true), m_heard);
  m_dispatcher.end_session("s", {410, "session_gone", "it is gone"});
  EXPECT_EQ(audited(), "");
  call = m_dispatcher.announce(ask_of(loader::Kind::upload, true), m_heard);
  call->cancel();
  EXPECT_EQ(m_provider->cancelled, 1);
  EXPECT_EQ(m_heard->all, (std::vector<std::string>{"quota_exceeded", "session_gone"}));
  EXPECT_EQ(m_dispatcher.in_flight(), 0u);
  EXPECT_NE(audited().find("cancelled"), std::string::npos) << audited();
}

TEST_F(LiveCallTest, WhoWantsNoAnnouncementIsNotCalled) {
  EXPECT_FALSE(m_dispatcher.announce(ask_of(loader::Kind::upload), m_heard));
  EXPECT_FALSE(m_provider->held);
  auto ask = ask_of(loader::Kind::upload, true);
  ask.input = 1;  // which fits no schema of an object
  EXPECT_FALSE(m_dispatcher.announce(std::move(ask), m_heard));
  EXPECT_FALSE(m_provider->held);
  EXPECT_EQ(m_heard->all, (std::vector<std::string>{"", "invalid_input"}));
  EXPECT_EQ(audited(), "");
}

TEST_F(LiveCallTest, NorIsItOfAStream) {
  const auto call = start(loader::Kind::stream);
  EXPECT_EQ(reply().chunk(piece("one")), Flow::ok);
  m_dispatcher.end_session("s", {410, "session_gone", "it is gone"});
  EXPECT_EQ(reply().chunk(piece("two")), Flow::gone);
  EXPECT_EQ(reply().finish(0, ""), Flow::gone);
  EXPECT_EQ(m_heard->all, (std::vector<std::string>{"one", "session_gone"}));
}

TEST_F(LiveCallTest, WhoLeavesHearsNothing) {
  const auto call = start(loader::Kind::call);
  call->cancel();
  EXPECT_EQ(m_provider->cancelled, 1);
  EXPECT_EQ(reply().send("{}"), Flow::gone);
  EXPECT_TRUE(m_heard->all.empty());
}

TEST_F(LiveCallTest, TwoAnswersAreAMistake) {
  const auto call = start(loader::Kind::call);
  EXPECT_EQ(reply().send("{}"), Flow::ok);
  EXPECT_EQ(reply().send("{}"), Flow::wrong);
  m_dispatcher.end_session("s", {410, "session_gone", "it is gone"});
  EXPECT_EQ(m_provider->cancelled, 0);
  EXPECT_EQ(m_heard->all, std::vector<std::string>{"{}"});
}

TEST_F(LiveCallTest, WhoIgnoresAFullClientIsEnded) {
  const auto call = start(loader::Kind::stream);
  EXPECT_EQ(reply().chunk(piece(std::string(2000, 'x'))), Flow::full);
  EXPECT_EQ(reply().chunk(piece(std::string(3000, 'x'))), Flow::full);
  EXPECT_EQ(reply().chunk(piece(std::string(1, 'x'))), Flow::gone);
  EXPECT_EQ(reply().finish(0, ""), Flow::gone);
  EXPECT_EQ(m_heard->all.back(), "plugin_error");
}

// Its provider was reloaded while policies thought, and its time is over: nothing of it is begun.
TEST_F(LiveCallTest, WhatIsLetInTooLateIsNotBegun) {
  Undecided judge;
  m_dispatcher.judged_by(judge);
  auto call = start(loader::Kind::call);
  m_provider->close({503, "plugin_left", "it was reloaded"});
  EXPECT_TRUE(m_heard->all.empty());
  judge.decide({});
  EXPECT_FALSE(m_provider->held);
  EXPECT_EQ(m_provider->cancelled, 0);
  EXPECT_EQ(m_heard->all, std::vector<std::string>{"plugin_left"});
  EXPECT_EQ(m_dispatcher.in_flight(), 0u);
  EXPECT_NE(audited().find("plugin_left"), std::string::npos) << audited();
  call = start(loader::Kind::call);
  judge.decide({});
  EXPECT_TRUE(m_provider->held);  // by one that stays
}

TEST_F(LiveCallTest, WhatAPolicyWritesIsCheckedAndWhatCannotBeCheckedIsRefused) {
  Rewrites judge;
  m_dispatcher.judged_by(judge);
  const auto answer_with = [&](nlohmann::json schema) {
    m_output = std::move(schema);
    const auto call = start(loader::Kind::call);
    EXPECT_EQ(reply().send(R"({"n":1})"), Flow::ok);
    return m_heard->all.back();
  };
  EXPECT_EQ(answer_with(nullptr), R"({"n":2})");
  EXPECT_EQ(answer_with({{"type", "object"}}), R"({"n":2})");
  EXPECT_EQ(answer_with({{"type", "array"}}), "policy_failed");
  EXPECT_EQ(answer_with({{"type", "nonsense"}}), "policy_failed");
  EXPECT_NE(audited().find("policy_failed"), std::string::npos) << audited();
}

}  // namespace
}  // namespace berth::routing
