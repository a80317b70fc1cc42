// A disk that does not answer holds nobody up, and is not asked by ever more threads.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

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
  const auto times_asked = [&gate] {
    const std::lock_guard<std::mutex> own(gate->mutex);
    return gate->asked;
  };
  bool well = false;  // once its thread has gone it is asked again, and what it said before is nobody's answer
  for (const auto end = std::chrono::steady_clock::now() + 20s;
       times_asked() < 2 && std::chrono::steady_clock::now() < end;) {
    well = disks.ask(mounts)[1].has_value();
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_TRUE(well);
  EXPECT_EQ(times_asked(), 2);
}

TEST(Disks, MoreThanMayHangAreToldIfTheyAnswer) {
  const Disks disks([](const std::string&) { return Space{100, 50, 40, 0, 0}; }, 20s);
  std::vector<Mount> mounts;
  for (int i = 0; i < 40; ++i) mounts.push_back(mount_of("/" + std::to_string(i), "overlay"));
  for (const auto& space : disks.ask(mounts)) EXPECT_TRUE(space);
}

TEST(Disks, WhoeverComesMeanwhileSharesTheAnswer) {
  const auto gate = std::make_shared<Gate>();
  const Disks disks(
      [gate](const std::string&) -> std::optional<Space> {
        std::unique_lock<std::mutex> lock(gate->mutex);
        ++gate->asked;
        gate->moved.notify_all();
        gate->moved.wait(lock, [&gate] { return gate->open; });
        return Space{100, 50, 40, 0, 0};
      },
      20s);
  const auto ask = [&disks, gate] {
    const auto space = disks.ask({mount_of("/", "overlay")});
    const std::lock_guard<std::mutex> lock(gate->mutex);
    gate->left += space[0] ? 1 : 0;
  };
  std::thread first(ask);
  {
    std::unique_lock<std::mutex> lock(gate->mutex);
    EXPECT_TRUE(gate->moved.wait_for(lock, 20s, [&gate] { return gate->asked == 1; }));
  }
  std::thread second(ask);
  std::this_thread::sleep_for(50ms);  // so that it comes while the first waits
  {
    const std::lock_guard<std::mutex> lock(gate->mutex);
    gate->open = true;
    gate->moved.notify_all();
  }
  first.join();
  second.join();
  EXPECT_EQ(gate->left, 2);
}

// A thread is given a copy of what asks; a copy that fails stands for a thread that cannot start.
struct Breaks {
  std::shared_ptr<bool> broken = std::make_shared<bool>(false);
  Breaks() = default;
  Breaks(const Breaks& other) : broken(other.broken) {
    if (*broken) throw std::system_error(EAGAIN, std::generic_category());
  }
  std::optional<Space> operator()(const std::string&) const { return Space{100, 50, 40, 0, 0}; }
};

TEST(Disks, AThreadThatCannotStartHoldsNothing) {
  const Breaks breaks;
  const Disks disks(breaks, 20s);
  *breaks.broken = true;
  EXPECT_THROW(disks.ask({mount_of("/", "overlay")}), std::system_error);
  *breaks.broken = false;
  EXPECT_TRUE(disks.ask({mount_of("/", "overlay")})[0]);
}

TEST(Disks, NoneIsAskedByTheCallersThreadBehindOneThatMayHang) {
  const auto mounts = mounts_of(
      "1 1 0:1 / / rw - overlay none rw\n2 1 8:1 / /disk rw - ext4 /dev/a rw\n3 1 0:2 / /far rw - nfs4 x:/ rw\n"
      "4 3 8:2 / /far/in/it rw - ext4 /dev/b rw\n5 1 8:3 / /farther rw - ext4 /dev/c rw\n"
      "6 1 8:4 / /over rw - ext4 /dev/d rw\n7 6 0:3 / /over rw - fuse.sshfs x rw\n");
  ASSERT_EQ(mounts.size(), 7u);
  EXPECT_TRUE(is_local(mounts[1]));
  EXPECT_FALSE(is_local(mounts[3])) << "beneath";
  EXPECT_TRUE(is_local(mounts[4])) << "beside";
  EXPECT_FALSE(is_local(mounts[5])) << "under another";
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
