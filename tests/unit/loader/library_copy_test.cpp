// What is loaded is what was checked: tampered libraries, hostile files in their place, copies that are broken, not
// ours or links, and a library that is swapped between the check and the load.
#include "loader/library_copy.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin_folder.hpp"
#include "service/text.hpp"

namespace berth::loader {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::put;

class LibraryCopiesTest : public testing::Test {
 protected:
  std::string copy() {
    LibraryCopies copies(m_copies);
    const auto made = copies.copy(m_plugin.found());
    return made ? *made : made.error().code + ": " + made.error().message;
  }
  std::vector<std::string> copies_there() const {
    std::vector<std::string> names;
    for (const auto& one : fs::directory_iterator(m_copies)) names.push_back(one.path().filename().string());
    return names;
  }
  static unsigned mode_of(const std::string& path) {
    struct stat there {};
    return ::lstat(path.c_str(), &there) == 0 ? there.st_mode & 0777u : 0;
  }

  const test::PluginFolder m_plugin;
  const std::string m_copies = m_plugin.file("state/plugins");
  const std::string m_name = "clock-" + m_plugin.digest().substr(0, 16) + ".so";
  const std::string m_copy = m_copies + "/" + m_name;
};

TEST_F(LibraryCopiesTest, AreNamedAfterTheirContentAndTheHostsAlone) {
  EXPECT_EQ(copy(), m_copy);
  EXPECT_EQ(content_of(m_copy), content_of(m_plugin.library));
  EXPECT_EQ(mode_of(m_copy), 0400u);
  EXPECT_EQ(mode_of(m_copies), 0700u);
  EXPECT_EQ(copies_there(), std::vector<std::string>{m_name});
}

TEST_F(LibraryCopiesTest, AreKeptIfTheyAreGood) {
  copy();
  struct stat before {
  }, after{};
  ASSERT_EQ(::stat(m_copy.c_str(), &before), 0);
  EXPECT_EQ(copy(), m_copy);
  ASSERT_EQ(::stat(m_copy.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(LibraryCopiesTest, RefuseATamperedLibraryWithBothDigests) {
  m_plugin.tamper();
  const std::string is = service::hex(service::sha256(content_of(m_plugin.library)));
  const std::string why = copy();
  EXPECT_TRUE(why.starts_with("wrong_digest: " + m_plugin.library)) << why;
  EXPECT_NE(why.find(is.substr(0, 16) + "…"), std::string::npos) << why;
  EXPECT_NE(why.find(m_plugin.digest().substr(0, 16) + "…"), std::string::npos) << why;
  EXPECT_EQ(why.find(is), std::string::npos) << why;
  EXPECT_TRUE(copies_there().empty());
  const auto wrong = check_library(m_plugin.found());
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->code, "wrong_digest");
  EXPECT_FALSE(wrong->hint.empty());
}

TEST_F(LibraryCopiesTest, RefuseATamperedLibraryEvenIfAGoodCopyIsThere) {
  copy();
  m_plugin.tamper();
  EXPECT_TRUE(copy().starts_with("wrong_digest: "));
}

TEST_F(LibraryCopiesTest, ABrokenCopyIsMadeAgain) {
  copy();
  for (const char* content : {"", "half of it"}) {
    fs::permissions(m_copy, fs::perms(0600));
    put(m_copy, content);
    fs::permissions(m_copy, fs::perms(0400));
    EXPECT_EQ(copy(), m_copy);
    EXPECT_EQ(content_of(m_copy), content_of(m_plugin.library));
  }
}

TEST_F(LibraryCopiesTest, ACopyThatOthersCouldChangeIsMadeAgain) {
  copy();
  fs::permissions(m_copy, fs::perms(0666));
  EXPECT_EQ(copy(), m_copy);
  EXPECT_EQ(mode_of(m_copy), 0400u);
  fs::create_hard_link(m_copy, m_plugin.file("twin"));
  EXPECT_EQ(copy(), m_copy);
  EXPECT_FALSE(fs::equivalent(m_copy, m_plugin.file("twin")));
}

TEST_F(LibraryCopiesTest, ALinkInItsPlaceIsReplacedAndNotFollowed) {
  fs::create_directories(m_copies);
  put(m_plugin.file("precious"), "precious");
  fs::create_symlink(m_plugin.file("precious"), m_copy);
  EXPECT_EQ(copy(), m_copy);
  EXPECT_FALSE(fs::is_symlink(m_copy));
  EXPECT_EQ(content_of(m_plugin.file("precious")), "precious");
  fs::remove(m_copy);
  fs::create_symlink(m_plugin.library, m_copy);  // with the right content, and somebody else's
  EXPECT_EQ(copy(), m_copy);
  EXPECT_FALSE(fs::is_symlink(m_copy));
}

TEST_F(LibraryCopiesTest, AFolderThatIsALinkOrNoneIsRefused) {
  fs::create_directories(m_plugin.file("elsewhere"));
  fs::create_directories(m_plugin.file("state"));
  fs::create_symlink(m_plugin.file("elsewhere"), m_copies);
  EXPECT_NE(copy(), m_copy);
  EXPECT_TRUE(fs::is_empty(m_plugin.file("elsewhere")));
  fs::remove(m_copies);
  put(m_copies, "");
  EXPECT_NE(copy(), m_copy);
}

TEST_F(LibraryCopiesTest, AFolderThatOthersCouldWriteToIsClosed) {
  fs::create_directories(m_copies);
  fs::permissions(m_copies, fs::perms(0777));
  EXPECT_EQ(copy(), m_copy);
  EXPECT_EQ(mode_of(m_copies), 0700u);
}

TEST_F(LibraryCopiesTest, AFolderOfSomebodyElsesIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  fs::create_directories(m_copies);
  ASSERT_EQ(::chown(m_copies.c_str(), 12345, 12345), 0);
  EXPECT_TRUE(copy().starts_with("no_permission: ")) << copy();
}

TEST_F(LibraryCopiesTest, ALibraryBehindALinkIsReadOnce) {
  fs::rename(m_plugin.library, m_plugin.file("real.so"));
  fs::create_symlink("real.so", m_plugin.library);
  EXPECT_EQ(copy(), m_copy);
  fs::remove(m_plugin.library);
  put(m_plugin.file("evil.so"), "evil");
  fs::create_symlink("evil.so", m_plugin.library);
  EXPECT_TRUE(copy().starts_with("wrong_digest: "));
}

TEST_F(LibraryCopiesTest, WhatIsNoFileHoldsNobodyUp) {
  const Found found = m_plugin.found();
  fs::remove(m_plugin.library);
  LibraryCopies copies(m_copies);
  EXPECT_EQ(copies.copy(found).error().code, "no_file");
  ASSERT_EQ(::mkfifo(m_plugin.library.c_str(), 0600), 0);
  EXPECT_EQ(copies.copy(found).error().code, "no_file");
  EXPECT_EQ(check_library(found)->code, "no_file");
  fs::remove(m_plugin.library);
  fs::create_directory(m_plugin.library);
  EXPECT_EQ(copies.copy(found).error().code, "no_file");
  fs::remove(m_plugin.library);
  fs::create_symlink("/dev/zero", m_plugin.library);
  EXPECT_EQ(copies.copy(found).error().code, "no_file");
}

TEST_F(LibraryCopiesTest, AHugeFileIsRefusedUnread) {
  const Found found = m_plugin.found();
  fs::resize_file(m_plugin.library, 1ull << 40);  // sparse; to read it would take an hour
  const auto wrong = check_library(found);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->code, "file_too_large");
  EXPECT_TRUE(copy().starts_with("file_too_large: "));
  EXPECT_TRUE(copies_there().empty());
}

TEST_F(LibraryCopiesTest, ALargeOneIsNotHeldInMemory) {
  fs::resize_file(m_plugin.library, 256u << 20);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(check_library(m_plugin.found())->code, "wrong_digest");
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10);  // KiB
}

TEST_F(LibraryCopiesTest, WhatIsSwappedAfterTheCheckIsNotLoaded) {
  const std::string good = content_of(m_plugin.library);
  LibraryCopies copies(m_copies);
  const auto made = copies.copy(m_plugin.found());
  ASSERT_TRUE(made);
  fs::remove(m_plugin.library);
  put(m_plugin.library, "evil");
  EXPECT_EQ(content_of(*made), good);
}

TEST_F(LibraryCopiesTest, OldOnesGoAndWhatIsNotOursStays) {
  LibraryCopies copies(m_copies);
  const auto kept = copies.copy(m_plugin.found());
  ASSERT_TRUE(kept);
  put(m_copies + "/clock-0123456789abcdef.so", "old");
  put(m_copies + "/.new-0123456789ab", "half");
  put(m_copies + "/notes.txt", "mine");
  fs::create_directory(m_copies + "/folder.so");
  put(m_copies + "/folder.so/file", "mine");
  copies.remove_others({*kept});
  auto left = copies_there();
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{m_name, "folder.so", "notes.txt"}));
}

}  // namespace
}  // namespace berth::loader
