// The table of functions: complete, each in one version, and found in any case and with any prefix.
#include "formula/functions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace xlsx::formula {

TEST(Functions, KnowsWhoWasFirst) {
  const auto since = [](std::string_view name) { return function(name) ? function(name)->since : 0; };
  EXPECT_EQ(since("SUM"), 2003);
  EXPECT_EQ(since("vlookup"), 2003);
  EXPECT_EQ(since("IFERROR"), 2007);
  EXPECT_EQ(since("STDEV.S"), 2010);
  EXPECT_EQ(since("DAYS"), 2013);
  EXPECT_EQ(since("FORECAST.LINEAR"), 2016);
  for (const auto* name : {"CONCAT", "IFS", "MAXIFS", "MINIFS", "SWITCH", "TEXTJOIN"}) EXPECT_EQ(since(name), 2019);
  for (const auto* name : {"FILTER", "UNIQUE", "XLOOKUP", "XMATCH", "LET", "SORT", "SORTBY", "SEQUENCE", "RANDARRAY"})
    EXPECT_EQ(since(name), 2021) << name;
  for (const auto* name : {"LAMBDA", "TEXTSPLIT", "VSTACK", "HSTACK", "TAKE", "MAP", "GROUPBY"})
    EXPECT_EQ(since(name), subscription) << name;
  EXPECT_EQ(function("NO.SUCH"), nullptr);
  EXPECT_EQ(function(""), nullptr);
}

TEST(Functions, AreManyAndEachOnce) {
  std::set<std::string_view> names;
  std::size_t worksheet = 0;
  for (const auto& one : functions()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(function(one.name), &one);
    worksheet += !one.macro;
  }
  EXPECT_GE(worksheet, 540U);
}

TEST(Functions, SayWhatElseToUse) {
  for (const auto& one : functions())
    EXPECT_TRUE(one.since <= 2016 || one.name.starts_with("PYTHON_") || !one.instead.empty()) << one.name;
  EXPECT_EQ(function("STDEV.S")->instead, "STDEV");
}

TEST(Functions, HaveThePrefixThatFilesWrite) {
  EXPECT_EQ(function("FILTER")->prefix, "_xlfn._xlws.");
  EXPECT_EQ(function("XLOOKUP")->prefix, "_xlfn.");
  EXPECT_EQ(function("NETWORKDAYS.INTL")->prefix, "");
  EXPECT_EQ(function("IFERROR")->prefix, "");
}

TEST(Functions, ArePulledOutOfTheirPrefixes) {
  EXPECT_EQ(without_prefix("_xlfn._xlws.SORT").name, "SORT");
  EXPECT_EQ(without_prefix("_XLFN.CONCAT").name, "CONCAT");
  EXPECT_EQ(without_prefix("_xlfn.").name, "");
  EXPECT_EQ(without_prefix("_xlfnX").prefix, "");
  EXPECT_EQ(without_prefix("SUM").name, "SUM");
}

}  // namespace xlsx::formula
