// A plugin's process that does not read what the host has for it, and one that does not answer.
#include "loader/process/keeper.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <optional>

#include "unit/service/folder.hpp"
#include "unit/service/turning.hpp"

namespace berth::loader {
namespace {

using service::Error;

// Its program starts, and does nothing at all.
class KeeperTest : public testing::Test {
 protected:
  KeeperTest() {
    m_loop.adopt();
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    test::put(m_folder.file("program"), "#!/bin/sh\nexec sleep 1000\n");
    ::chmod(m_folder.file("program").c_str(), 0700);
    ProcessRules rules;
    rules.start_time = std::chrono::hours(1);
    m_keeper = std::make_shared<Keeper>("p", "p.so", "{}", Keeper::Given{"{}"}, rules,
                                        Keeper::Around{m_loop, m_log, m_clock, m_folder.file("program")});
    m_keeper->start(
        {[](Frame) {}, [](const Error&) {}, [this](std::optional<Error> failed) { m_failed = std::move(failed); }});
  }
  ~KeeperTest() override {
    m_keeper.reset();
    m_loop.context().restart();
    m_loop.context().poll();
  }
  static Frame large(std::size_t size) { return {FrameKind::tell, 0, {}, std::string(size, 'x'), {}}; }

  test::Folder m_folder;
  const service::UniqueFd m_nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  service::Log m_log{m_nowhere.get(), {}};
  service::Clock m_clock;
  service::EventLoop m_loop;
  std::shared_ptr<Keeper> m_keeper;
  std::optional<Error> m_failed;
};

TEST_F(KeeperTest, IsEndedWhenTooManyBytesWaitForIt) {
  for (int i = 0; i < 40; ++i) m_keeper->tell(large(1u << 20));
  EXPECT_TRUE(m_keeper->has_room());
  for (int i = 0; i < 60; ++i) m_keeper->tell(large(1u << 20));
  EXPECT_FALSE(m_keeper->has_room());  // for calls, which can be refused
  EXPECT_FALSE(m_failed);
  for (int i = 0; i < 100; ++i) m_keeper->tell(large(1u << 20));
  ASSERT_TRUE(test::turn_until(m_loop, [this] { return m_failed.has_value(); }));
  EXPECT_EQ(m_failed->message, "p: it did not read what the host had for it");
}

TEST_F(KeeperTest, IsEndedWhenTooManyDescriptorsWaitForIt) {
  m_keeper->tell(large(32u << 20));  // more than the socket takes
  for (int i = 0; i < 4000; ++i)
    m_keeper->tell({FrameKind::tell, 0, {}, {}, service::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC))});
  ASSERT_TRUE(test::turn_until(m_loop, [this] { return m_failed.has_value(); }));
  EXPECT_EQ(m_failed->message, "p: it did not read what the host had for it");
}

// Answers the ping with which it becomes ready, and none after that.
TEST(KeeperPingTest, ItIsSaidForHowLongAPingWaited) {
  const test::Folder folder;
  const std::string nothing = "\\0\\0\\0\\0\\0\\0\\0\\0", rest = "\\0\\0\\0\\0\\0\\0\\0" + nothing;
  test::put(folder.file("program"),
            "#!/bin/sh\nprintf '" + nothing + "\\040" + rest + nothing + "\\051" + rest + "' >&3\nexec sleep 1000\n");
  ::chmod(folder.file("program").c_str(), 0700);
  const service::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  service::Log log{nowhere.get(), {}};
  service::ManualClock clock;
  service::EventLoop loop;
  loop.adopt();
  std::optional<service::Clock::Moment> ready;
  std::string why;
  const auto keeper = std::make_shared<Keeper>("p", "p.so", "{}", Keeper::Given{"{}"}, ProcessRules{},
                                               Keeper::Around{loop, log, clock, folder.file("program")});
  keeper->start({[](Frame) {}, [&](const Error& error) { why = error.message; },
                 [&](const std::optional<Error>& failed) {
                   if (!failed) ready = clock.now();
                 }});
  ASSERT_TRUE(test::turn_until(loop, [&] { return ready.has_value(); }));
  for (int i = 0; i < 200 && why.empty(); ++i) {
    clock.advance(std::chrono::milliseconds(500));
    loop.context().restart();
    loop.context().run_for(std::chrono::milliseconds(110));
  }
  EXPECT_NE(why.find("it did not answer for 10 s"), std::string::npos) << why;
  // The first ping that it did not answer came a second after the one that it did.
  EXPECT_GE(clock.now() - *ready, std::chrono::seconds(11));
  keeper->end();
  loop.context().restart();
  loop.context().run_for(std::chrono::milliseconds(10));
}

}  // namespace
}  // namespace berth::loader
