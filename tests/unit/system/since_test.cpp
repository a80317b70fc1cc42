// Times as people say them.
#include <gtest/gtest.h>

#include "since.hpp"

namespace machine {
namespace {

constexpr std::int64_t now = 1'700'000'000;  // 2023-11-14T22:13:20Z

TEST(Since, IsUnderstood) {
  EXPECT_EQ(since_of("now", now), now);
  EXPECT_EQ(since_of("today", now), 1'699'920'000);
  EXPECT_EQ(since_of("yesterday", now), 1'699'833'600);
  EXPECT_EQ(since_of("@12", now), 12);
  EXPECT_EQ(since_of("2 hours ago", now), now - 7200);
  EXPECT_EQ(since_of("-90s", now), now - 90);
  EXPECT_EQ(since_of("30min", now), now - 1800);
  EXPECT_EQ(since_of(" 1 day ago ", now), now - 86'400);
  EXPECT_EQ(since_of("2023-11-14", now), 1'699'920'000);
  EXPECT_EQ(since_of("2023-11-14 22:13:20", now), now);
  EXPECT_EQ(since_of("2023-11-14T22:13:20.5Z", now), now);
  EXPECT_EQ(since_of("2023-11-14 22:13", now), now - 20);
}

TEST(Since, IsRefused) {
  for (const char* text : {"",
                           "x",
                           "-",
                           "ago",
                           "h",
                           "2 parsecs ago",
                           "99999999999999999999 days",
                           "9223372036854775807w",
                           "2023-13-01",
                           "2023-02-30",
                           "2023-11-14x22:00",
                           "2023-11-14 25:00",
                           "2023-11-14 22:00:99",
                           "2023-11-14 22",
                           "2023-1-1",
                           "@",
                           "@x",
                           "--2h",
                           "2023-11-14 -1:00",
                           "+2h"})
    EXPECT_FALSE(since_of(text, now)) << text;
}

}  // namespace
}  // namespace machine
