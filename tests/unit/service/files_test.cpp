// A file is the old or the new content whatever happens, and its mode holds whatever the umask is.
#include "service/files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "folder.hpp"

namespace berth::service {
namespace {

using test::content_of;
using test::Folder;

unsigned mode_of(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777u : 0u;
}

std::size_t entries_in(const std::string& path) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path)) ++count;
  return count;
}

TEST(Files, WritesAndReads) {
  const Folder folder;
  const std::string content("a\0b\n", 4);
  ASSERT_FALSE(write_file(folder.file("x"), content));
  const auto read = read_file(folder.file("x"));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, content);
  EXPECT_EQ(entries_in(folder.path()), 1u) << "nothing is left beside it";
}

TEST(Files, TheModeHolds) {
  const Folder folder;
  const mode_t before = ::umask(0);
  EXPECT_FALSE(write_file(folder.file("secret"), "x"));
  ::umask(0777);
  EXPECT_FALSE(write_file(folder.file("open"), "x", 0644));
  ::umask(before);
  EXPECT_EQ(mode_of(folder.file("secret")), 0600u);
  EXPECT_EQ(mode_of(folder.file("open")), 0644u);
}

TEST(Files, ErrorsNameTheFileAndTheReason) {
  const Folder folder;
  const auto missing = read_file(folder.file("nothing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "no_file");
  EXPECT_NE(missing.error().message.find(folder.file("nothing") + ": No such file"), std::string::npos);
  EXPECT_FALSE(read_file(folder.path())) << "a folder is no file";
  EXPECT_TRUE(write_file(folder.file("no/folder/here"), "x"));
  EXPECT_TRUE(write_file(folder.path(), "x")) << "a folder is not replaced";
  EXPECT_EQ(entries_in(folder.path()), 0u);
}

TEST(Files, ReadsNoMoreThanAsked) {
  const Folder folder;
  test::put(folder.file("x"), std::string(100'000, 'x'));
  EXPECT_TRUE(read_file(folder.file("x"), 100'000));
  const auto larger = read_file(folder.file("x"), 99'999);
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().code, "file_too_large");
  EXPECT_FALSE(read_file("/dev/zero", 1000));
}

TEST(Files, AFullDiskKeepsTheOldContent) {
  const Folder folder;
  ASSERT_FALSE(write_file(folder.file("x"), "old"));
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto error = write_file(folder.file("x"), std::string(5000, 'n'));
    ::_exit(error && error->status == 507 && error->code == "disk_full" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content_of(folder.file("x")), "old");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(Files, AReaderSeesOneContentOrTheOther) {
  const Folder folder;
  const std::string one(50'000, '1'), two(70'000, '2');
  ASSERT_FALSE(write_file(folder.file("x"), one));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) (void)write_file(folder.file("x"), i % 2 == 0 ? two : one);
    stop = true;
  });
  while (!stop) {
    const auto now = read_file(folder.file("x"));
    EXPECT_TRUE(now && (*now == one || *now == two));
  }
  writer.join();
}

TEST(Files, WhatIsNoFileIsRefusedWhereStrangersWrite) {
  const Folder folder;
  test::put(folder.file("x"), "content");
  EXPECT_EQ(*read_regular_file(folder.file("x"), 7), "content");
  EXPECT_EQ(read_regular_file(folder.file("x"), 6).error().code, "file_too_large");
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  for (const auto& path : {folder.file("pipe"), folder.file("none"), folder.path(), std::string("/dev/zero")})
    EXPECT_EQ(read_regular_file(path, 100).error().code, "no_file") << path;
}

TEST(Files, MakesFoldersWithTheirParents) {
  const Folder folder;
  EXPECT_FALSE(make_directory(folder.file("a/b//c/")));
  EXPECT_FALSE(make_directory(folder.file("a/b/c"))) << "it is there: fine";
  EXPECT_EQ(mode_of(folder.file("a/b/c")), 0700u);
  test::put(folder.file("file"), "");
  EXPECT_TRUE(make_directory(folder.file("file")));
  EXPECT_TRUE(make_directory(folder.file("file/under")));
  EXPECT_TRUE(make_directory(""));
}

}  // namespace
}  // namespace berth::service
