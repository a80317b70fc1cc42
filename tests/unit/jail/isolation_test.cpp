// What is said of the layers, and the filter's programs.
#include "jail/isolation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "jail/filter.hpp"
#include "jail/groups.hpp"
#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;
using State = Layer::State;

TEST(Isolation, WhatIsDemandedAndNotThereIsNamedWithItsReason) {
  Isolation found;
  found.layers = {
      {"landlock", State::enforced, "ABI 7"}, {"memory", State::fallback, "by rlimits"}, {"net", State::absent, "no"}};
  EXPECT_FALSE(found.lacking({}));
  EXPECT_FALSE(found.lacking({"landlock"}));
  const auto error = found.lacking({"landlock", "memory", "net"});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "isolation_missing");
  EXPECT_EQ(error->message,
            "jail.require demands more than this machine allows: memory is fallback (by rlimits); net is absent (no)");
  EXPECT_EQ(found.json()["layers"][1],
            (nlohmann::json{{"name", "memory"}, {"state", "fallback"}, {"detail", "by rlimits"}}));
  EXPECT_EQ(found.level(), "basic");
}

TEST(Isolation, EveryLayerIsJudgedAndHasAReason) {
  Seat seat;
  const auto& isolation = seat.jails().isolation();
  for (const auto& name : Isolation::names()) {
    const Layer* layer = isolation.find(name);
    ASSERT_TRUE(layer) << name;
    EXPECT_FALSE(layer->detail.empty()) << name;
  }
  EXPECT_EQ(isolation.layers.size(), Isolation::names().size());
}

TEST(Isolation, WhatIsLeftOutIsNotUsed) {
  Seat seat({"landlock", "seccomp", "pid"});
  const auto& isolation = seat.jails().isolation();
  EXPECT_EQ(isolation.find("landlock")->detail, "left out");
  EXPECT_EQ(isolation.namespaces, 0u);
  EXPECT_EQ(isolation.landlock, 0u);
  const auto jail = seat.open();
  EXPECT_THAT(say(*jail, "grep Seccomp: /proc/self/status").output, HasSubstr("0"));
}

TEST(Filter, IsMadeForEachKindOfJail) {
  for (const FilterRules rules : {FilterRules{true, true}, FilterRules{false, true}, FilterRules{false, false}}) {
    const auto program = make_filter(rules);
    ASSERT_TRUE(program) << program.error().message;
    EXPECT_GT(program->size(), 50u);
  }
}

// Version 2, which needs a file system of its own to be tried; here its files are plain ones.
TEST(Groups, AreFoundInVersionTwo) {
  const berth::test::Folder folder;
  namespace fs = std::filesystem;
  const std::string own = folder.file("sys/fs/cgroup/user/one");
  fs::create_directories(own);
  fs::create_directories(folder.file("proc/self"));
  berth::test::put(folder.file("proc/self/mountinfo"),
                   "30 23 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
  berth::test::put(folder.file("proc/self/cgroup"), "0::/user/one\n");
  berth::test::put(own + "/cgroup.controllers", "memory pids\n");
  berth::test::put(own + "/cgroup.subtree_control", "memory pids\n");
  fs::create_directories(own + "/berth");
  berth::test::put(own + "/berth/cgroup.subtree_control", "");
  const auto places = find_group_places(folder.path() + "/");
  ASSERT_EQ(places.size(), 3u);
  EXPECT_EQ(places[0].folder, own + "/berth");
  EXPECT_EQ(places[0].version, 2);
  EXPECT_EQ(places[0].trouble, "");
  EXPECT_EQ(places[1].trouble, "");
  EXPECT_THAT(places[2].trouble, HasSubstr("no controller \"cpu\""));
  EXPECT_THAT(berth::test::content_of(own + "/berth/cgroup.subtree_control"), testing::StartsWith("+pids"));
}

// Version 1, where time is counted apart from "cpu", or with it.
TEST(Groups, TimeIsCountedWhereVersionOneCountsIt) {
  namespace fs = std::filesystem;
  for (const std::string options : {"cpuacct", "cpu,cpuacct"}) {
    const berth::test::Folder folder;
    const std::string own = "/sys/fs/cgroup/" + options;
    fs::create_directories(folder.file(own.substr(1)));
    fs::create_directories(folder.file("proc/self"));
    berth::test::put(folder.file("proc/self/mountinfo"),
                     "33 31 0:30 / " + own + " rw,relatime - cgroup cgroup rw," + options + "\n");
    berth::test::put(folder.file("proc/self/cgroup"), "2:" + options + ":/\n");
    const auto places = find_group_places(folder.path() + "/");
    ASSERT_EQ(places.size(), 4u) << options;
    EXPECT_EQ(places[3].controller, "cpuacct");
    EXPECT_EQ(places[3].trouble, "");
    EXPECT_EQ(places[3].folder, folder.path() + own + "/berth");
    EXPECT_EQ(places[2].trouble.empty(), options == "cpu,cpuacct");
  }
}

TEST(Groups, ThereMayBeNone) {
  const berth::test::Folder folder;
  for (const auto& place : find_group_places(folder.path() + "/"))
    EXPECT_EQ(place.trouble, "no control groups are mounted");
}

}  // namespace
}  // namespace berth::jail::test
