// The audit must hold what it says after kill -9, through rotation, and with many threads at once.
#include "service/audit.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <thread>

#include "audit_lines.hpp"

namespace berth::service {
namespace {

using nlohmann::json;
using test::content_of;
using test::entry;
using test::Folder;
using test::ids_in;
using test::lines_of;
using test::numbers;
using test::open_audit;

TEST(Audit, ALineSaysItAll) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  ASSERT_TRUE(audit);
  Audit::Entry one = entry("r1");
  one.peer = "x\n{\"\x1b";
  audit->append(one, true);
  const std::string text = content_of(folder.file("a"));
  ASSERT_EQ(lines_of(text).size(), 1u);
  EXPECT_EQ(json::parse(text), (json{{"time", "2026-01-31T12:00:00.123Z"},
                                     {"request_id", "r1"},
                                     {"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"},
                                     {"operation", "probe.echo"},
                                     {"caller", "root"},
                                     {"scope", "run"},
                                     {"session", "main"},
                                     {"peer", "x\n{\"\x1b"},
                                     {"verdict", "ok"},
                                     {"status", 200},
                                     {"took_us", 1234}}));
  struct stat about {};
  ASSERT_EQ(::stat(folder.file("a").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777u, 0600u);
}

TEST(Audit, WhatIsAtOnceTakesAllBeforeItAlong) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  for (int i = 0; i < 10; ++i) audit->append(entry(std::to_string(i)), i == 9);
  EXPECT_EQ(ids_in(content_of(folder.file("a"))), numbers(0, 10));
}

// Also after a line at once has taken the batch from under the thread that was called for it.
TEST(Audit, ABatchArrivesByItself) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  for (int round = 0; round < 6; round += 2) {
    audit->append(entry(std::to_string(round)), false);
    const auto lines = static_cast<std::size_t>(round) + 1;
    for (int wait = 0; wait < 2000 && lines_of(content_of(folder.file("a"))).size() < lines; ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(ids_in(content_of(folder.file("a"))), numbers(0, round + 1));
    audit->append(entry(std::to_string(round + 1)), true);
  }
}

TEST(Audit, FlushAndTheEndWriteWhatWaits) {
  const Folder folder;
  auto audit = open_audit(folder.file("a"));
  audit->append(entry("0"), false);
  audit->flush();
  EXPECT_EQ(ids_in(content_of(folder.file("a"))), numbers(0, 1));
  audit->append(entry("1"), false);
  audit.reset();
  EXPECT_EQ(ids_in(content_of(folder.file("a"))), numbers(0, 2));
}

TEST(Audit, ManyThreadsLoseAndTearNothing) {
  constexpr int threads = 8, each = 500;
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const std::string id = std::to_string(t) + ' ' + std::to_string(i);
        audit->append(entry(id), i % 10 == 0);
        if (i % 100 == 50) audit->reopen();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  audit->flush();
  std::map<std::string, int> next;
  for (const std::string& id : ids_in(content_of(folder.file("a")))) {
    const std::string thread = id.substr(0, id.find(' '));
    ASSERT_EQ(id, thread + ' ' + std::to_string(next[thread]++));
  }
  ASSERT_EQ(next.size(), static_cast<std::size_t>(threads));
  for (const auto& [thread, count] : next) EXPECT_EQ(count, each) << thread;
}

TEST(Audit, RotatesAndKeepsSoMany) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"), 1000, 3);
  constexpr int lines = 40;
  for (int i = 0; i < lines; ++i) audit->append(entry(std::to_string(i)), true);
  std::vector<std::string> ids;
  for (const char* name : {"a.3", "a.2", "a.1", "a"}) {
    const std::string text = content_of(folder.file(name));
    EXPECT_LE(text.size(), 1000u) << name;
    for (const std::string& id : ids_in(text)) ids.push_back(id);
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.4")));
  ASSERT_GT(ids.size(), 4u);
  EXPECT_EQ(ids, numbers(lines - static_cast<int>(ids.size()), lines)) << "the newest, without a gap";
}

TEST(Audit, ReopenFollowsTheName) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  audit->append(entry("0"), false);
  std::filesystem::rename(folder.file("a"), folder.file("moved"));
  audit->reopen();
  audit->append(entry("1"), true);
  EXPECT_EQ(ids_in(content_of(folder.file("moved"))), numbers(0, 1));
  EXPECT_EQ(ids_in(content_of(folder.file("a"))), numbers(1, 2));
}

TEST(Audit, ClosesTheLineThatAKilledHostLeft) {
  const Folder folder;
  test::put(folder.file("a"), "{\"request_id\":\"old\"}\n{\"request_id\":\"half");
  const auto audit = open_audit(folder.file("a"));
  audit->append(entry("new"), true);
  const auto ids = ids_in(content_of(folder.file("a")));
  EXPECT_EQ(ids, (std::vector<std::string>{"old", "TORN: {\"request_id\":\"half", "new"}));
}

TEST(Audit, SaysWhyItCannotOpen) {
  const auto audit = Audit::open({"/nonexistent/folder/audit.log"});
  ASSERT_FALSE(audit);
  EXPECT_NE(audit.error().message.find("/nonexistent/folder/audit.log: No such file"), std::string::npos);
}

// Tells the parent each line that append() has promised, then waits to be killed.
[[noreturn]] void promise_until_killed(const std::string& path, int tell) {
  const auto audit = open_audit(path);
  for (int i = 0;; ++i) {
    audit->append(entry(std::to_string(i)), true);
    if (::write(tell, &i, sizeof i) != sizeof i) ::_exit(1);
  }
}

TEST(Audit, WhatWasPromisedOutlivesKill9) {
  const Folder folder;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) promise_until_killed(folder.file("a"), ends[1]);
  ::close(ends[1]);
  int promised = -1, next = 0;
  while (promised < 500 && ::read(ends[0], &next, sizeof next) == sizeof next) promised = next;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &next, sizeof next) == sizeof next) promised = next;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  ASSERT_GE(promised, 500);
  open_audit(folder.file("a"))->append(entry("the next host"), true);
  auto ids = ids_in(content_of(folder.file("a")));
  EXPECT_EQ(ids.back(), "the next host");
  // The kill may have come in the middle of the line after the last one promised: the kernel writes page by page.
  const std::size_t kept = static_cast<std::size_t>(promised) + 1;
  ASSERT_GE(ids.size(), kept + 1);
  EXPECT_LE(ids.size(), kept + 2);
  ids.resize(kept);
  EXPECT_EQ(ids, numbers(0, static_cast<int>(kept)));
}

}  // namespace
}  // namespace berth::service
