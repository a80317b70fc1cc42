// What is different between two texts: in bounded time, and never more than there is.
#include "compare/compare.hpp"

#include <gtest/gtest.h>

#include <random>

#include "compare/align.hpp"
#include "documents.hpp"

namespace docx {
namespace {

using List = std::vector<std::uint64_t>;

void expect_sound(const List& a, const List& b, std::size_t most) {
  std::size_t i = 0, j = 0;
  for (const auto& [x, y] : align(a, b, most)) {
    ASSERT_LT(x, a.size());
    ASSERT_LT(y, b.size());
    EXPECT_EQ(a[x], b[y]);
    EXPECT_GE(x, i);
    EXPECT_GE(y, j);
    i = x + 1;
    j = y + 1;
  }
}

TEST(Align, FindsTheLongestThatIsTheSame) {
  EXPECT_EQ(align({1, 2, 3}, {1, 2, 3}).size(), 3u);
  EXPECT_EQ(align({1, 2, 3}, {}).size(), 0u);
  EXPECT_EQ(align({1, 1, 2, 3, 1}, {1, 2, 1, 3, 1}).size(), 4u);
  EXPECT_EQ(align({5, 1, 1, 1, 6}, {7, 1, 1, 8}).size(), 2u);
}

TEST(Align, IsSoundForAnyLists) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    List a, b;
    for (unsigned i = random() % 60; i > 0; --i) a.push_back(random() % 8);
    for (unsigned i = random() % 60; i > 0; --i) b.push_back(random() % 8);
    expect_sound(a, b, 1500);
    expect_sound(a, b, 5);
  }
}

TEST(Align, GivesUpOnWhatHasNothingInCommon) {
  List a, b;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    a.push_back(i % 1000);
    b.push_back(1000 + i % 1000);
  }
  EXPECT_TRUE(align(a, b).empty());
}

TEST(Words, AreCutWhereTheyEnd) {
  using Words = std::vector<std::string_view>;
  EXPECT_EQ(words_of("one two, x1"), (Words{"one", " ", "two", ",", " ", "x1"}));
  EXPECT_EQ(words_of("a\xE4\xB8\xAD\xE6\x96\x87"), (Words{"a", "\xE4\xB8\xAD", "\xE6\x96\x87"}));
}

TEST(Compare, TellsParagraphsAndWords) {
  const std::vector<Line> before{
      {"First", "", 1}, {"The quick brown fox", "", 2}, {"Gone for good", "", 3}, {"Last", "", 4}};
  const std::vector<Line> after{
      {"First", "H1", 1}, {"The slow brown fox", "", 2}, {"Last", "", 3}, {"Quite new", "", 4}};
  const auto answer = compare(before, after, 100);
  EXPECT_FALSE(answer["same"]);
  EXPECT_EQ(answer["counts"]["changed"], 1);
  EXPECT_EQ(answer["counts"]["deleted"], 1);
  EXPECT_EQ(answer["counts"]["inserted"], 1);
  EXPECT_EQ(answer["counts"]["restyled"], 1);
  EXPECT_EQ(answer["changes"][1]["words"][1]["text"], "quick");
  EXPECT_EQ(answer["changes"][1]["words"][1]["kind"], "deleted");
  EXPECT_EQ(answer["changes"][1]["words"][2]["text"], "slow");
  EXPECT_TRUE(compare(before, before, 100)["same"]);
  EXPECT_EQ(compare(before, after, 1)["changes"].size(), 1u);
  EXPECT_TRUE(compare(before, after, 1)["truncated"]);
}

TEST(Compare, IsStoppedOnTheWay) {
  std::vector<Line> before, after;
  for (std::size_t i = 1; i <= 100; ++i) {
    before.push_back({"k" + std::to_string(i), "", i});
    after.push_back({"z" + std::to_string(i), "", i});
  }
  int asked = 0;
  EXPECT_EQ(test::code_of([&] { compare(before, after, 100, [&] { return ++asked == 50; }); }), "cancelled");
  EXPECT_EQ(asked, 50);
}

// Looked at again for each pair, this would take minutes; what differs in length alone is no pair.
TEST(Compare, OneLongParagraphBesideManyShortOnes) {
  Line large{"", "", 1};
  for (int i = 0; i < 100'000; ++i) large.text += "w" + std::to_string(i) + " ";
  std::vector<Line> before;
  for (std::size_t i = 1; i <= 1500; ++i) before.push_back({"k" + std::to_string(i) + " z", "", i});
  const auto answer = compare(before, {large}, 100);
  EXPECT_EQ(answer["counts"]["deleted"], 1500);
  EXPECT_EQ(answer["counts"]["inserted"], 1);
  Line changed = large;
  changed.text.insert(0, "first ");
  EXPECT_EQ(compare({large}, {changed}, 100)["counts"]["changed"], 1);
}

}  // namespace
}  // namespace docx
