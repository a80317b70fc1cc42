// What is read of a journal, how much at once, and what is told of one that is broken. systemd's own program makes it.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <berth/call.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include "journal.hpp"
#include "journal_files.hpp"
#include "unit/service/folder.hpp"

namespace machine {
namespace {

using berth::Error;
using berth::Json;
using namespace std::chrono_literals;

constexpr const char* maker = "/lib/systemd/systemd-journal-remote";
const auto never = [] { return false; };

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::access(maker, X_OK) != 0) GTEST_SKIP() << "this wants systemd-journal-remote";
    std::string text;
    const auto now = static_cast<long long>(::time(nullptr));
    for (int i = 0; i < 12; ++i) {
      text += "__REALTIME_TIMESTAMP=" + std::to_string((now - 100 + i) * 1'000'000) +
              "\n__MONOTONIC_TIMESTAMP=" + std::to_string(i + 1) + "\n_BOOT_ID=" + std::string(32, '1') +
              "\nMESSAGE=entry " + std::to_string(i) + "\n_TRANSPORT=" + (i % 2 == 0 ? "kernel" : "journal") + "\n\n";
    }
    const std::string command = std::string(maker) + " -o " + m_file + " - >/dev/null 2>&1";
    FILE* program = ::popen(command.c_str(), "w");
    ASSERT_NE(program, nullptr);
    std::fwrite(text.data(), 1, text.size(), program);
    ASSERT_EQ(::pclose(program), 0);
  }
  Json read(const JournalAsked& asked = {}) { return read_journal({m_file}, asked, never); }
  std::string problem(const std::function<void()>& what) {
    try {
      what();
    } catch (const Error& error) {
      return error.code();
    }
    return "none";
  }
  // A number of the file's, where it keeps it; and another byte.
  std::uint64_t word(std::uint64_t at, std::size_t bytes = 8) {
    const std::string all = berth::test::content_of(m_file);
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i > 0; --i) value = value << 8 | static_cast<unsigned char>(all.at(at + i - 1));
    return value;
  }
  void spoil(std::uint64_t at) {
    std::fstream file(m_file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('\x09');
  }
  std::uint64_t first_array() { return word(176); }
  std::uint64_t entry(std::uint64_t number) {
    const std::uint64_t item = (word(12, 4) & 16) != 0 ? 4 : 8;
    return word(first_array() + 24 + number * item, item);
  }
  berth::test::Folder m_folder;
  const std::string m_file = m_folder.file("made.journal");
};

TEST_F(JournalTest, IsReadFromItsEnd) {
  const Json all = read();
  ASSERT_EQ(all["entries"].size(), 12u) << all;
  EXPECT_EQ(all["entries"][11]["message"], "entry 11");
  EXPECT_EQ(all["whole"], true);
  EXPECT_EQ(all["truncated"], false);
  const Json last = read({"", "", "", "kernel", 2});
  ASSERT_EQ(last["entries"].size(), 2u) << last;
  EXPECT_EQ(last["entries"][1]["message"], "entry 10");
  EXPECT_EQ(last["truncated"], true);
  EXPECT_TRUE(has_its_entries(m_file));
}

TEST_F(JournalTest, AChainOfEntriesThatIsBrokenIsNotTheEnd) {
  spoil(word(first_array() + 16));
  const Json some = read();
  EXPECT_LT(some["entries"].size(), 12u);
  EXPECT_EQ(some["whole"], false) << some;
  EXPECT_EQ(some["truncated"], true);
  EXPECT_FALSE(has_its_entries(m_file));
}

TEST_F(JournalTest, AnEntryThatIsBrokenInTheMiddleIsNotTheEnd) {
  spoil(entry(2));
  const Json some = read({"", "", "", "kernel", 100});
  EXPECT_LT(some["entries"].size(), 6u);
  EXPECT_EQ(some["whole"], false) << some;
  EXPECT_TRUE(has_its_entries(m_file));  // so it is the other way by which that is seen
}

TEST_F(JournalTest, OneIsReadAtATime) {
  JournalDesk desk(50ms);
  std::mutex mutex;
  std::condition_variable moved;
  bool reads = false, over = false;
  std::thread first([&] {
    desk.read({m_file}, {}, [&] {
      std::unique_lock<std::mutex> lock(mutex);
      reads = true;
      moved.notify_all();
      moved.wait_for(lock, 20s, [&] { return over; });
      return false;
    });
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    EXPECT_TRUE(moved.wait_for(lock, 20s, [&] { return reads; }));
  }
  EXPECT_EQ(problem([&] { desk.read({m_file}, {}, never); }), "busy");
  {
    const std::lock_guard<std::mutex> lock(mutex);
    over = true;
    moved.notify_all();
  }
  first.join();
  EXPECT_EQ(problem([&] { desk.read({m_file}, {"", "never", "", "", 1}, never); }), "bad_since");
  EXPECT_EQ(problem([&] { desk.read({m_file}, {}, never); }), "none");
}

TEST_F(JournalTest, WithoutDescriptorsItSaysSo) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizers look at memory with the help of a descriptor";
#endif
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const std::string said = problem([&] { read(); });
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(said, "busy");
}

TEST(JournalFiles, TheNewestAreKept) {
  const berth::test::Folder folder;
  std::filesystem::create_directories(folder.file("machine"));
  const auto now = std::filesystem::file_time_type::clock::now();
  int age = 0;
  for (const char* name : {"machine/b.journal", "a.journal", "c.journal~", "d.journal", "other.txt"}) {
    berth::test::put(folder.file(name), "x");
    std::filesystem::last_write_time(folder.file(name), now - std::chrono::hours(++age));
  }
  auto files = journal_files({folder.path(), folder.file("none")});
  EXPECT_EQ(files.size(), 4u);
  EXPECT_EQ(keep_newest(files, 4), 0u);
  EXPECT_EQ(keep_newest(files, 2), 2u);
  EXPECT_EQ(files, (std::vector<std::string>{folder.file("machine/b.journal"), folder.file("a.journal")}));
}

TEST(JournalFiles, AProcessOfItsOwnIsKnown) {
  using namespace std::string_literals;
  EXPECT_TRUE(in_a_process_of_its_own("berth\0plugin-host\0system\0"s));
  EXPECT_FALSE(in_a_process_of_its_own("berth\0serve\0plugin-host\0"s));
  EXPECT_FALSE(in_a_process_of_its_own("plugin-host\0"s));
  EXPECT_FALSE(in_a_process_of_its_own("berth"s));
  EXPECT_FALSE(in_a_process_of_its_own(""s));
}

}  // namespace
}  // namespace machine
