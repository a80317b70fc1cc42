// The engine: operators, references, names and tables, chains and circles, arrays.
#include "calc_kit.hpp"

namespace xlsx::calc {
namespace {

using calc_kit::check;
using calc_kit::Workbook;

TEST(CalcOperators, HaveExcelsPrecedence) {
  Workbook book;
  check(book, {{"=1+2*3^2", "19"},
               {"=-2^2", "4"},
               {"=2^3^2", "64"},
               {"=50%*4", "2"},
               {"=1&2+3", "15"},
               {"=1=1=TRUE", "TRUE"},
               {"=-5%", "-0.05"},
               {"=\"a\"<\"B\"", "TRUE"},
               {"=1<\"a\"", "TRUE"},
               {"=TRUE>\"z\"", "TRUE"},
               {"=--\"3\"", "3"},
               {"=\"2\"*\"3\"", "6"},
               {"=\"x\"+1", "#VALUE!"},
               {"=1/0", "#DIV/0!"},
               {"=0^0", "#NUM!"},
               {"=1=\"1\"", "FALSE"},
               {"=\"a\"&TRUE", "aTRUE"},
               {"=#N/A+1", "#N/A"},
               {"=0.5-0.4-0.1", "0"}});
}

TEST(CalcOperators, ABlankIsWhatItIsComparedWith) {
  Workbook book;
  check(book, {{"=A1=0", "TRUE"}, {"=A1=\"\"", "TRUE"}, {"=A1=FALSE", "TRUE"}, {"=A1&\"x\"", "x"}, {"=A1", "0"}});
}

TEST(CalcReferences, MeanCellsColumnsNamesAndTables) {
  Workbook book{{"A1", 1.0}, {"A2", 2.0}, {"A3", 3.0}, {"B1", 10.0}, {"B2", 20.0}, {"B3", 30.0}};
  book.book.tables.push_back({"Sales", 0, {{1, 4}, {4, 5}}, {"Item", "Price"}, 1, 0});
  for (std::uint32_t row = 2; row <= 4; ++row) book.book.set({0, {row, 5}}, row * 1.0);
  book.book.names.push_back({"Rate", Names::none, "Data!$A$2", {}});
  book.book.finish_names();
  check(book, {{"=SUM(A:A)", "6"},
               {"=SUM(1:1)", "11"},
               {"=SUM(A1:A3 A2:B2)", "2"},
               {"=SUM((A1,B1))", "11"},
               {"=A1:A2 B1:B2", "#NULL!"},
               {"=Rate*2", "4"},
               {"=SUM(Sales[Price])", "9"},
               {"=SUM(Data!A1:A2)", "3"},
               {"=Nowhere!A1", "#REF!"},
               {"=Nobody", "#NAME?"},
               {"=SUM(OFFSET(A1,1,0,2,1))", "5"},
               {"=INDIRECT(\"B\"&2)", "20"}});
}

TEST(CalcEngine, ComputesALongChainWithoutRecursion) {
  Workbook book{{"A1", 1.0}};
  for (std::uint32_t row = 2; row <= 200'000; ++row)
    book.book.set_formula({0, {row, 1}}, "A" + std::to_string(row - 1) + "+1");
  EXPECT_EQ(book.run().formulas, 199'999U);
  EXPECT_EQ(book.at("A200000").number(), 200'000);
  EXPECT_EQ(book.book.formulas.size(), 1U);  // one formula, however far it was filled down
}

TEST(CalcEngine, OrderDoesNotMatter) {
  Workbook down, up;
  for (std::uint32_t row = 1; row <= 500; ++row) {
    const auto fill = [&](Workbook& book, std::uint32_t at, int step) {
      const std::string before = "A" + std::to_string(static_cast<int>(at) + step);
      book.book.set_formula({0, {at, 1}}, "IF(ISNUMBER(" + before + "),SUM(" + before + ",1),1)");
    };
    fill(down, row + 1, -1);
    fill(up, row, 1);
  }
  down.run();
  up.run();
  EXPECT_EQ(down.at("A501").number(), 500);
  EXPECT_EQ(up.at("A1").number(), 500);
}

TEST(CalcEngine, FindsCircles) {
  Workbook book{{"A1", "=B1+1"}, {"B1", "=C1"}, {"C1", "=A1"}, {"D1", "=5"}};
  const Computed computed = book.run();
  ASSERT_EQ(computed.circles.size(), 1U);
  EXPECT_EQ(computed.circles[0].size(), 3U);
  EXPECT_EQ(book.at("D1").number(), 5);
}

TEST(CalcEngine, NamesWhatItDoesNotComputeAndKeepsItsValue) {
  Workbook book{{"A1", 42.0}, {"B1", "=A1*2"}};
  book.book.set_formula({0, {1, 1}}, "CUBEVALUE(\"x\",\"y\")");
  const Computed computed = book.run();
  ASSERT_EQ(computed.unsupported.count("CUBEVALUE"), 1U);
  EXPECT_EQ(book.at("B1").number(), 84);
}

TEST(CalcEngine, FillsTheAreaOfAnArrayFormula) {
  Workbook book{{"A1", 1.0}, {"A2", 2.0}, {"C1", "=SUM(B1:B2)"}};
  book.book.set_array(0, {{1, 2}, {2, 2}}, "A1:A2*10");
  book.run();
  EXPECT_EQ(book.at("B2").number(), 20);
  EXPECT_EQ(book.at("C1").number(), 30);
}

TEST(CalcEngine, StopsWhenItIsToldTo) {
  Workbook book{{"A1", 1.0}};
  for (std::uint32_t row = 2; row <= 5000; ++row)
    book.book.set_formula({0, {row, 1}}, "A" + std::to_string(row - 1) + "+1");
  EXPECT_TRUE(Engine(book.book, book.moment).run([] { return true; }).stopped);
}

TEST(CalcEngine, TellsAFormulaAsItReadsInItsCell) {
  Workbook book;
  book.book.set_formula({0, {2, 2}}, "A2*$C$1");
  book.book.set_formula({0, {3, 2}}, "A3*$C$1");
  EXPECT_EQ(book.book.text_at({0, {3, 2}}), "A3*$C$1");
  EXPECT_EQ(book.book.text_at({0, {9, 9}}), "");
}

TEST(CalcText, ShowsNumbersByTheirFormats) {
  Workbook book;
  check(book, {{"=TEXT(1234.567,\"#,##0.00\")", "1,234.57"},
               {"=TEXT(0.256,\"0.0%\")", "25.6%"},
               {"=TEXT(-5,\"0;(0);-\")", "(5)"},
               {"=TEXT(45352,\"yyyy-mm-dd\")", "2024-03-01"},
               {"=TEXT(0.5,\"h:mm AM/PM\")", "12:00 PM"},
               {"=TEXT(1.5,\"[h]:mm\")", "36:00"},
               {"=TEXT(12345,\"0.00E+00\")", "1.23E+04"},
               {"=TEXT(1.25,\"# ?/?\")", "1 1/4"},
               {"=TEXT(\"x\",\"@!\")", "x!"}});
}

TEST(CalcFunctions, LambdasSeeWhatStandsAroundThem) {
  Workbook book;
  check(book, {{"=_xlfn.LET(_xlpm.x,5,_xlpm.x*2)", "10"}, {"=_xlfn.LAMBDA(_xlpm.a,_xlpm.a+1)(2)", "3"}});
}

}  // namespace
}  // namespace xlsx::calc
