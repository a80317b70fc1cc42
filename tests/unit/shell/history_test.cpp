// The last of a terminal is kept, cut where it can be read.
#include "history.hpp"

#include <berth/output.hpp>
#include <gtest/gtest.h>

namespace shell {
namespace {

TEST(HistoryTest, TheLastIsKept) {
  History history(100);
  for (int i = 0; i < 1000; ++i) history.add("line " + std::to_string(i) + "\n");
  const auto all = history.from(history.begin());
  EXPECT_LE(all.size(), 200u);
  EXPECT_GE(all.size(), 80u);
  EXPECT_EQ(all.substr(0, 5), "line ");
  EXPECT_EQ(all.substr(all.size() - 9), "line 999\n");
  EXPECT_EQ(history.end() - history.begin(), all.size());
  EXPECT_EQ(history.from(history.end()), "");
}

TEST(HistoryTest, WithoutLinesItIsCutBetweenCharacters) {
  History history(100);
  for (int i = 0; i < 1000; ++i) history.add("\u4e2d");
  const std::string all(history.from(history.begin()));
  EXPECT_EQ(all, berth::clean(all));
}

TEST(HistoryTest, LittleIsKeptWhole) {
  History history(100);
  history.add("one\ntwo\n");
  EXPECT_EQ(history.begin(), 0u);
  EXPECT_EQ(history.from(0), "one\ntwo\n");
  EXPECT_EQ(history.from(4), "two\n");
}

}  // namespace
}  // namespace shell
