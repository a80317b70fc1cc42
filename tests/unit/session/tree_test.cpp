// Folders that somebody has made as awkward as they can be.
#include "session/tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../service/folder.hpp"

namespace berth::session {
namespace {

namespace fs = std::filesystem;
using test::Folder;
using test::put;

// Deeper than any path can say.
void dig(const std::string& top, int levels) {
  int at = ::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(at, 0);
  for (int i = 0; i < levels; ++i) {
    ASSERT_EQ(::mkdirat(at, "a-name-of-some-length", 0755), 0);
    const int below = ::openat(at, "a-name-of-some-length", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_GE(below, 0);
    ::close(at);
    at = below;
  }
  ::close(::openat(at, "treasure", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  ::close(at);
}

TEST(Tree, MeasuresWhatIsOnTheDisk) {
  const Folder folder;
  put(folder.file("a"), std::string(100'000, 'x'));
  const auto one = measure_tree(folder.path());
  EXPECT_TRUE(one.whole);
  EXPECT_EQ(one.files, 1u);
  EXPECT_GE(one.bytes, 100'000u);
  // A second name takes nothing, and neither does a hole.
  fs::create_hard_link(folder.file("a"), folder.file("b"));
  put(folder.file("hole"), "");
  ASSERT_EQ(::truncate(folder.file("hole").c_str(), 5'000'000'000), 0);
  const auto more = measure_tree(folder.path());
  EXPECT_EQ(more.files, 3u);
  EXPECT_LT(more.bytes, one.bytes + 1'000'000);
}

TEST(Tree, FollowsNoLink) {
  const Folder folder, other;
  put(other.file("large"), std::string(1'000'000, 'x'));
  fs::create_directory_symlink(other.path(), folder.file("link"));
  EXPECT_LT(measure_tree(folder.path()).bytes, 500'000u);
  EXPECT_FALSE(remove_tree(folder.file("link")));
  EXPECT_TRUE(fs::exists(other.file("large")));
  fs::create_directory(folder.file("tree"));
  fs::create_directory_symlink(other.path(), folder.file("tree/link"));
  EXPECT_FALSE(remove_tree(folder.file("tree")));
  EXPECT_TRUE(fs::exists(other.file("large")));
  EXPECT_FALSE(fs::exists(folder.file("tree")));
}

TEST(Tree, SaysThatItDidNotSeeTheDeepest) {
  const Folder folder;
  fs::create_directory(folder.file("deep"));
  dig(folder.file("deep"), 3000);
  EXPECT_FALSE(measure_tree(folder.file("deep")).whole);
  EXPECT_FALSE(remove_tree(folder.file("deep")));
  EXPECT_FALSE(fs::exists(folder.file("deep")));
}

TEST(Tree, RemovesManyNamesAndOddOnes) {
  const Folder folder;
  const std::string tree = folder.file("tree");
  fs::create_directory(tree);
  for (int i = 0; i < 3000; ++i) put(tree + "/" + std::to_string(i), "");
  put(tree + "/a\nb\xff", "");
  ASSERT_EQ(::mkfifo((tree + "/pipe").c_str(), 0600), 0);
  fs::create_directory(tree + "/shut");
  put(tree + "/shut/in", "");
  ASSERT_EQ(::chmod((tree + "/shut").c_str(), 0), 0);
  EXPECT_FALSE(remove_tree(tree));
  EXPECT_FALSE(fs::exists(tree));
  EXPECT_FALSE(remove_tree(tree)) << "nothing there is fine";
}

TEST(Tree, GivesAllOfIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const Folder folder;
  fs::create_directories(folder.file("a/b"));
  put(folder.file("a/b/c"), "x");
  fs::create_symlink("/etc/passwd", folder.file("a/link"));
  ASSERT_FALSE(give_tree(folder.file("a"), 12345));
  struct stat about {};
  for (const char* name : {"a", "a/b", "a/b/c", "a/link"}) {
    ASSERT_EQ(::lstat(folder.file(name).c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, 12345u) << name;
  }
  ASSERT_EQ(::stat("/etc/passwd", &about), 0);
  EXPECT_EQ(about.st_uid, 0u);
}

}  // namespace
}  // namespace berth::session
