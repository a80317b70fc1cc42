// Marks are cut out wherever a read ends, and whatever looks like one and is none stays as it was.
#include "marks.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace kernel {
namespace {

const std::string token(32, 'a');

std::string mark(std::uint64_t number) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return "\x1e" + token + ":" + digits + "\x1e";
}

struct Text {
  std::string all;
  std::vector<std::uint64_t> numbers;  // of each byte
};

Text read(const std::string& bytes, const std::vector<std::size_t>& cuts) {
  MarkReader reader(token);
  std::vector<Piece> pieces;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    reader.feed(std::string_view(bytes).substr(at, cut), pieces);
    at += cut;
  }
  reader.feed(std::string_view(bytes).substr(at), pieces);
  if (auto rest = reader.take_rest(); !rest.empty()) pieces.push_back({reader.number(), rest});
  Text text;
  for (const auto& one : pieces) {
    text.all += one.bytes;
    text.numbers.insert(text.numbers.end(), one.bytes.size(), one.number);
  }
  return text;
}

TEST(MarksTest, WhatFollowsAMarkHasItsNumber) {
  const auto text = read("ab" + mark(7) + "c" + mark(0x1f) + mark(0x20) + "d", {});
  EXPECT_EQ(text.all, "abcd");
  EXPECT_EQ(text.numbers, (std::vector<std::uint64_t>{0, 0, 7, 0x20}));
}

TEST(MarksTest, EveryCutReadsTheSame) {
  const std::string bytes = "x\x1e" + mark(1) + "y\x1e" + token.substr(0, 5) + mark(2) + "z";
  const auto whole = read(bytes, {});
  EXPECT_EQ(whole.all, "x\x1ey\x1e" + token.substr(0, 5) + "z");
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    const auto cut = read(bytes, {first});
    EXPECT_EQ(cut.all, whole.all) << first;
    EXPECT_EQ(cut.numbers, whole.numbers) << first;
  }
}

TEST(MarksTest, ForgeriesAreData) {
  for (const std::string& forged :
       {"\x1e" + token + ":" + "00000000000000zz\x1e", "\x1e" + token + ":" + "0000000000000001!",
        "\x1e" + std::string(32, 'b') + ":0000000000000001\x1e", "\x1e" + token + ":" + "+000000000000001\x1e"})
    EXPECT_EQ(read("a" + forged + mark(3) + "b", {}).all, "a" + forged + "b");
}

TEST(MarksTest, HalfAMarkAtTheEndIsData) {
  EXPECT_EQ(read("a" + mark(1).substr(0, 40), {3}).all, "a" + mark(1).substr(0, 40));
}

TEST(MarksTest, AnythingAtAllInAnyPieces) {
  std::mt19937 random(20260101);
  for (int turn = 0; turn < 2000; ++turn) {
    std::string bytes, plain;
    for (int i = 0; i < 8; ++i) {
      const std::string data =
          std::string(random() % 5, '\x1e') + (random() % 2 ? token.substr(0, random() % 32) : "q");
      bytes += data + "|" + mark(random() % 100);
      plain += data + "|";
    }
    std::vector<std::size_t> cuts;
    for (std::size_t left = bytes.size(); left > 0;) {
      cuts.push_back(std::min<std::size_t>(left, 1 + random() % 60));
      left -= cuts.back();
    }
    EXPECT_EQ(read(bytes, cuts).all, plain) << "turn " << turn;
  }
}

}  // namespace
}  // namespace kernel
