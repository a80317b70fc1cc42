// Jobs: their ends, who is told, and when they are forgotten.
#include "service/job_store.hpp"

#include <gtest/gtest.h>

#include "service/event_loop.hpp"

namespace berth::service {
namespace {

using State = Job::State;
using namespace std::chrono_literals;

class JobStoreTest : public testing::Test {
 protected:
  JobStoreTest() { m_loop.adopt(); }
  JobStore::Pointer begin(std::function<void()> cancelled = {}) {
    Job job;
    job.plugin = "p";
    job.operation = "p.work";
    job.session = "main";
    return m_jobs.begin(std::move(job), std::move(cancelled));
  }
  void turn() {
    m_loop.context().restart();
    m_loop.context().poll();
  }

  EventLoop m_loop;
  ManualClock m_clock;
  EventBus m_events{m_loop, m_clock, {}};
  JobStore m_jobs{m_loop, m_clock, m_events, {3, 1u << 20, 60s}};
};

TEST_F(JobStoreTest, EndsOnceAndStaysSo) {
  const auto job = begin();
  m_jobs.report(job->id, 30, "so far");
  m_jobs.report(job->id, -1, "further");
  EXPECT_EQ(job->percent, 30);
  EXPECT_EQ(job->text, "further");
  m_jobs.done(job->id, "{\"n\":1}");
  m_jobs.failed(job->id, {});
  m_jobs.lost(job->id, "no");
  m_jobs.report(job->id, 5, "no");
  EXPECT_FALSE(m_jobs.cancel(job->id));
  EXPECT_EQ(job->state, State::done);
  EXPECT_EQ(job->result, "{\"n\":1}");
  EXPECT_EQ(job->percent, 100);
}

TEST_F(JobStoreTest, OfASessionThatEndsNoJobIsLeft) {
  int told = 0;
  const auto of = [&](const char* session) {
    Job job;
    job.session = session;
    return m_jobs.begin(std::move(job), [&] { ++told; });
  };
  const auto hers = of("alice"), done = of("alice"), his = of("bob");
  m_jobs.done(done->id, "1");
  EXPECT_TRUE(m_jobs.busy("alice"));
  m_jobs.forget("alice");
  EXPECT_EQ(told, 1);
  EXPECT_EQ(hers->state, State::cancelled);
  EXPECT_FALSE(m_jobs.busy("alice"));
  EXPECT_TRUE(m_jobs.busy("bob"));
  EXPECT_EQ(m_jobs.all(), (std::vector<JobStore::Pointer>{his}));
  m_jobs.forget("alice");
  m_jobs.done(his->id, "2");
  EXPECT_EQ(m_jobs.all().size(), 1u);
}

TEST_F(JobStoreTest, WhoRunsItHearsOfItsCancelOnce) {
  int told = 0;
  const auto job = begin([&] { ++told; });
  EXPECT_TRUE(m_jobs.cancel(job->id));
  EXPECT_FALSE(m_jobs.cancel(job->id));
  EXPECT_EQ(told, 1);
  EXPECT_EQ(job->state, State::cancelled);
}

TEST_F(JobStoreTest, WatchersHearChangesAndTheEndEvenOfWhatIsForgottenAtOnce) {
  m_jobs.limit({0, 0, 0s});
  const auto job = begin();
  int news = 0;
  auto watcher = m_jobs.watch(job->id, [&] { ++news; });
  m_jobs.report(job->id, 1, "");
  m_jobs.report(job->id, 2, "");
  EXPECT_EQ(news, 0);
  turn();
  EXPECT_EQ(news, 1);
  m_jobs.done(job->id, "1");
  EXPECT_FALSE(m_jobs.find(job->id));
  turn();
  EXPECT_EQ(news, 2);
}

TEST_F(JobStoreTest, OnlySoManyAndSoLongAndNeverWhatRuns) {
  const auto running = begin();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(begin()->id);
    m_jobs.done(ids.back(), "1");
  }
  EXPECT_FALSE(m_jobs.find(ids[1]));
  EXPECT_TRUE(m_jobs.find(ids[2]));
  EXPECT_EQ(m_jobs.all().size(), 4u);
  EXPECT_EQ(m_jobs.all()[0]->id, ids[4]);
  m_clock.advance(61s);
  EXPECT_EQ(m_jobs.all().size(), 1u);
  EXPECT_TRUE(m_jobs.find(running->id));
}

TEST_F(JobStoreTest, ResultsAreBoundedInBytes) {
  const auto small = begin(), large = begin();
  m_jobs.done(small->id, "1");
  m_jobs.done(large->id, std::string(2u << 20, '1'));
  EXPECT_TRUE(m_jobs.all().empty());
}

TEST_F(JobStoreTest, EveryEndIsAnEventOfItsSession) {
  const auto listener = m_events.listen({{"job.*"}, "main"}, std::nullopt, [] {});
  const auto job = begin();
  m_jobs.lost(job->id, "it died");
  EXPECT_EQ(listener->next()->topic, "job.began");
  EXPECT_EQ(listener->next()->topic, "job.lost");
  EXPECT_EQ(job->error->message, "the job is lost: it died");
}

}  // namespace
}  // namespace berth::service
