// No character is torn, wherever the pieces part, and what is none does no harm; of too much the begin and the end are
// there, with a true count of what is not.
#include <berth/output.hpp>
#include <gtest/gtest.h>

#include <random>

namespace berth {
namespace {

const std::string mixed = "a\u00e9\u4e2d\U0001f600z";  // 1, 2, 3, 4 and 1 bytes

TEST(OutputTest, WholeCharactersAreCounted) {
  EXPECT_EQ(whole_size(""), 0u);
  EXPECT_EQ(whole_size("abc"), 3u);
  EXPECT_EQ(whole_size(mixed), mixed.size());
  const std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (std::size_t cut = 0; cut <= mixed.size(); ++cut) EXPECT_EQ(whole_size(mixed.substr(0, cut)), ends[cut]) << cut;
}

TEST(OutputTest, WhatIsNoCharacterIsNotWaitedFor) {
  EXPECT_EQ(whole_size("a\xff"), 2u);
  EXPECT_EQ(whole_size("a\x80\x80\x80\x80"), 5u);
  EXPECT_EQ(whole_size("a\xc0"), 2u);
  EXPECT_EQ(whole_size("a\xf5"), 2u);
}

TEST(OutputTest, TheFirstWholeCharacterIsFound) {
  EXPECT_EQ(first_whole(""), 0u);
  EXPECT_EQ(first_whole("abc"), 0u);
  EXPECT_EQ(first_whole(mixed.substr(2)), 1u);
  EXPECT_EQ(first_whole(mixed.substr(4)), 2u);
  EXPECT_EQ(first_whole(mixed.substr(7)), 3u);
  EXPECT_EQ(first_whole("\x80\x80\x80\x80\x80"), 3u);
}

TEST(OutputTest, CleanIsUtf8) {
  EXPECT_EQ(clean(mixed), mixed);
  EXPECT_EQ(clean("a\xff\xfe b"), "a\ufffd\ufffd b");
  EXPECT_EQ(clean("\xe4\xb8"), "\ufffd\ufffd");
  EXPECT_EQ(clean("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");  // half of a pair
}

TEST(OutputTest, PiecesOfAnySizeComeWhole) {
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

TEST(OutputTest, WhatNeverBecameWholeIsLeft) {
  Whole whole;
  EXPECT_EQ(whole.add("a\xe4\xb8"), "a");
  EXPECT_EQ(whole.rest(), "\xe4\xb8");
}

TEST(OutputTest, BrokenBytesPass) {
  for (const std::string text : {"\x80\x80\x80\x80", "\xff\xfe", "a\xf0\x9f"}) {
    Whole whole;
    std::string all = whole.add(text);
    all += whole.rest();
    EXPECT_EQ(all, text);
  }
}

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
  const std::string text = kept.text(": in a file");
  EXPECT_LE(text.size(), 250u);
  EXPECT_EQ(text.substr(0, 50), all.substr(0, 50));
  EXPECT_EQ(text.substr(text.size() - 50), all.substr(all.size() - 50));
  // What the note counts is what is missing.
  const auto from = text.find("…") + std::string("… ").size();
  const auto gone = std::stoull(text.substr(from));
  const auto note = text.find("\n… "), end = text.find(" bytes left out here: in a file …\n");
  EXPECT_EQ(gone, kept.left_out());
  EXPECT_EQ(gone, all.size() - note - (text.size() - end - std::string(" bytes left out here: in a file …\n").size()));
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
    std::string text = kept.text();
    const std::string note = "\n… " + std::to_string(middle.size()) + " bytes left out here …\n";
    if (kept.cut()) text.replace(text.find(note), note.size(), middle);
    EXPECT_EQ(text, all);
    EXPECT_EQ(kept.total(), all.size());
  }
}

TEST(KeptTest, NothingGrowsWithWhatComes) {
  Kept kept(1000);
  const std::string piece(64u << 10, 'x');
  for (int i = 0; i < 1000; ++i) kept.add(piece);
  EXPECT_LE(kept.text().size(), 1600u);
  EXPECT_EQ(kept.total(), 1000u * piece.size());
}

TEST(KeptTest, NoCharacterIsTornAtTheCutsAndNoneIsUncounted) {
  for (std::size_t most = 4; most < 60; ++most) {
    Kept kept(most);
    for (int i = 0; i < 500; ++i) kept.add("\u4e2d");
    const std::string text = kept.text(), note = "\n… ", end = " bytes left out here …\n";
    EXPECT_EQ(text, clean(text)) << most;
    const auto from = text.find(note), to = text.find(end);
    EXPECT_EQ(std::stoull(text.substr(from + note.size())), kept.total() - from - (text.size() - to - end.size()));
  }
}

TEST(KeptTest, FromAnyPlaceOnItIsWhatIsKept) {
  for (const std::size_t count : {0, 5, 10, 15, 30, 31, 100}) {
    std::string all;
    Kept kept(20);
    for (std::size_t i = 0; i < count; ++i) {
      all += static_cast<char>('a' + i % 26);
      kept.add({&all.back(), 1});
    }
    for (std::uint64_t at = 0; at <= count + 1; ++at) {
      const auto [begin, bytes] = kept.from(at, 7);
      EXPECT_EQ(bytes, all.substr(begin, bytes.size())) << count << " " << at;
      const bool gone = kept.cut() && at >= 10 && at < 10 + kept.left_out();
      EXPECT_EQ(begin, gone ? 10 + kept.left_out() : std::min<std::uint64_t>(at, count)) << count << " " << at;
      const std::uint64_t until = kept.cut() && begin < 10 ? 10 : count;
      EXPECT_EQ(bytes.size(), std::min<std::uint64_t>(7, until - begin)) << count << " " << at;
    }
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
}  // namespace berth
