// A disk that is slow, or takes no more, just when the journal of the policies is written anew: nobody waits for it,
// and nothing is lost.
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "engine_kit.hpp"

namespace berth::policy {
namespace {

// Every fsync and write of this program comes by here. From hold() on each fsync waits for its pass, but not for ever.
class Disk {
 public:
  void sync() {
    std::unique_lock lock(m_mutex);
    if (!m_held || m_free_thread == std::this_thread::get_id()) return;
    ++m_arrived;
    const bool passed = m_news.wait_for(lock, std::chrono::seconds(20), [this] { return !m_held || m_passes > 0; });
    if (m_held && passed) --m_passes;
    m_gave_up = m_gave_up || !passed;
  }
  void hold() {
    const std::lock_guard lock(m_mutex);
    m_held = true;
    m_gave_up = false;
    m_arrived = m_passes = 0;
  }
  void pass() {
    const std::lock_guard lock(m_mutex);
    ++m_passes;
    m_news.notify_all();
  }
  void release() {
    const std::lock_guard lock(m_mutex);
    m_held = false;
    m_news.notify_all();
  }
  void free(std::thread::id thread) {  // is not held
    const std::lock_guard lock(m_mutex);
    m_free_thread = thread;
  }
  int arrived() {  // since hold()
    const std::lock_guard lock(m_mutex);
    return m_arrived;
  }
  bool gave_up() {  // somebody waited for so long that whoever had to let it pass must have waited itself
    const std::lock_guard lock(m_mutex);
    return m_gave_up;
  }
  void refuse(const std::string& path) {  // is full for that file, whatever name it takes; of none: for no file
    struct stat about {};
    m_refused = !path.empty() && ::stat(path.c_str(), &about) == 0 ? about.st_ino : 0;
  }
  bool takes(int file, std::size_t size) {
    if (m_watched == std::this_thread::get_id()) m_largest = std::max(m_largest.load(), size);
    struct stat about {};
    return m_refused == 0 || ::fstat(file, &about) != 0 || about.st_ino != m_refused;
  }
  void watch(std::thread::id thread) {
    m_watched = thread;
    m_largest = 0;
  }
  std::size_t largest() const { return m_largest; }  // write of that thread

 private:
  std::atomic<ino_t> m_refused{0};
  std::atomic<std::thread::id> m_watched{};
  std::atomic<std::size_t> m_largest{0};
  std::mutex m_mutex;
  std::condition_variable m_news;
  bool m_held = false, m_gave_up = false;
  int m_arrived = 0, m_passes = 0;
  std::thread::id m_free_thread;
};

Disk the_disk;

}  // namespace
}  // namespace berth::policy

// In place of the C library's.
extern "C" ssize_t write(int file, const void* bytes, size_t size) {
  if (berth::policy::the_disk.takes(file, size)) return ::syscall(SYS_write, file, bytes, size);
  errno = ENOSPC;
  return -1;
}

extern "C" int fsync(int file) {
  berth::policy::the_disk.sync();
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace berth::policy {
namespace {

class SlowDiskTest : public EngineTest {
 protected:
  SlowDiskTest() {
    EXPECT_FALSE(m_ledger.open(m_folder.file("p")));
    the_disk.hold();
  }
  ~SlowDiskTest() override {
    the_disk.refuse("");
    the_disk.watch({});
    the_disk.release();
    m_pool.end();
  }
  std::string path() const { return m_folder.file("p") + "/state.journal"; }
  std::string beside() const {  // the file that is to take its name
    for (const auto& one : std::filesystem::directory_iterator(m_folder.file("p")))
      if (one.path() != path()) return one.path();
    return "none";
  }
  // One more, in line.
  void keep_until(int count) {
    for (++m_kept; m_kept <= count; ++m_kept) {
      const std::string value = "[" + std::to_string(m_kept) + ",\"" + std::string(60'000, 'x') + "\"]";
      ASSERT_FALSE(m_ledger.keep("a", {{"p", m_kept % 2 == 0 ? "even" : "odd", value}}, {{"n", 1}}));
    }
    m_kept = count;
  }
  // What a host would find that is started now, after this one was killed.
  void expect_all_is_there() {
    const auto copy = m_folder.file("copy");
    std::filesystem::create_directories(copy);
    std::filesystem::copy_file(path(), copy + "/state.journal", std::filesystem::copy_options::overwrite_existing);
    the_disk.free(std::this_thread::get_id());
    LoneLedger again;
    ASSERT_FALSE(again.open(copy));
    the_disk.free({});
    EXPECT_EQ(again.charged("a").at("n"), m_kept);
    ASSERT_EQ(again.entries().size(), 2u);
    for (const auto& one : again.entries()) {
      const int number = one.key == "even" ? m_kept / 2 * 2 : (m_kept - 1) / 2 * 2 + 1;
      EXPECT_EQ(one.value.substr(0, one.value.find(',')), "[" + std::to_string(number));
    }
  }

  std::vector<std::string> m_failed;
  Ledger m_ledger{{m_loop, [this](std::function<void()> job) { return m_pool.run(std::move(job)); },
                   [this](const service::Error& why) { m_failed.push_back(why.code); }}};
  int m_kept = 0;
};

TEST_F(SlowDiskTest, NothingIsLostWhereverItIsWaitedFor) {
  keep_until(80);
  for (int stage = 1; stage <= 3; ++stage) {  // the new content, what came meanwhile, and the name
    ASSERT_TRUE(turn([&] { return the_disk.arrived() == stage; })) << stage;
    keep_until(m_kept + 3);
    expect_all_is_there();
    EXPECT_EQ(std::filesystem::file_size(path()) < 3u << 20, stage == 3);
    the_disk.pass();
  }
  ASSERT_TRUE(turn([&] {                                        // and once more, since the first time is over
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // or a thread that waits for its turn gets too much
    keep_until(m_kept + 1);
    return the_disk.arrived() == 4;
  }));
  expect_all_is_there();
  EXPECT_TRUE(m_failed.empty());
  EXPECT_FALSE(the_disk.gave_up());
}

TEST_F(SlowDiskTest, WhatCameMeanwhileIsNotWrittenByTheThreadThatMayNotWait) {
  keep_until(80);
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 1; }));
  keep_until(m_kept + 50);
  the_disk.watch(std::this_thread::get_id());
  the_disk.pass();
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 2; }));
  EXPECT_LE(the_disk.largest(), 256u << 10);
  expect_all_is_there();
  the_disk.pass();
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 3; }));
  expect_all_is_there();
}

TEST_F(SlowDiskTest, AFileThatLacksALineDoesNotTakeTheName) {
  keep_until(80);
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 1; }));
  the_disk.pass();
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 2; }));  // which is before the name
  the_disk.refuse(beside());
  keep_until(m_kept + 1);
  the_disk.refuse("");
  keep_until(m_kept + 1);
  the_disk.release();
  ASSERT_TRUE(turn([&] { return !m_failed.empty(); }));
  expect_all_is_there();
  EXPECT_EQ(beside(), "none");
  keep_until(m_kept + 80);  // and is tried again
  ASSERT_TRUE(turn([&] { return std::filesystem::file_size(path()) < 5u << 20; }));
  expect_all_is_there();
}

TEST_F(SlowDiskTest, AFileThatHasTheNameGetsWhatItLacks) {
  keep_until(80);
  for (int stage = 1; stage <= 2; ++stage) {
    ASSERT_TRUE(turn([&] { return the_disk.arrived() == stage; })) << stage;
    the_disk.pass();
  }
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 3; }));  // which is after the name
  const auto fail = [&] {
    the_disk.refuse(path());
    ++m_kept;
    const auto value = "[" + std::to_string(m_kept) + ",0]";
    EXPECT_TRUE(m_ledger.keep("a", {{"p", m_kept % 2 == 0 ? "even" : "odd", value}}, {{"n", 1}}));
    the_disk.refuse("");
  };
  fail();
  keep_until(m_kept + 1);  // and that before it
  expect_all_is_there();
  const auto size = std::filesystem::file_size(path());
  fail();
  the_disk.release();
  ASSERT_TRUE(turn([&] { return std::filesystem::file_size(path()) > size; }));
  expect_all_is_there();
  EXPECT_TRUE(m_failed.empty());
}

TEST_F(SlowDiskTest, OneThatIsSlowerThanWhatComesIsTriedAgainLater) {
  keep_until(700);
  ASSERT_TRUE(turn([&] { return the_disk.arrived() == 1; }));
  the_disk.release();
  ASSERT_TRUE(turn([&] { return !m_failed.empty(); }));
  EXPECT_EQ(m_failed, std::vector<std::string>{"too_slow"});
  expect_all_is_there();
  keep_until(m_kept + 80);
  ASSERT_TRUE(turn([&] { return std::filesystem::file_size(path()) < 10u << 20; }));
  expect_all_is_there();
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(m_folder.file("p")),
                         std::filesystem::directory_iterator());
  };
  EXPECT_TRUE(turn([&] { return files() == 1; }));
}

TEST_F(SlowDiskTest, NoCallWaitsForIt) {
  the_disk.release();
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  the_disk.hold();
  EXPECT_EQ(use("before(function()\n  local s = berth.state\n  s.n = (s.n or 0) + 1\n"
                "  s.large = string.rep(tostring(s.n % 10), 60000)\n  return deny(tostring(s.n))\nend)"),
            "");
  const auto call = [&](int number) {
    EXPECT_NE(words(before()).find(": " + std::to_string(number)), std::string::npos);
  };
  for (int i = 1; i <= 80; ++i) call(i);
  ASSERT_TRUE(turn([] { return the_disk.arrived() == 1; }));
  for (int i = 81; i <= 100; ++i) call(i);
  EXPECT_EQ(the_disk.arrived(), 1);
  EXPECT_FALSE(the_disk.gave_up());
  the_disk.release();
  EXPECT_TRUE(turn([&] { return std::filesystem::file_size(m_folder.file("policies/state.journal")) < 5u << 20; }));
}

}  // namespace
}  // namespace berth::policy
