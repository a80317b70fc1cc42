// Sizes, durations and moments, read as people write them and refused when they are not clear.
#include <gtest/gtest.h>

#include "service/text.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsBytes) {
  EXPECT_EQ(parse_bytes("123"), 123u);
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("7 B"), 7u);
  EXPECT_EQ(parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(parse_bytes("1 MiB"), 1048576u);
  EXPECT_EQ(parse_bytes("10MB"), 10'000'000u);
  EXPECT_EQ(parse_bytes("2 gib"), 2147483648u);
  EXPECT_EQ(parse_bytes("18446744073709551615"), 18446744073709551615u);
}

TEST(Units, RefusesOtherBytes) {
  for (const char* bad : {"", " ", "MiB", "-1", "+1", "1.5MiB", "1 M", "1  MiB", "1 ", " 1", "1MiBs", "0x10",
                          "18446744073709551616", "18446744073709551615KiB", "16777216TiB", "1MiB 2"}) {
    EXPECT_FALSE(parse_bytes(bad)) << '"' << bad << '"';
  }
}

TEST(Units, ReadsDurations) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5 min"), 5min);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("1d"), 24h);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(Units, RefusesOtherDurations) {
  for (const char* bad :
       {"", "10", "s", "-1s", "1.5s", "1 week", "10 S X", "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
  const auto longest = parse_duration("106751d");
  ASSERT_TRUE(longest);
  EXPECT_GT(std::chrono::nanoseconds(*longest).count(), 0) << "it can be counted in nanoseconds";
}

TEST(Units, WritesBytes) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1 KiB");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes((1u << 20) - 1), "1 MiB");
  EXPECT_EQ(format_bytes(1610612736), "1.5 GiB");
  EXPECT_EQ(format_bytes(~std::uint64_t{0}), "16384 PiB");
}

TEST(Units, WritesDurations) {
  EXPECT_EQ(format_duration(0ms), "0 s");
  EXPECT_EQ(format_duration(90s), "90 s");
  EXPECT_EQ(format_duration(1250ms), "1250 ms");
}

TEST(Units, WritesAndReadsMoments) {
  const auto at = std::chrono::system_clock::time_point(1769860800123ms);
  EXPECT_EQ(format_time(at), "2026-01-31T12:00:00.123Z");
  EXPECT_EQ(parse_time("2026-01-31T12:00:00.123Z"), at);
  EXPECT_EQ(parse_time("2026-01-31T12:00:00Z"), at - 123ms);
  EXPECT_EQ(parse_time("2026-01-31T12:00:00.1239Z"), at);
  EXPECT_EQ(parse_time("2026-01-31T12:00:00.1Z"), at - 23ms);
  EXPECT_EQ(format_time(std::chrono::system_clock::time_point(-1ms)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(parse_time(format_time(std::chrono::system_clock::time_point(951782400000ms))),
            std::chrono::system_clock::time_point(951782400s));
}

TEST(Units, RefusesOtherMoments) {
  for (const char* bad :
       {"", "2026-01-31", "2026-01-31T12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+01:00",
        "2026-01-31T12:00:0-Z", "9999-01-31T12:00:00Z", "2026-01-31T12:00:00.12345678901Z", "20260-1-31T12:00:00Z"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

}  // namespace
}  // namespace berth::service
