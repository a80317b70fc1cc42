// What a command changed is put on top of what is there; what is not whole changes nothing.
#include "state.hpp"

#include <gtest/gtest.h>

namespace shell {
namespace {

using namespace std::string_literals;
using Variables = std::map<std::string, std::string>;

Snapshot at(const std::string& folder, const Variables& variables) { return {folder, variables}; }

TEST(StateTest, SnapshotsAreRead) {
  const auto told = read_snapshots("/a b\n\0A=1\0B=x=y\0C=\0\0/c\n\0\0"s);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].folder, "/a b");
  EXPECT_EQ(told[0].variables, (Variables{{"A", "1"}, {"B", "x=y"}, {"C", ""}}));
  EXPECT_EQ(told[1].folder, "/c");
  EXPECT_TRUE(told[1].variables.empty());
}

TEST(StateTest, FoldersMayHaveLinesInTheirNames) {
  const auto told = read_snapshots("/a\nb\n\n\0\0"s);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].folder, "/a\nb\n");
}

TEST(StateTest, WhatPassesIsLeftOut) {
  const auto told = read_snapshots("/\n\0_=/usr/bin/env\0SHLVL=2\0__berth_told=1\0A=1\0\0"s);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].variables, (Variables{{"A", "1"}}));
}

TEST(StateTest, WhatIsNotWholeIsLeftOut) {
  const std::string whole = "/a\n\0A=1\0\0"s;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) EXPECT_TRUE(read_snapshots(whole.substr(0, cut)).empty()) << cut;
  for (const auto& forged :
       {"a\n\0\0"s, "/a\0\0"s, "\n\0\0"s, "\0\0\0\0"s, "/a\n\0A\0\0"s, "/a\n\0=1\0\0"s, "garbage"s}) {
    EXPECT_TRUE(read_snapshots(forged).empty()) << forged;
    EXPECT_EQ(read_snapshots(whole + forged).size(), 1u) << forged;
  }
  EXPECT_TRUE(read_snapshots(std::string(1u << 20, '\0')).empty());
}

TEST(StateTest, TheFirstCommandTellsAll) {
  State state;
  EXPECT_FALSE(state.known());
  EXPECT_EQ(state.now()->folder, "/workspace");
  EXPECT_TRUE(state.learn(at("/workspace", {{"PATH", "/bin"}}), at("/x", {{"PATH", "/bin"}, {"A", "1"}})));
  EXPECT_TRUE(state.known());
  EXPECT_EQ(state.now()->folder, "/x");
  EXPECT_EQ(state.now()->variables, (Variables{{"PATH", "/bin"}, {"A", "1"}}));
}

TEST(StateTest, ChangesOfCommandsThatRanTogetherAreAllKept) {
  State state;
  const Snapshot before = at("/workspace", {{"PATH", "/bin"}, {"OLD", "1"}, {"SAME", "1"}});
  ASSERT_TRUE(state.learn(before, before));
  EXPECT_TRUE(state.learn(before, at("/one", {{"PATH", "/bin"}, {"SAME", "1"}, {"A", "1"}})));  // without OLD
  EXPECT_TRUE(state.learn(before, at("/workspace", {{"PATH", "/usr"}, {"OLD", "1"}, {"SAME", "1"}, {"B", "2"}})));
  EXPECT_EQ(state.now()->folder, "/one");
  EXPECT_EQ(state.now()->variables, (Variables{{"PATH", "/usr"}, {"SAME", "1"}, {"A", "1"}, {"B", "2"}}));
}

TEST(StateTest, TwoThatBeganBeforeAnythingWasKnownAreMergedToo) {
  State state;
  const Snapshot base = at("/workspace", {{"PATH", "/bin"}});
  ASSERT_TRUE(state.learn(base, at("/workspace", {{"PATH", "/other"}})));
  ASSERT_TRUE(state.learn(base, at("/x", {{"PATH", "/bin"}, {"B", "2"}})));
  EXPECT_EQ(state.now()->variables, (Variables{{"PATH", "/other"}, {"B", "2"}}));
  EXPECT_EQ(state.now()->folder, "/x");
}

TEST(StateTest, WhoHasASnapshotKeepsIt) {
  State state;
  const auto before = state.now();
  ASSERT_TRUE(state.learn(at("/", {}), at("/new", {{"A", "1"}})));
  EXPECT_EQ(before->folder, "/workspace");
  EXPECT_TRUE(before->variables.empty());
}

TEST(StateTest, VariablesAreSetAndTakenAway) {
  State state;
  ASSERT_TRUE(state.learn(at("/", {{"A", "1"}}), at("/", {{"A", "1"}})));
  EXPECT_TRUE(state.set("B", "2"));
  EXPECT_TRUE(state.set("A", std::nullopt));
  EXPECT_TRUE(state.set("NOT_THERE", std::nullopt));
  EXPECT_EQ(state.now()->variables, (Variables{{"B", "2"}}));
}

TEST(StateTest, TooMuchChangesNothing) {
  State state;
  const Snapshot before = at("/", {{"A", "1"}});
  ASSERT_TRUE(state.learn(before, before));
  EXPECT_FALSE(state.learn(before, at("/x", {{"A", std::string(State::most, 'x')}})));
  EXPECT_FALSE(state.set("B", std::string(State::most, 'x')));
  EXPECT_EQ(state.now()->folder, "/");
  EXPECT_EQ(state.now()->variables, (Variables{{"A", "1"}}));
}

TEST(StateTest, WhatBeganBeforeItWasForgottenIsNotLearned) {
  State state;
  const Snapshot base = at("/workspace", {{"PATH", "/bin"}}), old = at("/tmp", {{"PATH", "/bin"}, {"X", "secret"}});
  const auto never_known = state.begin();
  EXPECT_TRUE(state.learn(never_known, {base, old}, true));
  const auto known = state.begin();
  state.forget();
  EXPECT_FALSE(state.known());
  EXPECT_EQ(state.now()->folder, "/workspace");
  EXPECT_FALSE(state.learn(known, {old}, true));
  EXPECT_FALSE(state.learn(never_known, {base, old}, true));
  EXPECT_FALSE(state.learn(never_known, {base}, false));
  EXPECT_FALSE(state.known());
  EXPECT_TRUE(state.now()->variables.empty());
  EXPECT_TRUE(state.learn(state.begin(), {base, base}, true));
  EXPECT_FALSE(state.learn(known, {old}, true));
  EXPECT_EQ(state.now()->variables, base.variables);
}

TEST(StateTest, OfWhatWasKilledOnlyTheBeginIsLearned) {
  State state;
  const Snapshot base = at("/workspace", {{"PATH", "/bin"}});
  EXPECT_FALSE(state.learn(state.begin(), {base, at("/tmp", {})}, false));
  EXPECT_TRUE(state.known());
  EXPECT_EQ(state.now()->folder, "/workspace");
  EXPECT_EQ(state.now()->variables, base.variables);
  EXPECT_FALSE(state.learn(state.begin(), {at("/tmp", {})}, false));
  EXPECT_FALSE(state.learn(state.begin(), {}, true));
  EXPECT_EQ(state.now()->folder, "/workspace");
}

// Whatever stands there, no more is taken in than a command may leave.
TEST(StateTest, TooMuchIsNotRead) {
  std::string many, variables = "/\n\0"s, text = "/\n\0"s, passing = "/\n\0"s, same = "/\n\0"s;
  for (int i = 0; i < 100'000; ++i) many += "/\n\0\0"s;
  EXPECT_EQ(read_snapshots(many).size(), 3u);
  for (std::size_t i = 0; i < State::most_variables; ++i) variables += "A" + std::to_string(i) + "=\0"s;
  EXPECT_EQ(read_snapshots(variables + "\0"s).size(), 1u);
  for (int i = 0; i < 1000; ++i) variables += "B" + std::to_string(i) + "=\0"s;
  EXPECT_TRUE(read_snapshots(variables + "\0"s).empty());
  for (int i = 0; i < 100'000; ++i) passing += "_=\0"s, same += "A=\0"s;
  EXPECT_TRUE(read_snapshots(passing + "\0"s).empty());
  EXPECT_TRUE(read_snapshots(same + "\0"s).empty());
  for (int i = 0; i < 11; ++i) text += "A" + std::to_string(i) + "=" + std::string(100'000, 'x') + "\0"s;
  EXPECT_TRUE(read_snapshots(text + "\0"s).empty());
}

TEST(StateTest, SoManyVariablesFit) {
  State state;
  Snapshot full = at("/", {});
  for (std::size_t i = 0; i < State::most_variables; ++i) full.variables["A" + std::to_string(i)] = "";
  ASSERT_TRUE(state.learn(full, full));
  EXPECT_FALSE(state.set("B", "1"));
  EXPECT_TRUE(state.set("A0", std::nullopt));
  EXPECT_TRUE(state.set("B", "1"));
}

}  // namespace
}  // namespace shell
