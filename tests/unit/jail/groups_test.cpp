// Control groups where they are not as on most machines that tests run on: version 2, in plain files that stand for the
// kernel's, and as far as there is such a hierarchy in a real one. The real ones of version 1 are in limits_test.cpp.
#include "jail/groups.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <thread>

#include "jail/group_files.hpp"
#include "unit/service/folder.hpp"

namespace berth::jail::test {
namespace {

namespace fs = std::filesystem;
using berth::test::content_of;
using berth::test::put;
using testing::HasSubstr;
using namespace std::chrono_literals;

// A file system with version 2, as a process sees it that is in one of its groups.
struct Second {
  explicit Second(const std::string& group, const std::string& mounted = "/") {
    fs::create_directories(folder.file("proc/self"));
    fs::create_directories(top());
    put(folder.file("proc/self/mountinfo"), "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/disk rw\n30 23 0:26 " +
                                                mounted +
                                                " /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
    put(folder.file("proc/self/cgroup"), "0::" + group + "\n");
  }
  std::string top() const { return folder.file("sys/fs/cgroup"); }
  // The kernel makes these files with the folder.
  void add(const std::string& group, const std::string& controllers, const std::string& handed_on) const {
    fs::create_directories(top() + group);
    put(top() + group + "/cgroup.controllers", controllers + "\n");
    put(top() + group + "/cgroup.subtree_control", handed_on);
  }
  std::vector<GroupPlace> places() const { return find_group_places(folder.path() + "/"); }

  berth::test::Folder folder;
};

// What version 2 has in a folder of one jail.
void furnish(const std::string& group) {
  fs::create_directories(group);
  for (const char* name : {"cgroup.procs", "cgroup.kill", "memory.max", "memory.swap.max", "pids.max", "cpu.max"})
    put(group + "/" + name, "");
  put(group + "/memory.current", "1234567\n");
  put(group + "/memory.events", "low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\noom_group_kill 0\n");
  put(group + "/pids.current", "4\n");
  put(group + "/pids.events", "max 3\n");
  put(group + "/cpu.stat", "usage_usec 250000\nuser_usec 200000\nsystem_usec 50000\nnr_periods 0\n");
}

std::vector<GroupPlace> all_in(const std::string& folder) {
  return {{"memory", 2, folder, ""}, {"pids", 2, folder, ""}, {"cpu", 2, folder, ""}};
}

TEST(GroupPlaces, AreFoundInVersionTwo) {
  const Second second("/user/one");
  second.add("/user/one", "memory pids", "memory pids\n");
  second.add("/user/one/berth", "memory pids", "");
  const auto places = second.places();
  ASSERT_EQ(places.size(), 3u);
  EXPECT_EQ(places[0].folder, second.top() + "/user/one/berth");
  EXPECT_EQ(places[0].version, 2);
  EXPECT_EQ(places[0].trouble, "");
  EXPECT_EQ(places[1].trouble, "");
  EXPECT_THAT(places[2].trouble, HasSubstr("no controller \"cpu\" in " + second.top() + "/user/one"));
  EXPECT_THAT(content_of(second.top() + "/user/one/berth/cgroup.subtree_control"), testing::StartsWith("+pids"));
}

// The host moved there when it started before, or whoever runs this test beside it has.
TEST(GroupPlaces, AreBesideTheChildThatTheHostMovedInto) {
  const Second second("/user/one/berth-host");
  second.add("/user/one", "memory pids cpu", "memory pids cpu\n");
  second.add("/user/one/berth", "memory pids cpu", "memory pids cpu\n");
  for (const auto& place : second.places()) {
    EXPECT_EQ(place.folder, second.top() + "/user/one/berth");
    EXPECT_EQ(place.trouble, "");
  }
}

// As containers see theirs: the group that they are in is the top, with its path outside or without.
TEST(GroupPlaces, AreBelowTheTopThatAContainerSees) {
  for (const auto& [group, mounted] : {std::pair("/", "/"), std::pair("/pods/seven", "/pods/seven")}) {
    const Second second(group, mounted);
    second.add("", "memory pids cpu", "memory pids cpu\n");
    second.add("/berth", "memory pids cpu", "memory pids cpu\n");
    EXPECT_EQ(second.places()[0].folder, second.top() + "/berth") << mounted;
    EXPECT_EQ(second.places()[0].trouble, "") << mounted;
  }
}

TEST(GroupPlaces, WhatIsNotOursToGiveIsSaidWithItsFile) {
  const Second second("/user/one");
  second.add("/user/one", "memory pids cpu", "");
  fs::remove(second.top() + "/user/one/cgroup.subtree_control");
  EXPECT_EQ(second.places()[0].trouble, second.top() + "/user/one/cgroup.subtree_control: No such file or directory");
  second.add("/user/one", "memory pids cpu", "memory pids cpu\n");
  put(second.top() + "/user/one/berth", "in the way");
  EXPECT_THAT(second.places()[0].trouble, HasSubstr("/user/one/berth/try-"));
}

// Controllers that version 1 has are not in version 2, which is mounted beside it.
TEST(GroupPlaces, EachControllerIsWhereItIs) {
  const Second second("/");
  second.add("", "pids", "pids\n");
  second.add("/berth", "pids", "pids\n");
  fs::create_directories(second.folder.file("old/memory/a"));
  put(second.folder.file("proc/self/mountinfo"), content_of(second.folder.file("proc/self/mountinfo")) +
                                                     "33 31 0:30 / /old/memory rw - cgroup cgroup rw,memory\n");
  put(second.folder.file("proc/self/cgroup"), "4:memory:/a\n0::/\n");
  const auto places = second.places();
  EXPECT_EQ(places[0].folder, second.folder.file("old/memory/a/berth"));
  EXPECT_EQ(places[0].version, 1);
  EXPECT_EQ(places[0].trouble, "");
  EXPECT_EQ(places[1].folder, second.top() + "/berth");
  EXPECT_EQ(places[1].version, 2);
  EXPECT_EQ(places[1].trouble, "");
  EXPECT_THAT(places[2].trouble, HasSubstr("no controller \"cpu\""));
}

// Version 1, where time is counted apart from "cpu", or with it.
TEST(GroupPlaces, TimeIsCountedWhereVersionOneCountsIt) {
  for (const std::string options : {"cpuacct", "cpu,cpuacct"}) {
    const berth::test::Folder folder;
    const std::string own = "/sys/fs/cgroup/" + options;
    fs::create_directories(folder.file(own.substr(1)));
    fs::create_directories(folder.file("proc/self"));
    put(folder.file("proc/self/mountinfo"),
        "33 31 0:30 / " + own + " rw,relatime - cgroup cgroup rw," + options + "\n");
    put(folder.file("proc/self/cgroup"), "2:" + options + ":/\n");
    const auto places = find_group_places(folder.path() + "/");
    ASSERT_EQ(places.size(), 4u) << options;
    EXPECT_EQ(places[3].controller, "cpuacct");
    EXPECT_EQ(places[3].trouble, "");
    EXPECT_EQ(places[3].folder, folder.path() + own + "/berth");
    EXPECT_EQ(places[2].trouble.empty(), options == "cpu,cpuacct");
  }
}

TEST(GroupPlaces, ThereMayBeNone) {
  const berth::test::Folder folder;
  for (const auto& place : find_group_places(folder.path() + "/"))
    EXPECT_EQ(place.trouble, "no control groups are mounted");
}

TEST(GroupPlaces, OnlyWhatHostsThatAreGoneLeftIsCleared) {
  const berth::test::Folder folder;
  for (const auto& name : {std::string("999999999-1-alice"), host_mark() + "bob", std::string("system.slice")})
    fs::create_directory(folder.file(name));
  EXPECT_EQ(clear_groups(all_in(folder.path())), 1u);
  EXPECT_FALSE(fs::exists(folder.file("999999999-1-alice")));
  EXPECT_TRUE(fs::exists(folder.file(host_mark() + "bob")));
  EXPECT_TRUE(fs::exists(folder.file("system.slice")));
}

TEST(GroupOfVersionTwo, LimitsAreWrittenAsItsFilesWantThem) {
  const berth::test::Folder folder;
  const std::string own = folder.file("own");
  furnish(own);
  Limits limits;
  limits.memory = 300'000'000;
  limits.processes = 48;
  limits.cores = 0.5;
  const auto group = Group::take(all_in(own), limits);
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_EQ((*group)->entrances().size(), 1u) << "one folder for all, entered once";
  EXPECT_TRUE((*group)->limits_memory());
  EXPECT_TRUE((*group)->limits_processes());
  EXPECT_EQ(content_of(own + "/memory.max"), "300000000");
  EXPECT_EQ(content_of(own + "/memory.swap.max"), "0");
  EXPECT_EQ(content_of(own + "/pids.max"), "48");
  EXPECT_EQ(content_of(own + "/cpu.max"), "50000 100000");
}

TEST(GroupOfVersionTwo, UseAndHitsAreReadFromItsFiles) {
  const berth::test::Folder folder;
  const std::string own = folder.file("own");
  furnish(own);
  const auto group = Group::take(all_in(own), {});
  ASSERT_TRUE(group) << group.error().message;
  const auto use = (*group)->use();
  EXPECT_EQ(use.memory, 1'234'567u);
  EXPECT_EQ(use.processes, 4u);
  EXPECT_EQ(use.cpu_time, 250'000u);
  EXPECT_EQ((*group)->hits().memory, 1u) << "killed; not how often there was a shortage";
  EXPECT_EQ((*group)->hits().processes, 3u);
  put(own + "/memory.events", "low 0\nhigh 0\nmax 9\noom 4\noom_kill 2\noom_group_kill 0\n");
  EXPECT_EQ((*group)->hits().memory, 2u) << "read anew each time";
  (*group)->kill();
  EXPECT_EQ(content_of(own + "/cgroup.kill"), "1");
  EXPECT_EQ((*group)->end(), std::vector<std::string>{own}) << "plain files stay, and that is said";
}

// Some kernels have no swap to limit; none is without memory.max.
TEST(GroupOfVersionTwo, WhatCannotBeLimitedIsSaidAndWhatNeedNotBeIsNot) {
  const berth::test::Folder folder;
  const std::string own = folder.file("own");
  furnish(own);
  fs::remove(own + "/memory.swap.max");
  EXPECT_TRUE(Group::take(all_in(own), {}));
  fs::remove(own + "/memory.max");
  const auto none = Group::take(all_in(own), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "jail_failed");
  EXPECT_EQ(none.error().message, "cannot limit a jail: " + own + ": No such file or directory");
}

TEST(GroupOfVersionTwo, ControllersOfBothVersionsMayAlternate) {
  const berth::test::Folder folder;
  const std::string own = folder.file("own"), old = folder.file("old");
  furnish(own);
  furnish(old);
  const auto group = Group::take({{"memory", 2, own, ""}, {"pids", 1, old, ""}, {"cpu", 2, own, ""}}, {});
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_EQ((*group)->entrances().size(), 2u);
}

// A real hierarchy of version 2 with whatever controller is left there, and a group in it.
class RealSecond : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& line : berth::test::lines_of(content_of("/proc/self/mountinfo"))) {
      std::istringstream words(line);
      if (line.find(" - cgroup2 ") != std::string::npos) words >> m_mount >> m_mount >> m_mount >> m_mount >> m_mount;
    }
    if (m_mount.empty()) GTEST_SKIP() << "no cgroup2 is mounted";
    std::istringstream(content_of(m_mount + "/cgroup.controllers")) >> m_controller;
    if (m_controller.empty()) GTEST_SKIP() << "all controllers are in version 1";
    const std::string handed_on = m_mount + "/cgroup.subtree_control";
    if (!contains_word(content_of(handed_on), m_controller)) m_opened = write_small(handed_on, "+" + m_controller) == 0;
    m_own = m_mount + "/berth-test-" + std::to_string(::getpid());
    if (::mkdir(m_own.c_str(), 0755) != 0) GTEST_SKIP() << m_own << ": " << std::strerror(errno);
    if (!contains_word(content_of(m_own + "/cgroup.controllers"), m_controller))
      GTEST_SKIP() << "groups are handed no controller here";
  }
  void TearDown() override {
    if (m_own.empty()) return;
    for (const char* name : {"/berth", "/berth-host", ""}) remove_group(m_own + name);
    if (m_opened) write_small(m_mount + "/cgroup.subtree_control", "-" + m_controller);
  }

  std::string m_mount, m_controller, m_own;
  bool m_opened = false;
};

// The kernel says EBUSY to a group that has processes and is to hand controllers on.
TEST_F(RealSecond, AHostMovesOutOfItsGroupIntoAChildOfIt) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    write_small(m_own + "/cgroup.procs", "0");
    const auto place = find_group_places("/", {m_controller})[0];
    const std::string said = place.folder + "|" + place.trouble + "|" + content_of("/proc/self/cgroup");
    ::_exit(::write(ends[1], said.data(), said.size()) > 0 ? 0 : 1);
  }
  ::close(ends[1]);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  char said[4096] = {};
  EXPECT_GT(::read(ends[0], said, sizeof said - 1), 0);
  ::close(ends[0]);
  EXPECT_THAT(said, testing::StartsWith(m_own + "/berth||"));
  EXPECT_THAT(said, HasSubstr("/berth-test-" + std::to_string(::getpid()) + "/berth-host\n"));
  EXPECT_TRUE(contains_word(content_of(m_own + "/berth/cgroup.subtree_control"), m_controller));
}

TEST_F(RealSecond, AGroupCountsTimeAndKillsAllThatIsInIt) {
  const auto made = Group::make({{m_controller, 2, m_own, ""}}, "one", {});
  ASSERT_TRUE(made) << made.error().message;
  Group& group = **made;
  ASSERT_EQ(group.entrances().size(), 1u);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::write(group.entrances()[0], "0", 1) != 1) ::_exit(1);
    ::alarm(60);
    for (;;) continue;
  }
  for (int i = 0; i < 2000 && group.use().cpu_time.value_or(0) < 20'000; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_GE(group.use().cpu_time.value_or(0), 20'000u);
  group.kill();
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  EXPECT_TRUE(group.end().empty());
  EXPECT_TRUE(fs::is_directory(m_own));
}

}  // namespace
}  // namespace berth::jail::test
