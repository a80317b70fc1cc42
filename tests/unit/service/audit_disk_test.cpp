// A full disk: the audit says that it is behind, keeps lines whole, and catches up once there is room.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "audit_lines.hpp"

namespace berth::service {
namespace {

using test::content_of;
using test::entry;
using test::Folder;
using test::ids_in;
using test::lines_of;
using test::numbers;
using test::open_audit;

// In a process of its own, whose files may not grow beyond a limit that falls into the middle of a line.
int fill_the_audits_disk(const std::string& path) {
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

TEST(AuditDisk, AFullDiskIsSaidAndCaughtUp) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_the_audits_disk(folder.file("a")));
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

TEST(AuditDisk, ATornLineThatCannotGoOnIsWrittenAgain) {
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

TEST(AuditDisk, ATinyDiskIsSaidAndCaughtUp) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_a_tiny_disk(folder.path()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_mount) GTEST_SKIP() << "no mounts for this user";
  EXPECT_EQ(status, 0);
}

TEST(AuditDisk, WhatWaitsForTheDiskIsBounded) {
  const auto audit = open_audit("/dev/full");
  if (!audit) GTEST_SKIP() << "no /dev/full here";
  const std::string large(10'000, 'x');
  for (int i = 0; i < 1000; ++i) audit->append(entry(large), false);
  audit->flush();
  EXPECT_EQ(audit->lost(), 1000u);
}

}  // namespace
}  // namespace berth::service
