// What a killed host left goes, and nothing that is somebody's own.
#include "scratch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "unit/service/folder.hpp"
#include "umask.hpp"

namespace workspace {
namespace {

namespace fs = std::filesystem;

struct ScratchTest : testing::Test {
  ScratchTest() : at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  void make(const std::string& name) const { fs::create_directories(folder.file(name + "/deep")); }
  bool there(const std::string& name) const { return fs::exists(folder.file(name + "/deep")); }
  void age() const {
    const timespec old[2] = {{1, 0}, {1, 0}};
    for (const auto& one : fs::directory_iterator(folder.path())) ::utimensat(AT_FDCWD, one.path().c_str(), old, 0);
  }
  const HostsUmask umask;
  berth::test::Folder folder;
  const berth::Fd at;
};

TEST_F(ScratchTest, ItsOwnFormOfNamesAloneIsSweptAway) {
  const std::string left = ".new-0123456789abcdef", held = ".new-fedcba9876543210";
  const std::string others[] = {".new-features", ".new-0123456789abcdeg", ".new-0123456789abcdef0", ".new-",
                                "x.new-0123456789abcdef"};
  make(left);
  make(held);
  for (const auto& one : others) make(one);
  const berth::Fd holder(::open(folder.file(held).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(holder.get(), LOCK_EX), 0);
  age();
  make(".new-00000000000000ff");  // just now: its maker may not have locked it yet
  const Scratch scratch(at.get());
  EXPECT_FALSE(there(left));
  EXPECT_TRUE(there(held));
  EXPECT_TRUE(there(".new-00000000000000ff"));
  for (const auto& one : others) EXPECT_TRUE(there(one)) << one;
  EXPECT_TRUE(fs::exists(folder.file(scratch.name())));
}

TEST_F(ScratchTest, BecomesTheFolderOrGoes) {
  std::string name;
  {
    const Scratch scratch(at.get());
    name = scratch.name();
    make(name);
  }
  EXPECT_FALSE(fs::exists(folder.file(name)));
  make("taken");
  Scratch scratch(at.get());
  EXPECT_FALSE(scratch.becomes("taken"));
  EXPECT_EQ(errno, EEXIST);
  ASSERT_TRUE(scratch.becomes("free"));
  struct stat found {};
  ASSERT_EQ(::stat(folder.file("free").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0755u);
}

}  // namespace
}  // namespace workspace
