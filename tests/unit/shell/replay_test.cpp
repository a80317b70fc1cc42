// Shown again, nothing asks a terminal anything; all else is shown as it was, wherever it is cut.
#include "replay.hpp"

#include <gtest/gtest.h>

namespace shell {
namespace {

using namespace std::string_literals;

std::string all(std::string_view text) {
  Replay replay;
  return replay.add(text);
}

// In pieces that part between characters.
std::string in_pieces(std::string_view text, std::size_t size) {
  Replay replay;
  std::string shown;
  while (!text.empty()) {
    std::size_t next = std::min(size, text.size());
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    shown += replay.add(text.substr(0, next));
    text.remove_prefix(next);
  }
  return shown;
}

const std::string_view questions[] = {"\x1b[c",
                                      "\x1b[0c",
                                      "\x1b[>c",
                                      "\x1b[>0c",
                                      "\x1b[=c",
                                      "\x1b[5n",
                                      "\x1b[6n",
                                      "\x1b[?6n",
                                      "\x1b[?996n",
                                      "\x1b[006n",
                                      "\x1b[4$p",
                                      "\x1b[?2026$p",
                                      "\x1b[14t",
                                      "\x1b[14;2t",
                                      "\x1b[16t",
                                      "\x1b[18t",
                                      "\x1b[19t",
                                      "\x1b[20t",
                                      "\x1b[21t",
                                      "\x1b[021t",
                                      "\x1b[>q",
                                      "\x1b[>0q",
                                      "\x1b[?u",
                                      "\x1b[x",
                                      "\x1b[?1;1;0S",
                                      "\x1b[?4m",
                                      "\x1b[1$w",
                                      "\x1b]4;1;?\a",
                                      "\x1b]10;?\a",
                                      "\x1b]11;?\x1b\\",
                                      "\x1b]012;?\x1b\\",
                                      "\x1b]4;1;?;2;?\a",
                                      "\x1b]10;#fff;?\a",
                                      "\x1b]52;c;?\a",
                                      "\x1bP$qm\x1b\\",
                                      "\x1bP+q544e\x1b\\",
                                      "\x05",
                                      "\x1bZ",
                                      "\u009bc",
                                      "\u009b6n",
                                      "\u009d11;?\u009c",
                                      "\u0090$qm\u009c",
                                      "\x1b[6\x05n",
                                      "\x1b]11;?\u009c",
                                      "\x1bP1$q\"p\x1b\\"};

const std::string_view ordinary[] = {"text\r\n\t\b\a",
                                     "中é😀\u0085 ÀÂ",
                                     "\x1b[1;31mred\x1b[0m",
                                     "\x1b[38;2;1;2;3m",
                                     "\x1b[?1049h",
                                     "\x1b[2J\x1b[5;5H",
                                     "\x1b[3 q",
                                     "\x1b[!p",
                                     "\x1b[u",
                                     "\x1b[8;24;80t",
                                     "\x1b[22;0t",
                                     "\x1b[?0c",
                                     "\x1b[>4;2m",
                                     "\x1b[>4n",
                                     "\x1b(B\x1b)0\x1b#8",
                                     "\x1b"
                                     "7\x1b"
                                     "8\x1b="
                                     "\x1b"
                                     "c",
                                     "\x1b]0;a title?;?\a",
                                     "\x1b]2;c;?\x1b\\",
                                     "\x1b]8;;http://x/?q\x1b\\link\x1b]8;;\x1b\\",
                                     "\x1b]4;1;#ff0000\a",
                                     "\x1b]10;white\x1b\\",
                                     "\x1b]52;c;YQ==\a",
                                     "\x1bPq#0;2;0;0;0~~\x1b\\",
                                     "\x1b_Gf=24;AAAA\x1b\\",
                                     "\u009b1m\u009d0;t\u009c",
                                     "\x1b]104\a",
                                     "[c 6n ]11;?"};

TEST(ReplayTest, QuestionsAreLeftOut) {
  for (const auto one : questions) {
    EXPECT_EQ(all(one), "") << one.substr(1);
    EXPECT_EQ(all("a" + std::string(one) + "b"), "ab") << one.substr(1);
  }
}

TEST(ReplayTest, AllElseIsShownAsItWas) {
  for (const auto one : ordinary) {
    Replay replay;
    const std::string shown = replay.add(one);
    EXPECT_FALSE(replay.within()) << one.substr(1);
    EXPECT_EQ(shown, one) << one.substr(1);
  }
  EXPECT_EQ(all("\x1b[\r\n1m"), "\r\n\x1b[1m");  // as a terminal reads it
}

TEST(ReplayTest, WhereverItIsCut) {
  std::string text, expected;
  for (const auto one : ordinary) {
    for (const auto question : questions) text += std::string(one) + std::string(question);
    for (std::size_t i = 0; i < std::size(questions); ++i) expected += all(one);
  }
  EXPECT_EQ(all(text), expected);
  for (std::size_t size = 1; size < 8; ++size) EXPECT_EQ(in_pieces(text, size), expected) << size;
}

// What is left out never lets two parts become another question.
TEST(ReplayTest, WhatIsBrokenOffIsGone) {
  EXPECT_EQ(all("\x1b[5\x1b[6nn"), "n");
  EXPECT_EQ(all("\x1b[\x1b[cc"), "c");
  EXPECT_EQ(all("\x1b\x1bZ[c"), "[c");
  EXPECT_EQ(all("\x1b[5\x18n"), "\x18n");
  EXPECT_EQ(all("\x1b]11;?\x18?\a"), "\x18?\a");
  EXPECT_EQ(all("\x1bP$q\x1b[c\x1b[1m"), "\x1b[1m");
  EXPECT_EQ(all("\x1b[5\u4e2dn"), "\u4e2dn");
  EXPECT_EQ(all("\x1bP$qm\a6n\x1b\\x"), "x");
  EXPECT_EQ(all(all("\x1b[\x05\x1b[\x05[cc")), all("\x1b[\x05\x1b[\x05[cc"));
}

TEST(ReplayTest, NothingGrows) {
  Replay replay;
  EXPECT_EQ(replay.add("\x1b["), "");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(replay.add(std::string(1000, ';')), "");
  EXPECT_EQ(replay.add("cafter"), "after");
  EXPECT_EQ(replay.add("\x1b]11;"), "");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(replay.add(std::string(1000, 'x')), "");
  EXPECT_EQ(replay.add(";?\x1b\\after"), "after");
  EXPECT_EQ(replay.add("\x1bP" + std::string(1000, '1') + "$qm\x1b\\after"), "after");
  EXPECT_FALSE(replay.within());
}

TEST(ReplayTest, WhatHasNotEndedIsKeptBack) {
  Replay replay;
  EXPECT_EQ(replay.add("a\x1b["), "a");
  EXPECT_TRUE(replay.within());
  EXPECT_EQ(replay.add("1mb"), "\x1b[1mb");
  EXPECT_FALSE(replay.within());
}

}  // namespace
}  // namespace shell
