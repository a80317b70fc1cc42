// Server-sent events out of bytes, however they are cut on their way.
#include "command/event_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace berth::command {
namespace {

std::vector<ServerEvent> events_of(const std::string& bytes, std::size_t block) {
  std::vector<ServerEvent> all;
  EventReader reader(1000);
  for (std::size_t at = 0; at < bytes.size(); at += block)
    EXPECT_TRUE(
        reader.add(std::string_view(bytes).substr(at, block), [&](ServerEvent one) { all.push_back(std::move(one)); }));
  return all;
}

std::vector<ServerEvent> events_of(const std::string& bytes) { return events_of(bytes, bytes.size()); }

TEST(EventReader, ReadsFieldsHoweverTheyAreCut) {
  const std::string bytes =
      "id: 1-1\nevent:tick\ndata: {\"a\":\ndata:1}\n\n: beat\n\nretry: 300\r\n\r\ndata\n\ndata: cut off\n";
  for (const std::size_t block : {1u, 2u, 7u, 1000u}) {
    const auto all = events_of(bytes, block);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].id, "1-1");
    EXPECT_EQ(all[0].name, "tick");
    EXPECT_EQ(all[0].data, "{\"a\":\n1}");
    EXPECT_FALSE(all[0].retry);
    EXPECT_EQ(all[1].retry, std::chrono::milliseconds(300));
    EXPECT_FALSE(all[1].data);
    EXPECT_EQ(all[2].data, "");
  }
}

TEST(EventReader, KnowsEachEndOfALine) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string bytes = "data: a" + end + "data:" + end + "data: b" + end + end + "data: c" + end + end;
    for (const std::size_t block : {1u, 3u, 1000u}) {
      const auto all = events_of(bytes, block);
      ASSERT_EQ(all.size(), 2u);
      EXPECT_EQ(all[0].data, "a\n\nb");
      EXPECT_EQ(all[1].data, "c");
    }
  }
}

TEST(EventReader, WaitsNoLongerThanIsReasonable) {
  EXPECT_EQ(events_of("retry: 99999999\n\n").at(0).retry, std::chrono::milliseconds(60'000));
  EXPECT_FALSE(events_of("retry: -1\n\n").at(0).retry);
  EXPECT_FALSE(events_of("retry: soon\n\n").at(0).retry);
}

TEST(EventReader, IsBounded) {
  const auto none = [](const ServerEvent&) { FAIL(); };
  EventReader lines(20);
  EXPECT_TRUE(lines.add("data: 012345\n", none));
  EXPECT_FALSE(lines.add("data: 012345\n", none));
  EXPECT_FALSE(lines.add("\n\n", none));
  EventReader line(20);
  EXPECT_FALSE(line.add("data: 01234567890123456789", none));
}

TEST(EventReader, ForgetsWhatIsOver) {
  EventReader reader(20);
  int count = 0;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(reader.add(": a comment\n", [&](const ServerEvent&) { ++count; }));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(reader.add("data: 012345\n\n", [&](const ServerEvent&) { ++count; }));
  EXPECT_EQ(count, 10);
}

}  // namespace
}  // namespace berth::command
