// Begin and end are kept, the middle goes where it was told to go, and no character is cut in two.
#include "kept.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kernel {
namespace {

TEST(KeptTest, WhatFitsIsWhole) {
  Kept kept(100);
  kept.add("one ");
  kept.add("two");
  EXPECT_EQ(kept.text("!"), "one two");
  EXPECT_FALSE(kept.cut());
}

TEST(KeptTest, HeadMiddleAndTailAreAllThereIs) {
  std::mt19937 random(1);
  for (int turn = 0; turn < 200; ++turn) {
    std::string middle, all;
    Kept kept(64, [&](std::string_view bytes) { middle += bytes; });
    for (int i = 0; i < 30; ++i) {
      const std::string piece(random() % 40, static_cast<char>('a' + i % 26));
      all += piece;
      kept.add(piece);
    }
    EXPECT_EQ(kept.left_out(), middle.size());
    EXPECT_EQ(kept.text(middle), all);
    EXPECT_LE(kept.text("").size(), 96u);
  }
}

TEST(KeptTest, NoCharacterIsCut) {
  for (std::size_t most = 4; most < 40; ++most) {
    Kept kept(most);
    for (int i = 0; i < 100; ++i) kept.add("\xe4\xbd\xa0");
    const std::string text = kept.text("|");
    const auto bar = text.find('|');
    EXPECT_EQ(bar % 3, 0u);
    EXPECT_EQ((text.size() - bar - 1) % 3, 0u);
  }
}

TEST(WholeTest, CharactersComeWhole) {
  const std::string text = "a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80z";
  Whole whole;
  std::string all;
  for (const char c : text) {
    const std::string part = whole.add(std::string_view(&c, 1));
    EXPECT_TRUE(part.empty() || static_cast<unsigned char>(part[0]) < 0x80 || part.size() > 1);
    all += part;
  }
  EXPECT_EQ(all + whole.rest(), text);
}

TEST(WholeTest, BrokenBytesPass) {
  for (const std::string text : {"\x80\x80\x80\x80", "\xff\xfe", "a\xf0\x9f"}) {
    Whole whole;
    std::string all = whole.add(text);
    all += whole.rest();
    EXPECT_EQ(all, text);
  }
}

}  // namespace
}  // namespace kernel
