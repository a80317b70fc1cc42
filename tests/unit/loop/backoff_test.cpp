// When what has failed may be tried again: not at once, and whoever asks meanwhile hears why.
#include "backoff.hpp"

#include <gtest/gtest.h>

namespace loop {
namespace {

TEST(BackoffTest, WhatHasFailedIsNotTriedAtOnce) {
  Backoff backoff;
  EXPECT_NO_THROW(backoff.check());
  backoff.failed({503, "down", "no luck"});
  backoff.failed({503, "down", "none again"});
  EXPECT_EQ(backoff.failures(), 2);
  EXPECT_EQ(backoff.why(), "none again");
  EXPECT_THROW(backoff.check(), berth::Error);
  backoff.well();
  EXPECT_EQ(backoff.failures(), 0);
}

}  // namespace
}  // namespace loop
