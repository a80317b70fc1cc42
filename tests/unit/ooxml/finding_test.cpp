// What was found is counted whole, and kept up to a bound of each group; hints make nothing invalid, and hide nothing.
#include "finding.hpp"

#include <gtest/gtest.h>

namespace {

using ooxml::Findings;
using ooxml::Group;
using ooxml::Layer;
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

TEST(FindingsTest, EachGroupHasABoundOfItsOwn) {
  Findings found(2);
  for (int i = 0; i < 5; ++i) found.add({.severity = Severity::hint});
  EXPECT_TRUE(found.full(Severity::hint, Layer::schema));
  EXPECT_FALSE(found.full(Severity::schema, Layer::schema));
  EXPECT_FALSE(found.full(Severity::repaired, Layer::rule));
  EXPECT_FALSE(found.full());
  for (int i = 0; i < 3; ++i) {
    found.add({.severity = Severity::schema});
    found.add({.severity = Severity::repaired, .layer = Layer::rule});
  }
  EXPECT_TRUE(found.full());
  EXPECT_EQ(found.kept().size(), 6u);
  EXPECT_EQ(found.count(Group::error), 3u);
  EXPECT_EQ(found.count(Group::rule_error), 3u);
  EXPECT_EQ(found.count(Group::hint), 5u);
}

TEST(FindingsTest, ThatAPartIsNoXmlIsKept) {
  Findings found(2);
  for (const char* code : {"a", "b", "c"}) found.add({.severity = Severity::schema, .code = code});
  EXPECT_FALSE(found.unreadable());
  found.add({.severity = Severity::refused, .layer = Layer::xml, .code = "not-well-formed"});
  found.add({.severity = Severity::refused, .layer = Layer::xml, .code = "dtd"});
  EXPECT_TRUE(found.unreadable());
  ASSERT_EQ(found.kept().size(), 2u);
  EXPECT_EQ(found.kept()[0].code, "a");
  EXPECT_EQ(found.kept()[1].code, "not-well-formed");
}

}  // namespace
