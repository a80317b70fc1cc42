// Shared strings: the same whether they are in memory, in a file, or in both.
#include "strings.hpp"

#include <gtest/gtest.h>

namespace xlsx {

namespace {

std::string text_of(std::size_t number) {
  return std::string(number % 7 == 0 ? number % 5000 : number % 40, static_cast<char>('a' + number % 26)) +
         std::to_string(number);
}

void fill_and_read(Strings& strings) {
  constexpr std::size_t many = 20'000;
  for (std::size_t i = 0; i < many; ++i) strings.add(text_of(i));
  ASSERT_EQ(strings.size(), many);
  for (std::size_t i = 0; i < many; ++i) ASSERT_EQ(strings.at(i), text_of(i));
  for (std::size_t i = 0, at = 1; i < 5000; ++i, at = at * 7919 % many) ASSERT_EQ(strings.at(at), text_of(at));
}

}  // namespace

TEST(Strings, AreKeptInMemory) {
  Strings strings(1u << 30);
  fill_and_read(strings);
}

TEST(Strings, AreKeptInAFile) {
  Strings strings(1000);
  fill_and_read(strings);
}

TEST(Strings, MayBeEmptyHugeOrNotThere) {
  Strings strings(100);
  EXPECT_EQ(strings.at(0), "");
  strings.add("");
  strings.add(std::string(5'000'000, 'x'));
  strings.add("end");
  EXPECT_EQ(strings.at(0), "");
  EXPECT_EQ(strings.at(1).size(), 5'000'000U);
  EXPECT_EQ(strings.at(2), "end");
  EXPECT_EQ(strings.at(3), "");
}

}  // namespace xlsx
