// Two pipes and a socket become one order, also when they are read a piece at a time.
#include "sequence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>

namespace kernel {
namespace {

using berth::Json;

const std::string sequence_token(32, 'b');

std::string mark_of(std::uint64_t number) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return "\x1e" + sequence_token + ":" + digits + "\x1e";
}

FrameReader::Frame frame(const char* name, std::uint64_t seq) { return {{{"event", name}, {"seq", seq}}, {}, 10}; }

std::string words(const std::vector<Told>& all) {
  std::string text;
  for (const auto& one : all) {
    const std::string name = one.what == Told::What::event ? one.frame.json.at("event").get<std::string>()
                             : one.what == Told::What::out ? "o:" + one.text
                                                           : "e:" + one.text;
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

constexpr std::array<bool, 2> dry{true, true};

TEST(SequenceTest, EventsStandBetweenWhatWasWrittenBeforeAndAfter) {
  Sequence sequence(sequence_token);
  sequence.piece(0, "a" + mark_of(1) + "b" + mark_of(3) + "c", false);
  sequence.piece(1, mark_of(2) + "x", false);
  sequence.event(frame("display", 1));
  sequence.event(frame("done", 4));
  EXPECT_EQ(words(sequence.take(dry, false)), "o:a display o:b e:x o:c done");
}

TEST(SequenceTest, WhatWasReadAfterTheSocketWaitsIfItMayBelongBehindAnEvent) {
  Sequence sequence(sequence_token);
  sequence.event(frame("display", 1));
  sequence.piece(0, "a" + mark_of(1) + "b", true);
  EXPECT_EQ(words(sequence.take(dry, false)), "o:a display");
  EXPECT_TRUE(sequence.holds());
  sequence.event(frame("result", 2));
  EXPECT_EQ(words(sequence.take(dry, false)), "o:b result");
}

TEST(SequenceTest, AnEventWaitsForAPipeThatHasMore) {
  Sequence sequence(sequence_token);
  sequence.piece(0, "a", false);
  sequence.event(frame("done", 5));
  EXPECT_EQ(words(sequence.take({false, true}, false)), "o:a");
  sequence.piece(0, "b", false);
  EXPECT_EQ(words(sequence.take(dry, false)), "o:b done");
}

TEST(SequenceTest, HalfAMarkBeforeTheEndIsData) {
  Sequence sequence(sequence_token);
  sequence.piece(0, "a\x1e" + sequence_token.substr(0, 3), false);
  EXPECT_EQ(words(sequence.take(dry, false)), "o:a");
  sequence.event(frame("done", 1));
  EXPECT_EQ(words(sequence.take(dry, false)), "o:\x1e" + sequence_token.substr(0, 3) + " done");
}

TEST(SequenceTest, TheEndTellsAll) {
  Sequence sequence(sequence_token);
  sequence.event(frame("display", 1));
  sequence.piece(0, mark_of(9) + "late", true);
  EXPECT_EQ(words(sequence.take(dry, true)), "display o:late");
  EXPECT_FALSE(sequence.holds());
}

TEST(SequenceTest, ForgedNumbersLoseNothing) {
  std::mt19937 random(3);
  for (int turn = 0; turn < 1000; ++turn) {
    Sequence sequence(sequence_token);
    std::size_t given = 0, told = 0;
    const auto count = [&](std::vector<Told> all) {
      for (const auto& one : all) told += one.what == Told::What::event ? 1 : one.text.size();
    };
    for (int i = 0; i < 30; ++i) {
      const std::uint64_t number = random() % 4 == 0 ? ~std::uint64_t{0} - random() % 3 : random() % 20;
      if (random() % 2) {
        sequence.piece(random() % 2, mark_of(number) + "z", random() % 2 == 0);
      } else if (random() % 3 == 0) {
        sequence.event({{{"event", random() % 2 ? Json(7) : Json("odd")}, {"seq", -1}}, {}, 1});
      } else {
        sequence.event(frame("some", number));
      }
      ++given;
      if (random() % 5 == 0) count(sequence.take({random() % 2 == 0, true}, false));
    }
    count(sequence.take(dry, true));
    EXPECT_EQ(told, given) << "turn " << turn;
  }
}

TEST(SequenceTest, EventsThatNeverCanBeToldAreTooMany) {
  Sequence sequence(sequence_token);
  for (std::size_t i = 0; i <= Sequence::most_events; ++i) sequence.event(frame("x", 1'000'000 + i));
  sequence.take({false, false}, false);
  EXPECT_TRUE(sequence.overfull());
}

// The pipes and the socket of a worker that writes by the rules, read by chance: the order is the one in which it was
// said.
TEST(SequenceTest, TheOrderIsTheWorkersOwn) {
  std::mt19937 random(5);
  for (int turn = 0; turn < 500; ++turn) {
    std::array<std::string, 2> pipes;
    std::vector<FrameReader::Frame> socket;
    std::string said;
    std::uint64_t seq = 0;
    std::size_t last = 2;
    Sequence sequence(sequence_token);
    std::string heard;
    std::size_t read = 0;
    const auto drain = [&](bool late, std::array<bool, 2>& dried) {
      for (std::size_t i = 0; i < 2; ++i) {
        const std::size_t size =
            random() % 3 == 0 ? std::min<std::size_t>(pipes[i].size(), random() % 80) : pipes[i].size();
        sequence.piece(i, pipes[i].substr(0, size), late);
        pipes[i].erase(0, size);
        dried[i] = pipes[i].empty();
      }
    };
    const auto round = [&](bool ended) {
      std::array<bool, 2> dried{};
      do {
        drain(false, dried);
        while (read < socket.size()) sequence.event({socket[read].json, {}, 1}), ++read;
        if (dried[0] && dried[1]) drain(true, dried);
        for (const auto& one : sequence.take(dried, ended && dried[0] && dried[1]))
          heard += one.what == Told::What::event ? one.frame.json.at("event").get<std::string>() : one.text;
      } while (ended && (!dried[0] || !dried[1] || sequence.holds()));
    };
    for (int i = 0; i < 40; ++i) {
      const std::string letter(1, static_cast<char>('a' + i % 26));
      if (random() % 3 == 0) {
        socket.push_back({{{"event", "[" + letter + "]"}, {"seq", ++seq}}, {}, 1});
        pipes[0] += mark_of(seq);
        pipes[1] += mark_of(seq);
        said += "[" + letter + "]";
      } else {
        const std::size_t pipe = random() % 2;
        if (pipe != last) pipes[pipe] += mark_of(++seq);
        last = pipe;
        pipes[pipe] += letter;
        said += letter;
      }
      if (random() % 6 == 0) round(false);
    }
    round(true);
    // Between the streams the order is kept only where both were read to their end; against events it always is.
    const auto by_event = [](std::string text) {
      for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('[', at), text.size());
        std::sort(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end));
        at = end == text.size() ? end : text.find(']', end) + 1;
      }
      return text;
    };
    ASSERT_EQ(by_event(heard), by_event(said)) << "turn " << turn;
  }
}

}  // namespace
}  // namespace kernel
