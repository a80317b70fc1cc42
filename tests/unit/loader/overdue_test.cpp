// What an instance has not ended within its time to leave is ended in its place: jobs are lost, and what becomes a call
// only now is told that it came too late.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <chrono>

#include "deaf.hpp"
#include "loader/departures.hpp"
#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"
#include "unit/service/turning.hpp"

namespace berth::loader {
namespace {

using namespace std::chrono_literals;

class Straggler : public Provider {
 public:
  Straggler() {
    m_manifest.name = "straggler";
    m_manifest.operations.resize(1);
  }
  const Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<Reply>) override {}
  void message(std::shared_ptr<Reply>, Chunk, std::function<void()>) override {}
  void drained(std::shared_ptr<Reply>) override {}
  void cancel(std::shared_ptr<Reply>) override {}
  std::optional<std::string> ailment() override { return std::nullopt; }

 private:
  Manifest m_manifest;
};

struct Nobody : Caller {
  std::shared_ptr<Call> start(Ask, std::shared_ptr<Ears>) override { return nullptr; }
};

struct Beginning : DeafReply {  // a call that was answered with a job
  Beginning() {
    auto asker = std::make_shared<session::Asker>();
    asker->who = {"someone", session::Scope::run, std::nullopt};
    m_request.asker = asker;
  }
};

class OverdueTest : public testing::Test {
 protected:
  OverdueTest() { m_loop.adopt(); }

  const service::UniqueFd m_nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  service::EventLoop m_loop;
  service::Clock m_clock;
  service::Pool m_pool{{1, 4}};
  service::Log m_log{m_nowhere.get(), {}};
  service::EventBus m_events{m_loop, m_clock, {}};
  service::JobStore m_jobs{m_loop, m_clock, m_events, {}};
  service::PluginMetrics m_metrics;
  service::SecretEnvironment m_environment;
  Nobody m_calls;
  const HostServices m_host{m_loop, m_log, "", m_events, m_metrics, m_jobs, m_calls, m_environment};
  Departures m_departures{{m_loop, m_pool, m_log}, m_loop};
};

TEST_F(OverdueTest, JobsAreLostAndThePluginIsTold) {
  const auto leaver = std::make_shared<Straggler>();
  const auto desk = std::make_shared<HostDesk>(m_host, leaver->manifest(), std::set<std::string>{"berth.jobs/1"},
                                               Rights{session::Scope::run, {}});
  std::vector<Verb> heard;
  desk->connect([&](const Note& note) { heard.push_back(note.verb); });
  desk->serve({Verb::job_begin, 1}, std::make_shared<Beginning>());
  ASSERT_EQ(desk->jobs().size(), 1u);
  m_departures.limit(1ms);
  m_departures.add({leaver, nullptr, desk});
  EXPECT_TRUE(test::turn_until(m_loop, [&] { return desk->jobs().empty(); }));
  EXPECT_EQ(heard, std::vector<Verb>{Verb::job_cancel});
  const auto job = m_jobs.all().at(0);
  EXPECT_EQ(job->state, service::Job::State::lost);
  EXPECT_NE(job->error->message.find("did not end within 1 ms"), std::string::npos) << job->error->message;
}

// A policy may hold one for a day.
TEST_F(OverdueTest, WhatIsNoCallYetWillBeNone) {
  const auto leaver = std::make_shared<Straggler>();  // whoever may yet call it holds it
  m_departures.add({leaver, nullptr});
  m_loop.context().run_for(200ms);
  EXPECT_FALSE(leaver->closed());  // it has its time
  m_departures.limit(1ms);
  EXPECT_TRUE(test::turn_until(m_loop, [&] { return leaver->closed().has_value(); }));
  EXPECT_EQ(leaver->closed()->status, 503);
  EXPECT_EQ(leaver->closed()->code, "plugin_left");
}

}  // namespace
}  // namespace berth::loader
