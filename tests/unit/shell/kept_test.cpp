// The begin and the end of too much output are there, with a true count of what is not.
#include "kept.hpp"

#include <gtest/gtest.h>

#include "text.hpp"

namespace shell {
namespace {

TEST(KeptTest, LittleIsKeptWhole) {
  Kept kept(100);
  EXPECT_EQ(kept.text(), "");
  kept.add("one ");
  kept.add("two");
  EXPECT_EQ(kept.text(), "one two");
  EXPECT_EQ(kept.total(), 7u);
  EXPECT_FALSE(kept.cut());
}

TEST(KeptTest, OfMuchTheBeginAndTheEndAreKept) {
  Kept kept(100);
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    kept.add(line);
    all += line;
  }
  EXPECT_TRUE(kept.cut());
  EXPECT_EQ(kept.total(), all.size());
  const std::string text = kept.text();
  EXPECT_LE(text.size(), 250u);
  EXPECT_EQ(text.substr(0, 50), all.substr(0, 50));
  EXPECT_EQ(text.substr(text.size() - 50), all.substr(all.size() - 50));
  // What the note counts is what is missing.
  const auto from = text.find("…") + std::string("… ").size();
  const auto gone = std::stoull(text.substr(from));
  const auto note = text.find("\n… "), end = text.find("…\n") + std::string("…\n").size();
  EXPECT_EQ(gone, all.size() - note - (text.size() - end));
}

TEST(KeptTest, NothingGrowsWithWhatComes) {
  Kept kept(1000);
  const std::string piece(64u << 10, 'x');
  for (int i = 0; i < 1000; ++i) kept.add(piece);
  EXPECT_LE(kept.text().size(), 1600u);
  EXPECT_EQ(kept.total(), 1000u * piece.size());
}

TEST(KeptTest, NoCharacterIsTornAtTheCuts) {
  for (std::size_t most = 40; most < 60; ++most) {
    Kept kept(most);
    for (int i = 0; i < 500; ++i) kept.add("\u4e2d");
    EXPECT_EQ(kept.text(), clean(kept.text())) << most;
  }
}

TEST(KeptTest, OneByteAtATimeIsTheSame) {
  Kept slowly(20), at_once(20);
  const std::string text = "abcdefghijklmnop";
  for (const char c : text) slowly.add({&c, 1});
  at_once.add(text);
  EXPECT_EQ(slowly.text(), text);
  EXPECT_EQ(at_once.text(), text);
}

}  // namespace
}  // namespace shell
