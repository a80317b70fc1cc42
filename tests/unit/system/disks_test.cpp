// A disk that does not answer holds nobody up, and is not asked by ever more threads.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "disks.hpp"
#include "unit/service/folder.hpp"

namespace machine {
namespace {

using namespace std::chrono_literals;

Mount mount_of(const std::string& at, const std::string& type) { return {"0:1", at, type, "x", false}; }

struct Gate {
  std::mutex mutex;
  std::condition_variable moved;
  bool open = false;
  int asked = 0, left = 0;
};

TEST(Disks, ADeadOneIsToldAsOne) {
  const auto gate = std::make_shared<Gate>();
  const Disks disks(
      [gate](const std::string& at) -> std::optional<Space> {
        std::unique_lock<std::mutex> lock(gate->mutex);
        if (at == "/dead") {
          ++gate->asked;
          gate->moved.wait(lock, [&gate] { return gate->open; });
          ++gate->left;
          gate->moved.notify_all();
        }
        return Space{100, 50, 40, 0, 0};
      },
      100ms);
  const std::vector<Mount> mounts{mount_of("/", "ext4"), mount_of("/dead", "nfs4"), mount_of("/far", "fuse.sshfs")};
  for (int i = 0; i < 3; ++i) {
    const auto space = disks.ask(mounts);
    EXPECT_TRUE(space[0]);
    EXPECT_FALSE(space[1]);
    EXPECT_TRUE(space[2]);
  }
  std::unique_lock<std::mutex> lock(gate->mutex);
  EXPECT_EQ(gate->asked, 1);
  gate->open = true;
  gate->moved.notify_all();
  ASSERT_TRUE(gate->moved.wait_for(lock, 20s, [&gate] { return gate->left == 1; }));
  lock.unlock();
  bool well = false;  // once its thread has gone it is asked again
  for (int i = 0; i < 100 && !well; ++i) well = disks.ask(mounts)[1].has_value();
  EXPECT_TRUE(well);
}

// The kernel waits for whoever serves this file system to say hello, and nobody ever does.
TEST(Disks, AFileSystemWithoutAServer) {
  const berth::test::Folder folder;
  const int server = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
  const std::string options = "fd=" + std::to_string(server) + ",rootmode=40000,user_id=0,group_id=0";
  if (server < 0 || ::mount("dead", folder.path().c_str(), "fuse", 0, options.c_str()) != 0) {
    if (server >= 0) ::close(server);
    GTEST_SKIP() << "this wants root and /dev/fuse";
  }
  const Disks disks({}, 300ms);
  const auto told = disks.tell(Trees(), false);
  ::umount2(folder.path().c_str(), MNT_DETACH);
  ::close(server);  // which ends the wait
  bool found = false, root = false;
  for (const auto& one : told["disks"]) {
    if (one["at"] == folder.path()) {
      found = true;
      EXPECT_EQ(one.value("no_answer", false), true) << one;
    }
    root = root || one.contains("total");
  }
  EXPECT_TRUE(found) << told;
  EXPECT_TRUE(root) << told;
}

TEST(Disks, EachDeviceOnceAndRoundedAsDfDoes) {
  const berth::test::Folder folder;
  std::filesystem::create_directories(folder.file("self"));
  berth::test::put(
      folder.file("self/mountinfo"),
      "1 1 8:1 / /long rw - ext4 /dev/a rw\n2 1 8:1 / /b rw - ext4 /dev/a rw\n"
      "3 1 0:5 / /p rw - proc proc rw\n4 1 0:6 / /auto rw - autofs x rw\n5 1 0:7 / /empty rw - tmpfs x rw\n");
  const Trees trees{Tree(folder.path()), Tree("/sys"), Tree("")};
  const Disks disks([](const std::string& at) { return Space{at == "/empty" ? 0u : 1000u, 500, 400, 10, 5}; });
  const auto told = disks.tell(trees, false)["disks"];
  ASSERT_EQ(told.size(), 1u) << told;
  EXPECT_EQ(told[0]["at"], "/b");
  EXPECT_EQ(told[0]["used_percent"], 56);  // 500 of 900
  EXPECT_EQ(told[0]["free"], 400);
  EXPECT_EQ(disks.tell(trees, true)["disks"].size(), 4u);
}

}  // namespace
}  // namespace machine
