// "Did you mean …?" must find the slip of a finger, and must keep quiet when nothing is near.
#include <gtest/gtest.h>

#include "service/text.hpp"

namespace berth::service {
namespace {

using Names = std::vector<std::string>;
const Names operations = {"probe.echo",  "probe.get",   "probe.later", "clock.now",
                          "clock.ticks", "host.status", "shell.run"};

TEST(NearNames, FindsSlips) {
  EXPECT_EQ(near_names("clock.nwo", operations, 1), Names{"clock.now"}) << "swapped";
  EXPECT_EQ(near_names("prob.echo", operations, 1), Names{"probe.echo"}) << "left out";
  EXPECT_EQ(near_names("probe.eecho", operations, 1), Names{"probe.echo"}) << "typed twice";
  EXPECT_EQ(near_names("Probe.Echo", operations, 1), Names{"probe.echo"}) << "another case";
  EXPECT_EQ(near_names("/clock/nov", {"/clock/now", "/clock/ticks", "/"}, 1), Names{"/clock/now"});
}

TEST(NearNames, FindsBeginningsAndParts) {
  EXPECT_EQ(near_names("probe", operations), (Names{"probe.get", "probe.echo", "probe.later"}));
  EXPECT_EQ(near_names("status", operations), Names{"host.status"});
  EXPECT_EQ(near_names("probe.echoes/it", operations), Names{"probe.echo"});
}

TEST(NearNames, TheNearestComesFirstAndOnce) {
  EXPECT_EQ(near_names("abcd", {"abcde", "abcd", "abxd", "abcd"}), (Names{"abcd", "abxd", "abcde"}));
  EXPECT_EQ(near_names("abcd", {"abcd", "abce"}, 0), Names{});
}

TEST(NearNames, KeepsQuiet) {
  EXPECT_EQ(near_names("", operations), Names{});
  EXPECT_EQ(near_names("zzzzzz", operations), Names{});
  EXPECT_EQ(near_names("x", operations), Names{});
  EXPECT_EQ(near_names("probe.echo", {}), Names{});
  EXPECT_EQ(near_names(std::string(100'000, 'p'), operations), Names{}) << "nobody typed that";
}

}  // namespace
}  // namespace berth::service
