// No character is torn, wherever the pieces part, and what is none does no harm.
#include "text.hpp"

#include <gtest/gtest.h>

namespace shell {
namespace {

const std::string mixed = "a\u00e9\u4e2d\U0001f600z";  // 1, 2, 3, 4 and 1 bytes

TEST(TextTest, WholeCharactersAreCounted) {
  EXPECT_EQ(whole_size(""), 0u);
  EXPECT_EQ(whole_size("abc"), 3u);
  EXPECT_EQ(whole_size(mixed), mixed.size());
  const std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (std::size_t cut = 0; cut <= mixed.size(); ++cut) EXPECT_EQ(whole_size(mixed.substr(0, cut)), ends[cut]) << cut;
}

TEST(TextTest, WhatIsNoCharacterIsNotWaitedFor) {
  EXPECT_EQ(whole_size("a\xff"), 2u);
  EXPECT_EQ(whole_size("a\x80\x80\x80\x80"), 5u);
  EXPECT_EQ(whole_size("a\xc0"), 2u);
  EXPECT_EQ(whole_size("a\xf5"), 2u);
}

TEST(TextTest, TheFirstWholeCharacterIsFound) {
  EXPECT_EQ(first_whole(""), 0u);
  EXPECT_EQ(first_whole("abc"), 0u);
  EXPECT_EQ(first_whole(mixed.substr(2)), 1u);
  EXPECT_EQ(first_whole(mixed.substr(4)), 2u);
  EXPECT_EQ(first_whole(mixed.substr(7)), 3u);
  EXPECT_EQ(first_whole("\x80\x80\x80\x80\x80"), 3u);
}

TEST(TextTest, CleanIsUtf8) {
  EXPECT_EQ(clean(mixed), mixed);
  EXPECT_EQ(clean("a\xff\xfe b"), "a\ufffd\ufffd b");
  EXPECT_EQ(clean("\xe4\xb8"), "\ufffd\ufffd");
  EXPECT_EQ(clean("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");  // half of a pair
}

TEST(TextTest, PiecesOfAnySizeComeWhole) {
  for (std::size_t size = 1; size <= mixed.size(); ++size) {
    Whole whole;
    std::string all;
    for (std::size_t at = 0; at < mixed.size(); at += size) {
      const std::string piece = whole.add(std::string_view(mixed).substr(at, size));
      EXPECT_EQ(piece, clean(piece)) << size;
      all += piece;
    }
    EXPECT_EQ(all + whole.rest(), mixed);
    EXPECT_EQ(whole.rest(), "");
  }
}

TEST(TextTest, WhatNeverBecameWholeIsLeft) {
  Whole whole;
  EXPECT_EQ(whole.add("a\xe4\xb8"), "a");
  EXPECT_EQ(whole.rest(), "\xe4\xb8");
}

}  // namespace
}  // namespace shell
