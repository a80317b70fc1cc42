// The host's desk against a plugin's process that says what it likes: bounded, checked, and gone when it is.
#include "deaf.hpp"
#include "loader/desk/host_desk.hpp"

#include <berth/service/calls.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/metric_notes.hpp"
#include "service/event_loop.hpp"

namespace berth::loader {
namespace {

// Takes calls and lets the test answer them.
class Table : public Caller {
 public:
  struct Live : Call {
    void cancel() override { ++cancelled; }
    void consumed(std::size_t bytes) override { taken += bytes; }
    int cancelled = 0;
    std::size_t taken = 0;
  };
  std::shared_ptr<Call> start(Ask ask, std::shared_ptr<Ears> ears) override {
    asks.push_back(std::move(ask));
    all_ears.push_back(std::move(ears));
    live.push_back(std::make_shared<Live>());
    return live.back();
  }
  std::vector<Ask> asks;
  std::vector<std::shared_ptr<Ears>> all_ears;
  std::vector<std::shared_ptr<Live>> live;
};

class Waiting : public DeafReply {
 public:
  explicit Waiting(unsigned depth = 0) {
    auto asker = std::make_shared<session::Asker>();
    asker->who = {"root", session::Scope::admin, std::nullopt};
    asker->depth = depth;
    m_request.asker = asker;
  }
  Flow send(std::string json) override { return said = std::move(json), Flow::ok; }
  Flow accept(std::string json, const std::string& path) override { return said = json + " " + path, Flow::ok; }
  Flow fail(service::Error error) override { return said = error.code, Flow::ok; }
  bool cancelled() const override { return left; }
  std::string said;
  bool left = false;
};

class HostDeskTest : public testing::Test {
 protected:
  HostDeskTest() {
    m_loop.adopt();
    m_manifest.name = "p";
    m_manifest.operations.resize(1);
    m_manifest.operations[0].name = "p.work";
    m_desk = make({"berth.events/1", "berth.metrics/1", "berth.jobs/1", "berth.calls/1"});
  }
  std::shared_ptr<HostDesk> make(std::set<std::string> services) {
    auto desk =
        std::make_shared<HostDesk>(m_host, m_manifest, std::move(services), Rights{session::Scope::run, {"ok.*"}});
    desk->connect([this](Note note) { m_heard.push_back(std::move(note)); });
    return desk;
  }
  void turn() {
    m_loop.context().restart();
    while (m_loop.context().poll() > 0) {
    }
  }
  static std::string texts(std::initializer_list<std::string> all) {
    Packer packer;
    for (const auto& one : all) packer.text(one);
    return packer.done();
  }
  void call(std::uint64_t number, const std::string& operation, std::uint64_t as = 0, std::shared_ptr<Reply> reply = {},
            std::uint64_t flags = 0) {
    Packer fields;
    fields.text(operation).text("").number(as).number(0).number(flags);
    m_desk->serve({Verb::call_start, number, fields.done(), "{}"}, std::move(reply));
  }
  std::string error() const { return m_heard.empty() ? "" : unpack_error(m_heard.back().fields).code; }

  const service::UniqueFd m_nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  service::EventLoop m_loop;
  service::Clock m_clock;
  service::Log m_log{m_nowhere.get(), {}};
  service::EventBus m_events{m_loop, m_clock, {}};
  service::JobStore m_jobs{m_loop, m_clock, m_events, {}};
  service::PluginMetrics m_metrics;
  service::SecretEnvironment m_environment;
  Table m_table;
  const HostServices m_host{m_loop, m_log, "", m_events, m_metrics, m_jobs, m_table, m_environment};
  Manifest m_manifest;
  std::vector<Note> m_heard;
  std::shared_ptr<HostDesk> m_desk;
};

TEST_F(HostDeskTest, AFloodOfEventsLeavesRoomForThoseOfOthers) {
  m_events.publish({0, "other.first", {}, "1"});
  auto all = m_events.listen({{"other.*"}, {}}, 0, [] {});
  for (int i = 0; i < 20'000; ++i) m_desk->serve({Verb::publish, 0, texts({"p.flood", ""}), "1"}, {});
  const auto* event = all->next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->topic, "other.first");
  EXPECT_EQ(all->take_lost(), 0u);
}

TEST(Budget, IsSpentAndComesBack) {
  Budget budget(10, 5);
  const Budget::Moment start{std::chrono::hours(1)};
  ASSERT_TRUE(budget.has(10, start));
  budget.spend(10);
  EXPECT_FALSE(budget.has(1, start));
  EXPECT_FALSE(budget.has(6, start + std::chrono::seconds(1)));
  EXPECT_TRUE(budget.has(5, start + std::chrono::seconds(1)));
  EXPECT_FALSE(budget.has(11, start + std::chrono::hours(1)));  // never more than at once
}

TEST_F(HostDeskTest, WhatIsNotGrantedIsDropped) {
  m_desk = make({});
  m_desk->serve({Verb::publish, 0, texts({"p.x", ""}), "1"}, {});
  EXPECT_EQ(m_events.listen({}, 0, [] {})->next(), nullptr);
  call(1, "ok.now");
  EXPECT_TRUE(m_table.asks.empty());
  const auto waiting = std::make_shared<Waiting>();
  m_desk->serve({Verb::job_begin, 1}, waiting);
  EXPECT_EQ(waiting->said, "plugin_error");
}

TEST_F(HostDeskTest, EventsOnlyUnderItsOwnNameAndInBounds) {
  for (const char* topic : {"q.x", "p", "p.", "px.y", "plugin.died", "p.X"})
    m_desk->serve({Verb::publish, 0, texts({topic, ""}), "1"}, {});
  m_desk->serve({Verb::publish, 0, texts({"p.x", ""}), "no json"}, {});
  m_desk->serve({Verb::publish, 0, texts({"p.x", ""}), std::string(most_event + 1, '1')}, {});
  m_desk->serve({Verb::publish, 0, "garbage", "1"}, {});
  EXPECT_EQ(m_events.listen({}, 0, [] {})->next(), nullptr);
  for (std::uint64_t i = 0; i < 2 * most_subscriptions; ++i) {
    Packer fields;
    fields.text("*").number(0);
    m_desk->serve({Verb::subscribe, i, fields.done()}, {});
  }
  m_desk->serve({Verb::publish, 0, texts({"p.x", ""}), "1"}, {});
  turn();
  EXPECT_EQ(m_heard.size(), most_subscriptions);
}

TEST_F(HostDeskTest, ASubscriptionHasAWindow) {
  Packer fields;
  fields.text("p.*").number(0);
  m_desk->serve({Verb::subscribe, 1, fields.done()}, {});
  for (int i = 0; i < 200; ++i) m_desk->serve({Verb::publish, 0, texts({"p.x", ""}), "1"}, {});
  turn();
  EXPECT_EQ(m_heard.size(), events_under_way);
  Packer said;
  said.number(UINT64_MAX);  // more than it was ever given
  m_desk->serve({Verb::heard, 1, said.done()}, {});
  EXPECT_EQ(m_heard.size(), 2 * events_under_way);
  m_desk->serve({Verb::heard, 7, said.done()}, {});
}

TEST_F(HostDeskTest, JobsBeginReportEndAndAreLost) {
  const auto first = std::make_shared<Waiting>(), second = std::make_shared<Waiting>();
  m_desk->serve({Verb::job_begin, 1}, first);
  m_desk->serve({Verb::job_begin, 2}, second);
  const auto jobs = m_jobs.all();
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(first->said, "{\"job\":\"" + jobs[1]->id + "\"} /jobs/" + jobs[1]->id);
  EXPECT_EQ(jobs[1]->operation, "p.work");
  ASSERT_EQ(m_desk->jobs().size(), 2u);  // which hold the plugin
  EXPECT_EQ(m_desk->jobs()[0].id, jobs[1]->id);
  EXPECT_EQ(m_desk->jobs()[0].operation, "p.work");
  EXPECT_EQ(m_desk->jobs()[0].caller, "root");
  m_desk->serve({Verb::job_done, 1, "", "no json"}, {});
  EXPECT_EQ(jobs[1]->state, service::Job::State::failed);
  EXPECT_EQ(m_desk->jobs().size(), 1u);
  m_desk->serve({Verb::job_report, 2, "garbage"}, {});
  m_desk->serve({Verb::job_done, 9, "", "1"}, {});
  m_desk->reset("it died");
  EXPECT_EQ(jobs[0]->state, service::Job::State::lost);
  EXPECT_TRUE(m_desk->jobs().empty());
  m_desk->serve({Verb::job_begin, 1}, nullptr);  // its call was cancelled meanwhile
  EXPECT_EQ(m_heard.back().verb, Verb::job_cancel);
}

TEST_F(HostDeskTest, JobsThatAreGivenUpAreLostAndThePluginHearsOfIt) {
  m_desk->serve({Verb::job_begin, 1}, std::make_shared<Waiting>());
  call(7, "ok.now", 0, nullptr);
  m_desk->give_up_jobs("it was reloaded");
  const auto job = m_jobs.all().at(0);
  EXPECT_EQ(job->state, service::Job::State::lost);
  EXPECT_EQ(job->error->status, 503);
  EXPECT_EQ(job->error->message, "the job is lost: it was reloaded");
  EXPECT_TRUE(m_desk->jobs().empty());
  ASSERT_EQ(m_heard.size(), 1u);
  EXPECT_EQ(m_heard[0].verb, Verb::job_cancel);
  EXPECT_EQ(m_heard[0].number, 1u);
  EXPECT_EQ(m_table.live.at(0)->cancelled, 0);  // which is for none of them
}

TEST_F(HostDeskTest, CallsHaveTheLesserRightsAndAName) {
  call(1, "ok.now");
  EXPECT_EQ(m_table.asks[0].asker->who.name, "plugin:p");
  EXPECT_EQ(m_table.asks[0].asker->who.scope, session::Scope::run);
  call(2, "ok.now", 5, std::make_shared<Waiting>());
  EXPECT_EQ(m_table.asks[1].asker->who.name, "plugin:p for root");
  EXPECT_EQ(m_table.asks[1].asker->who.scope, session::Scope::run);
  call(3, "not.ok");
  EXPECT_EQ(error(), "forbidden");
  call(4, "ok.now", 5, nullptr);
  EXPECT_EQ(error(), "cancelled");
  call(5, "ok.now", 5, std::make_shared<Waiting>(deepest_ask));
  EXPECT_EQ(error(), "loop_detected");
  EXPECT_EQ(m_table.asks.size(), 2u);
}

// However much its caller and the plugin may.
TEST_F(HostDeskTest, WhatTheAgentAsksForHasItsSessionsRights) {
  m_desk = std::make_shared<HostDesk>(m_host, m_manifest, std::set<std::string>{"berth.calls/1"},
                                      Rights{session::Scope::admin, {"ok.*"}});
  m_desk->connect([this](Note note) { m_heard.push_back(std::move(note)); });
  call(1, "ok.now", 5, std::make_shared<Waiting>());
  EXPECT_EQ(m_table.asks[0].asker->who.scope, session::Scope::admin);
  EXPECT_FALSE(m_table.asks[0].asker->who.session);
  call(2, "ok.now", 5, std::make_shared<Waiting>(), BERTH_ASK_AS_SESSION);
  EXPECT_EQ(m_table.asks[1].asker->who.scope, session::Scope::run);
  EXPECT_EQ(m_table.asks[1].asker->who.session, "main");
  EXPECT_EQ(m_table.asks[1].asker->who.name, "plugin:p for root");
}

TEST_F(HostDeskTest, CallsAreBoundedAndCancelledWithWhatTheyAreFor) {
  const auto waiting = std::make_shared<Waiting>();
  call(1, "ok.now", 5, waiting);
  call(2, "ok.now");
  m_desk->cancelled(*waiting);
  EXPECT_EQ(m_table.live[0]->cancelled, 1);
  EXPECT_EQ(m_table.live[1]->cancelled, 0);
  EXPECT_EQ(error(), "cancelled");
  m_table.all_ears[0]->send("late");  // is heard by nobody
  EXPECT_EQ(m_heard.size(), 1u);
  for (std::uint64_t i = 3; i < 2 * most_asks; ++i) call(i, "ok.now");
  EXPECT_EQ(error(), "too_many_calls");
  EXPECT_EQ(m_table.live.size(), most_asks + 1);
  m_desk->reset("it died");
  for (std::size_t i = 1; i < m_table.live.size(); ++i) EXPECT_EQ(m_table.live[i]->cancelled, 1) << i;
}

TEST_F(HostDeskTest, NumbersStayReadable) {
  using Series = service::PluginSeries;
  const auto say = [&](ChangedSeries changed) {
    m_desk->serve({Verb::measure, 0, "", pack_metrics(changed)}, {});
    return m_metrics.text();
  };
  EXPECT_NE(
      say({{1, {Series::Kind::gauge, "level", "L.", {}, {}, 1.5}}}).find("berth_plugin_p_level{plugin=\"p\"} 1.5\n"),
      std::string::npos);
  const auto before = m_metrics.text();
  say({{2, {Series::Kind::counter, "level_total\n", "L.", {}}}});  // no name
  say({{2, {Series::Kind::counter, "level", "L.", {}}}});          // a counter without its ending
  say({{2, {Series::Kind::gauge, "level", "L.", {}, {}, 3}}});     // the same series again
  say({{2, {Series::Kind::gauge, "x", "L.", {{"le", "1"}}}}});     // a label that is not its own
  say({{9999, {Series::Kind::gauge, "x", "L.", {}}}});             // beyond what it may have
  say({{1, {Series::Kind::gauge, "other", "L.", {}, {}, 3}}});     // another under the same number
  say({{2, {Series::Kind::gauge, "x", "L\xff", {}}}});             // what is no UTF-8 spoils the whole page
  say({{2, {Series::Kind::gauge, "x", "L.", {{"k", "\xff"}}}}});
  m_desk->serve({Verb::measure, 0, "", "garbage"}, {});
  EXPECT_EQ(m_metrics.text(), before);
  m_desk->reset("it died");
  EXPECT_EQ(m_metrics.text(), "");
}

TEST(SecretsInAFile, ComeOutAsTheyWentIn) {
  service::SecretSet secrets;
  secrets.emplace("a", service::Secret(std::string_view("one")));
  secrets.emplace("b", service::Secret(std::string_view("two\0three", 9)));
  const auto got = unpack_secrets(pack_secrets(secrets));
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got.at("b").view(), secrets.at("b").view());
  EXPECT_TRUE(unpack_secrets(service::UniqueFd()).empty());
  EXPECT_FALSE(pack_secrets({}));
}

}  // namespace
}  // namespace berth::loader
