// That an instance stays as long as anybody can still call it, but for calls that overstay, and goes then.
#include "deaf.hpp"
#include "loader/departures.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {
namespace {

using namespace std::chrono_literals;

class Overstaying : public DeafReply {  // until it is ended
 public:
  explicit Overstaying(std::size_t& calls) : m_calls(calls) { ++m_calls; }
  void end(service::Error why) override {
    heard = std::move(why);
    m_calls = 0;
  }
  service::Error heard;

 private:
  std::size_t& m_calls;
};

class Leaver : public Provider {
 public:
  explicit Leaver(std::atomic<int>& gone) : m_gone(gone) { m_manifest.name = "leaver"; }
  ~Leaver() override { ++m_gone; }
  const Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<Reply>) override {}
  void message(std::shared_ptr<Reply>, Chunk, std::function<void()>) override {}
  void drained(std::shared_ptr<Reply>) override {}
  void cancel(std::shared_ptr<Reply>) override {}
  std::optional<std::string> ailment() override { return std::nullopt; }
  std::size_t open_calls() const override { return calls; }

  std::vector<std::shared_ptr<Reply>> open() const override { return replies; }

  std::size_t calls = 0;
  std::vector<std::shared_ptr<Reply>> replies;

 private:
  std::atomic<int>& m_gone;
  Manifest m_manifest;
};

class DeparturesTest : public testing::Test {
 protected:
  bool gone_within(std::chrono::milliseconds time) {
    m_loop.context().restart();
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until && m_gone == 0) m_loop.context().run_one_for(20ms);
    return m_gone > 0;
  }

  const service::UniqueFd m_nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  std::atomic<int> m_gone{0};
  service::EventLoop m_loop;
  service::Pool m_pool{{1, 4}};
  service::Log m_log{m_nowhere.get(), {}};
  const Surroundings m_around{m_loop, m_pool, m_log};
  Departures m_departures{m_around, m_loop};
};

TEST_F(DeparturesTest, WaitForCalls) {
  auto leaver = std::make_shared<Leaver>(m_gone);
  leaver->calls = 1;
  const auto raw = leaver.get();
  m_departures.add({std::move(leaver), nullptr});
  EXPECT_EQ(m_departures.open_calls("leaver"), 1u);
  EXPECT_EQ(m_departures.facts("leaver"), (nlohmann::json{{"instances", 1}, {"open_calls", 1}, {"jobs", 0}}));
  EXPECT_TRUE(m_departures.facts("other").is_null());
  EXPECT_FALSE(gone_within(200ms));
  raw->calls = 0;
  EXPECT_TRUE(gone_within(10s));
  EXPECT_EQ(m_departures.count("leaver"), 0u);
}

TEST_F(DeparturesTest, EndWhatOverstaysAndSayWhy) {
  auto leaver = std::make_shared<Leaver>(m_gone);
  const auto call = std::make_shared<Overstaying>(leaver->calls);
  leaver->replies.push_back(call);
  m_departures.add({std::move(leaver), nullptr});
  EXPECT_FALSE(gone_within(200ms));
  EXPECT_EQ(call->heard.message, "");
  m_departures.limit(100ms);
  EXPECT_TRUE(gone_within(10s));
  EXPECT_EQ(call->heard.status, 503);
  EXPECT_EQ(call->heard.code, "plugin_left");
  EXPECT_EQ(call->heard.message,
            "leaver was reloaded or unloaded, and what it had begun before did not end within 100 ms");
  EXPECT_TRUE(call->heard.retry_after);
}

TEST_F(DeparturesTest, WaitForWhoeverCouldStillCall) {
  auto leaver = std::make_shared<Leaver>(m_gone);
  m_departures.add({leaver, nullptr});
  EXPECT_FALSE(gone_within(200ms));
  leaver.reset();
  EXPECT_TRUE(gone_within(10s));
}

TEST_F(DeparturesTest, EndWithTheHostWhateverHoldsThem) {
  auto leaver = std::make_shared<Leaver>(m_gone);
  leaver->calls = 1;
  m_departures.add({std::move(leaver), nullptr});
  m_departures.add({});
  std::size_t running = 0;
  m_departures.end(running);
  EXPECT_EQ(running, 0u);
  EXPECT_EQ(m_departures.count("leaver"), 1u);
  m_departures.clear();
  EXPECT_EQ(m_departures.count("leaver"), 0u);
  EXPECT_EQ(m_gone, 1);
}

}  // namespace
}  // namespace berth::loader
