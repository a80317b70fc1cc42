// What is said of functions: the newer ones wherever they are called, and none that is only spelled like one.
#include "formula/check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace xlsx::formula {

namespace {

struct Heard : Watcher {
  void called(const Function& function) override { calls.emplace_back(function.name); }
  void trouble(const Trouble& one) override {
    static const char* const names[] = {"newer",  "prefix",   "unknown",  "foreign", "macro",
                                        "broken", "too_long", "too_deep", "too_wide"};
    troubles.push_back(names[static_cast<int>(one.what)] + std::string(":") + std::string(one.name) +
                       (one.expected.empty() ? "" : ">" + one.expected));
  }
  bool named(std::string_view name) const override { return names.contains(std::string(name)); }
  std::vector<std::string> calls, troubles;
  std::set<std::string> names;
};

std::string told(std::string_view formula, std::uint16_t office = 2019, std::set<std::string> names = {}) {
  Heard heard;
  heard.names = std::move(names);
  Check(office, heard).run(formula);
  std::string all;
  for (const auto& one : heard.troubles) all += (all.empty() ? "" : " ") + one;
  return all;
}

TEST(Check, FindsWhatIsNewer) {
  EXPECT_EQ(told("_xlfn._xlws.FILTER(A1:A9,B1:B9>1)"), "newer:_xlfn._xlws.FILTER");
  EXPECT_EQ(told("SUM(filter(A1:A9,B1:B9>1))"), "newer:filter");
  EXPECT_EQ(told("_xlfn._xlws.FILTER(A1:A9,B1:B9>1)", 2021), "");
  EXPECT_EQ(told("_xlfn.XLOOKUP(1,A:A,B:B)+_xlfn.TEXTSPLIT(A1,\",\")", 2021), "newer:_xlfn.TEXTSPLIT");
  EXPECT_EQ(told("_xlfn.STDEV.S(A1:A9)+IFERROR(1,2)", 2007), "newer:_xlfn.STDEV.S");
  EXPECT_EQ(told("_xlfn.CONCAT(A1:A9)"), "");
}

TEST(Check, HitsNothingFalsely) {
  for (const char* formula :
       {"\"FILTER(A1)\"", "'FILTER(1)'!A1", "FILTER+1", "Table1[FILTER(x)]", "UNIQUE!A1", "[1]!FILTER(A1)", "SORT:SORT",
        "\"_xlfn.LET(\"\"UNIQUE(\"", "[1]Sheet1!LET(A1)", "SEQUENCE", "_xlpm.FILTER(1)"})
    EXPECT_EQ(told(formula), "") << formula;
  EXPECT_EQ(told("FILTER(A1)", 2019, {"FILTER"}), "");
}

TEST(Check, FindsWhatLacksItsPrefix) {
  EXPECT_EQ(told("XLOOKUP(1,A:A,B:B)", 2021), "prefix:XLOOKUP>_xlfn.XLOOKUP");
  EXPECT_EQ(told("_xlfn.FILTER(A1:A2,B1:B2)", 2021), "prefix:_xlfn.FILTER>_xlfn._xlws.FILTER");
  EXPECT_EQ(told("STDEV.S(A1:A2)"), "prefix:STDEV.S>_xlfn.STDEV.S");
  EXPECT_EQ(told("_xlfn.SUM(A1:A2)"), "prefix:_xlfn.SUM>SUM");
  EXPECT_EQ(told("_xlfn.LET(x,1,x)", 2021), "prefix:x>_xlpm.x");
  EXPECT_EQ(told("_xlfn.LET(f,_xlfn.LAMBDA(x,x),f(1))"), "newer:_xlfn.LET newer:_xlfn.LAMBDA");
  EXPECT_EQ(told("_xlfn.LET(_xlpm.x,1,_xlpm.x)", 2021), "");
  EXPECT_EQ(told("Table1[@Price]", 2021), "prefix:[@Price]>[[#This Row],[column]]");
  EXPECT_EQ(told("SUM(A1#)", 2021), "prefix:#>_xlfn.ANCHORARRAY(cell)");
}

TEST(Check, FindsWhatNobodyKnows) {
  EXPECT_EQ(told("FOO(1)"), "unknown:FOO");
  EXPECT_EQ(told("FOO(1)", 2019, {"FOO"}), "");
  EXPECT_EQ(told("_xlfn.FOO(1)"), "unknown:_xlfn.FOO");
  EXPECT_EQ(told("IFERROR(__xludf.DUMMYFUNCTION(\"x\"),1)"), "foreign:__xludf.DUMMYFUNCTION");
  EXPECT_EQ(told("_xlfn.ORG.LIBREOFFICE.COLOR(1)"), "foreign:_xlfn.ORG.LIBREOFFICE.COLOR");
  EXPECT_EQ(told("GET.CELL(6,A1)"), "macro:GET.CELL");
}

TEST(Check, FindsWhatExcelCannotRead) {
  EXPECT_EQ(told("SUM(A1"), "broken:");
  EXPECT_EQ(told("SUM(A1))"), "broken:)");
  EXPECT_EQ(told("{1,2)"), "broken:)");
  EXPECT_EQ(told(""), "broken:");
  EXPECT_EQ(told("\"abc"), "broken:\"abc");
  EXPECT_EQ(told(std::string(8193, '1')), "too_long:");
  EXPECT_EQ(told(std::string(8192, '1')), "");
  std::string deep, wide = "SUM(1";
  for (int i = 0; i < 65; ++i) deep += "ABS(";
  for (int i = 0; i < 255; ++i) wide += ",1";
  EXPECT_EQ(told(deep), "too_deep:(");
  EXPECT_EQ(told(wide + ")"), "too_wide:,");
}

TEST(Check, CountsCalls) {
  Heard heard;
  Check check(2019, heard);
  check.run("SUM(ABS(A1),sum(2))");
  check.run("_xlfn.CONCAT(1)");
  EXPECT_EQ(heard.calls, (std::vector<std::string>{"SUM", "ABS", "SUM", "CONCAT"}));
}

TEST(Check, FindsWhatDoesNotFollow) {
  for (const char* formula : {"1+",
                              "*1",
                              "1*/2",
                              "SUM(1;2)",
                              "(1;2)",
                              "1 2",
                              "\"a\" A1",
                              "A1 \"a\"",
                              "TRUE A1",
                              "(1)2",
                              "()",
                              "SUM(1+,2)",
                              "SUM(1+)",
                              "{1,}",
                              "{}",
                              "{1,,2}",
                              "A1,",
                              "A1:",
                              "%",
                              "1%2",
                              "Sheet1!",
                              "Sheet1!+1",
                              "A1=>B1",
                              "{=1}",
                              "{A1 B1}1",
                              "SUM(A1)SUM(B1)",
                              "Sheet with space!A1",
                              "My sheet!A1",
                              "SUM(1,My sheet!A1)",
                              "#"})
    EXPECT_EQ(told(formula).substr(0, 7), "broken:") << formula;
}

TEST(Check, LeavesRareFormsAlone) {
  for (const char* formula : {"A1 B2",
                              "A:A 2:2",
                              "(A1:B2,C3) A1",
                              "SUM((A1,B2),C3)",
                              "Sheet1!$A:$A,Sheet1!$1:$2",
                              "IF(A1,,2)",
                              "SUM(,1)",
                              "NOW()",
                              "RTD(\"a\",,\"b\")",
                              "--A1",
                              "+1",
                              "1*-2",
                              "A1%%",
                              "-A1%",
                              "{1,-2;+3,4}",
                              "=1+1",
                              "A1:INDEX(B:B,3)",
                              "#REF!A1",
                              "SUM(#REF!$A$1:$B$2)",
                              "[1]#REF!A1",
                              "Sheet1!#REF!",
                              "Table1[[#This Row],[x]]*2",
                              "Table1[a] Table1[b]",
                              "Sheet1!A1:Sheet1!B2",
                              "1 + 2",
                              "SUM( A1 , B2 )",
                              "My Names",
                              "[1]Sheet1!A1 Sheet1!B2",
                              "!A1",
                              "A1.B",
                              "\"a\"&\"b\"",
                              "IF(A1=\"\",\"\",A1\n+1)",
                              "A1 'My sheet'!B2",
                              "{\"a\",\"b\"}",
                              "SUM({1,2}*{1;2})"})
    EXPECT_EQ(told(formula), "") << formula;
  EXPECT_EQ(told("My Sheet1!A1", 2019, {"My"}), "");
  EXPECT_EQ(told("_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)(3)", subscription), "");
  EXPECT_EQ(told("_xlfn.LAMBDA(1)()", subscription), "");
}

}  // namespace

}  // namespace xlsx::formula
