// The folders for temporary files of plugins' own processes: one for each, and none of the dead.
#include "loader/process/scratch.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "unit/service/folder.hpp"

namespace berth::loader {
namespace {

namespace fs = std::filesystem;

pid_t a_dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

class Scratch : public testing::Test {
 protected:
  std::string of(pid_t process) const { return m_folder.file(".tmp/p-" + std::to_string(process)); }
  test::Folder m_folder;
};

TEST_F(Scratch, IsThisProcessesAndEmpty) {
  fs::create_directories(of(::getpid()) + "/left");
  const auto made = make_scratch(m_folder.file("p"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, of(::getpid()));
  EXPECT_TRUE(fs::is_empty(*made));
}

TEST_F(Scratch, OfTheDeadGoesAndOfTheLivingStays) {
  const auto dead = of(a_dead_process()), living = of(::getpid()), other = m_folder.file(".tmp/notes");
  fs::create_directories(dead + "/deep/er");
  test::put(dead + "/deep/er/file", "left");
  for (const auto& one : {living, other}) fs::create_directories(one);
  sweep_scratch(m_folder.path());
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(living));
  EXPECT_TRUE(fs::exists(other));
}

// A plugin may have put a link there: what it leads to is not its own.
TEST_F(Scratch, NoLinkIsFollowed) {
  const auto dead = of(a_dead_process()), elsewhere = m_folder.file("elsewhere");
  fs::create_directories(dead);
  fs::create_directories(elsewhere);
  test::put(elsewhere + "/file", "kept");
  fs::create_directory_symlink(elsewhere, dead + "/link");
  sweep_scratch(m_folder.path());
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(elsewhere + "/file"));
}

TEST_F(Scratch, WhereThereIsNoneNothingIsDone) { sweep_scratch(m_folder.file("nowhere")); }

}  // namespace
}  // namespace berth::loader
