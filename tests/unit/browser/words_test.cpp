// Texts as addresses write them.
#include "words.hpp"

#include <gtest/gtest.h>

#include <array>

namespace browser {
namespace {

TEST(Words, WhatIsNoEscapeStays) {
  EXPECT_EQ(unescaped("a%20b%2Fc%c3%a9"), "a b/c\xc3\xa9");
  for (const char* odd : {"", "%", "%4", "a%", "%zz", "%-1", "%+1", "%4g", "%%"}) EXPECT_EQ(unescaped(odd), odd);
  EXPECT_EQ(unescaped("%%41"), "%A");
  EXPECT_EQ(unescaped(std::string("%00x")), std::string("\0x", 2));
}

TEST(Words, RandomOnesAreNeverTheSame) {
  EXPECT_EQ(random_hex(16).size(), 32u);
  EXPECT_EQ(random_hex(16).find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(Words, OneOfThemIsFoundInAnyList) {
  constexpr std::array all = {"a", "b"};
  EXPECT_TRUE(one_of("b", all));
  EXPECT_FALSE(one_of("c", all));
  EXPECT_TRUE(one_of("c", {"b", "c"}));
}

}  // namespace
}  // namespace browser
