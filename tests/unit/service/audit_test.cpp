// The audit must hold what it says after kill -9, on a full disk, through rotation, and with many threads at once.
#include "service/audit.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "folder.hpp"

namespace berth::service {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using test::lines_of;

std::unique_ptr<Audit> open_audit(const std::string& path, std::uint64_t rotate_at = 1u << 30, int keep = 4) {
  auto audit = Audit::open({path, rotate_at, keep});
  return audit ? std::move(*audit) : nullptr;
}

Audit::Entry entry(std::string_view request_id) {
  Audit::Entry one;
  one.at = Clock::WallMoment(std::chrono::milliseconds(1769860800123));
  one.request_id = request_id;
  one.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  one.operation = "probe.echo";
  one.caller = "root";
  one.scope = "run";
  one.session = "main";
  one.peer = "127.0.0.1:5000";
  one.verdict = "ok";
  one.status = 200;
  one.took = std::chrono::microseconds(1234);
  return one;
}

std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> ids;
  for (const std::string& line : lines_of(text)) {
    const json one = json::parse(line, nullptr, false);
    ids.push_back(one.is_object() ? one["request_id"].get<std::string>() : "TORN: " + line);
  }
  return ids;
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> all;
  for (int i = from; i < to; ++i) all.push_back(std::to_string(i));
  return all;
}

TEST(Audit, ALineSaysItAll) {
  const Folder folder;
  const auto audit = open_audit(folder.file("a"));
  ASSERT_TRUE(audit);
  Audit::Entry one = entry("r1");
  one.peer = "x\n{\"\x1b";
  audit->append(one, true);
  const std::string text = content_of(folder.file("a"));
  ASSERT_EQ(lines_of(text).size(), 1u);
  EXPECT_EQ(json::parse(text), (json{{"time", "2026-01-31T12:00:00.123Z"}, {"request_id", "r1"},
                                     {"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"}, {"operation", "probe.echo"},
                                     {"caller", "root"}, {"scope", "run"}, {"session", "main"}, {"peer", "x\n{\"\x1b"},
                                     {"verdict", "ok"}, {"status", 200}, {"took_us", 1234}}));
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
  const auto ids = ids_in(content_of(folder.file("a")));
  ASSERT_GE(promised, 500);
  ASSERT_GE(ids.size(), static_cast<std::size_t>(promised) + 1);
  EXPECT_EQ(ids, numbers(0, static_cast<int>(ids.size())));
}

// In a process of its own, whose files may not grow beyond a limit that falls into the middle of a line.
int fill_the_disk(const std::string& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{1000, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto audit = open_audit(path);
  for (int i = 0; i < 20; ++i) audit->append(entry(std::to_string(i)), i % 2 == 0);
  audit->flush();
  const std::uint64_t lost = audit->lost();
  if (lines_of(content_of(path)).size() + lost < 20 || lost < 15) return 1;
  limit.rlim_cur = RLIM_INFINITY;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  audit->append(entry("20"), true);
  return audit->lost() == 0 ? 0 : 2;
}

TEST(Audit, AFullDiskIsSaidAndCaughtUp) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_the_disk(folder.file("a")));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ids_in(content_of(folder.file("a"))), numbers(0, 21)) << "no line is torn, none is missing";
}

// The same, but somebody else writes behind the torn line before there is room again.
int fill_and_meddle(const std::string& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{1000, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto audit = open_audit(path);
  for (int i = 0; i < 5; ++i) audit->append(entry(std::to_string(i)), true);
  limit.rlim_cur = RLIM_INFINITY;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::ofstream(path, std::ios::app) << "meddled";
  audit->append(entry("5"), true);
  return audit->lost() == 0 ? 0 : 2;
}

TEST(Audit, ATornLineThatCannotGoOnIsWrittenAgain) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_and_meddle(folder.file("a")));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  std::vector<std::string> whole;
  int torn = 0;
  for (const std::string& id : ids_in(content_of(folder.file("a")))) {
    id.starts_with("TORN") ? static_cast<void>(++torn) : whole.push_back(id);
  }
  EXPECT_EQ(whole, numbers(0, 6));
  EXPECT_EQ(torn, 1);
}

// A disk of a few pages, in a mount namespace of this process alone.
constexpr int no_mount = 77;
int fill_a_tiny_disk(const std::string& folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return no_mount;
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=32k") != 0) return no_mount;
  test::put(folder + "/ballast", std::string(16'000, 'x'));
  const auto audit = open_audit(folder + "/a");
  for (int i = 0; i < 200; ++i) audit->append(entry(std::to_string(i)), true);
  if (audit->lost() < 100) return 1;
  std::filesystem::remove(folder + "/ballast");
  audit->flush();
  const std::size_t arrived = 200 - audit->lost();
  std::vector<std::string> ids = ids_in(content_of(folder + "/a"));
  if (arrived < 60 || ids.size() < arrived) return 2;
  ids.resize(arrived);  // one more may have begun
  return ids == numbers(0, static_cast<int>(arrived)) ? 0 : 3;
}

TEST(Audit, ATinyDiskIsSaidAndCaughtUp) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_a_tiny_disk(folder.path()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_mount) GTEST_SKIP() << "no mounts for this user";
  EXPECT_EQ(status, 0);
}

TEST(Audit, WhatWaitsForTheDiskIsBounded) {
  const auto audit = open_audit("/dev/full");
  if (!audit) GTEST_SKIP() << "no /dev/full here";
  const std::string large(10'000, 'x');
  for (int i = 0; i < 1000; ++i) audit->append(entry(large), false);
  audit->flush();
  EXPECT_EQ(audit->lost(), 1000u);
}

}  // namespace
}  // namespace berth::service
