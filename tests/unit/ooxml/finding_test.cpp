// What was found is counted whole, and kept up to a bound; hints make nothing invalid.
#include "finding.hpp"

#include <gtest/gtest.h>

namespace {

using ooxml::Findings;
using ooxml::Severity;

TEST(FindingsTest, HintsMakeNothingInvalid) {
  Findings found;
  found.add({.severity = Severity::hint, .code = "empty-paragraphs"});
  EXPECT_TRUE(found.valid());
  found.add({.severity = Severity::schema, .code = "unexpected-element"});
  EXPECT_FALSE(found.valid());
}

TEST(FindingsTest, WhatIsNotKeptIsCounted) {
  Findings found(2);
  for (int i = 0; i < 5; ++i) found.add({.severity = Severity::repaired});
  EXPECT_EQ(found.kept().size(), 2u);
  EXPECT_EQ(found.count(Severity::repaired), 5u);
  EXPECT_EQ(found.total(), 5u);
}

}  // namespace
