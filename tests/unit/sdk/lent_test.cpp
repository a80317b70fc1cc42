// What an author's unit test lends a plugin: timers whose time the test moves, files that go with it.
#include <berth/check/trial.hpp>
#include <berth/service/files.hpp>
#include <berth/service/timers.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

namespace berth::check {
namespace {

using namespace std::chrono_literals;

struct Keeper {
  explicit Keeper(const Context& context) : m_timers(context), m_files(context) {
    m_timers.every(10ms, [this] { ++m_ticks; });
    m_once = m_timers.after(25ms, [this] { m_files.append("log", "once "); });
  }
  static void declare(Declaration<Keeper>& d) {
    d.plugin("keeper", "1.0.0", "Keeps things");
    d.get("ticks", "/keeper/ticks").handle(&Keeper::ticks);
  }
  Json ticks(const Json&) { return {{"ticks", m_ticks}}; }

  Timers m_timers;
  Files m_files;
  std::uint64_t m_once = 0;
  int m_ticks = 0;
};

TEST(Lent, TimersTickWhenTheTestLetsTimePass) {
  StandIn host;
  const Timers timers(host.api());
  std::string got;
  const auto held = std::make_shared<int>(0);
  timers.every(10ms, [&got, held] { got += 'e'; });
  const auto once = timers.after(25ms, [&got, held] { got += 'o'; });
  const auto never = timers.after(30ms, [&got, held] { got += 'n'; });
  host.timers().pass(9ms);
  EXPECT_EQ(got, "");
  EXPECT_TRUE(timers.cancel(never));
  EXPECT_FALSE(timers.cancel(never));
  host.timers().pass(26ms);
  EXPECT_EQ(got, "eeoe");
  EXPECT_FALSE(timers.cancel(once));
  EXPECT_EQ(held.use_count(), 2);  // those that are over have let go
  host.timers().drop();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Lent, ATimerMayCancelItself) {
  StandIn host;
  const Timers timers(host.api());
  int ticks = 0;
  std::uint64_t self = 0;
  self = timers.every(1ms, [&] {
    if (++ticks == 3) timers.cancel(self);
  });
  host.timers().pass(100ms);
  EXPECT_EQ(ticks, 3);
  EXPECT_EQ(host.timers().size(), 0u);
}

TEST(Lent, FilesAreThereAndGoWithTheHost) {
  std::string path;
  {
    StandIn host;
    const Files files(host.api());
    path = files.path();
    files.write("a/b", "one");
    files.append("a/b", " two");
    EXPECT_EQ(files.read("a/b"), "one two");
    EXPECT_EQ(files.list().at(0).name, "a");
    EXPECT_EQ(files.list("a").at(0).bytes, 7u);
    EXPECT_FALSE(files.read_if_there("c"));
    EXPECT_THROW(files.read("../x"), Error);
    EXPECT_THROW(files.read("a/b", 3), Error);
    const int fd = files.open("a/b");
    EXPECT_GE(fd, 0);
    ::close(fd);
    files.remove("a/b");
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Lent, ReachAPluginThroughTheCheckedHost) {
  Trial trial(berth::detail::entry<Keeper>());
  ASSERT_TRUE(trial.started());
  trial.pass(30ms);
  EXPECT_EQ(trial.call("keeper.ticks").body, R"({"ticks":3})");
  EXPECT_EQ(Files(trial.host().api()).read("log"), "once ");
  trial.end();
  EXPECT_TRUE(trial.breaches().empty());
}

}  // namespace
}  // namespace berth::check
