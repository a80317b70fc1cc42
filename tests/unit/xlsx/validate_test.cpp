// Functions that the chosen Excel does not know, wherever a workbook has formulas.
#include "validate.hpp"

#include <gtest/gtest.h>

#include "book_file.hpp"

namespace xlsx {

using berth::Json;

namespace {

Json judge(const tests::Book& book, Json input = Json::object()) {
  return tests::ask(&validate, parts_of(book), std::move(input));
}

std::string cell(const std::string& formula) {
  return "<sheetData><row r=\"1\"><c r=\"A1\"><f>" + formula + "</f><v>1</v></c></row></sheetData>";
}

// "code name": of all rules that were broken.
std::string told(const Json& answer) {
  std::string all;
  for (const auto& one : answer["rule_errors"])
    all += (all.empty() ? "" : ", ") + one["id"].get<std::string>() + " " + one.value("name", "");
  return all;
}

}  // namespace

TEST(Validate, TellsNewerFunctionsWithTheirCell) {
  const Json answer = judge({{cell("_xlfn._xlws.FILTER(B1:B9,C1:C9=1)&amp;\"UNIQUE(1)\"")}});
  EXPECT_EQ(told(answer), "newer-function FILTER");
  EXPECT_EQ(answer["valid"], false);
  EXPECT_EQ(answer["rule_errors"][0]["message"].get<std::string>().substr(0, 9), "Sheet1!A1");
  EXPECT_NE(answer["rule_errors"][0]["remedy"].get<std::string>().find("INDEX"), std::string::npos);
  EXPECT_EQ(answer["stats"]["needs_excel"], "2021");
  EXPECT_EQ(exit_of(answer), 1);
  EXPECT_EQ(told(judge({{cell("_xlfn._xlws.FILTER(B1:B9,C1:C9=1)")}}, {{"office", "2021"}})), "");
  EXPECT_EQ(told(judge({{cell("_xlfn.CONCAT(B1)")}}, {{"office", "2016"}})), "newer-function CONCAT");
}

TEST(Validate, LooksWhereverThereAreFormulas) {
  tests::Book book{{cell("1") +
                    "<conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\" "
                    "priority=\"1\"><formula>_xlfn.XLOOKUP(1,A1:A2,B1:B2)</formula></cfRule></"
                    "conditionalFormatting><dataValidations "
                    "count=\"1\"><dataValidation type=\"list\" "
                    "sqref=\"C1\"><formula1>_xlfn.UNIQUE(A1:A9)</formula1></dataValidation></dataValidations>"}};
  book.workbook = "<definedNames><definedName name=\"N\">_xlfn.SEQUENCE(3)</definedName></definedNames>";
  book.relations = {"table ../tables/table1.xml"};
  book.more = {
      {"table+xml xl/tables/table1.xml",
       "<table xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" id=\"1\" name=\"T\" "
       "displayName=\"T\" "
       "ref=\"A1:B3\"><tableColumns count=\"1\"><tableColumn id=\"1\" "
       "name=\"x\"><calculatedColumnFormula>FOO(1)</calculatedColumnFormula></tableColumn></tableColumns></table>"}};
  const std::string all = told(judge(book));
  for (const auto* one :
       {"newer-function XLOOKUP", "newer-function UNIQUE", "newer-function SEQUENCE", "unknown-function FOO"})
    EXPECT_NE(all.find(one), std::string::npos) << one << " is not in " << all;
}

TEST(Validate, KnowsNames) {
  tests::Book book{{cell("FOO(1)+filter(2)")}};
  book.workbook =
      "<definedNames><definedName name=\"Foo\">1</definedName><definedName "
      "name=\"FILTER\">2</definedName></definedNames>";
  EXPECT_EQ(told(judge(book)), "");
}

TEST(Validate, SaysWhatExcelRepairs) {
  const Json answer = judge({{cell("SUM(B1")}});
  ASSERT_FALSE(answer["schema_errors"].empty());
  EXPECT_EQ(answer["schema_errors"][0]["id"], "broken-formula");
  EXPECT_EQ(answer["schema_errors"][0]["severity"], "repaired");
}

TEST(Validate, IsNotFloodedByOneFunction) {
  std::string rows;
  for (int i = 1; i <= 3000; ++i)
    rows +=
        "<row r=\"" + std::to_string(i) + "\"><c r=\"A" + std::to_string(i) + "\"><f>_xlfn.UNIQUE(B1)</f></c></row>";
  const Json answer = judge({{"<sheetData>" + rows + "</sheetData>"}});
  EXPECT_EQ(answer["rule_errors"].size(), 100U);
  ASSERT_EQ(answer["warnings"].size(), 1U);
  EXPECT_EQ(answer["warnings"][0]["message"], "the same of UNIQUE in 2900 more formulas, the last in Sheet1!A3000");
}

TEST(Validate, SaysWhatIsNoWorkbook) {
  tests::Memory files("this is no zip file");
  const Json input{{"path", "a.xlsx"}};
  const Json answer = validate({input, files, {}, {}});
  EXPECT_EQ(answer["valid"], false);
  EXPECT_EQ(exit_of(answer), 4);
}

// Whatever many functions nobody knows: each list has its bound, what is counted has none, and memory has one.
TEST(Validate, IsNotFloodedByManyFunctions) {
  constexpr int many = 25'000;
  std::string rows;
  for (int i = 1; i <= many; ++i) {
    const std::string number = std::to_string(i);
    rows += "<row r=\"" + number + "\"><c r=\"A" + number + "\"><f>F.OO" + number + "(1)</f></c></row>";
  }
  const Json answer = judge({{"<sheetData>" + rows + "</sheetData>"}});
  EXPECT_EQ(answer["rule_errors"].size(), 1000U);
  EXPECT_EQ(answer["stats"]["counts"]["rule_errors"], 10'100);
  ASSERT_EQ(answer["warnings"].size(), 1U);
  EXPECT_EQ(answer["warnings"][0]["message"], "the same in 14900 more formulas, the last in Sheet1!A25000");
}

// What nobody needs to act on comes first, and a lot of it.
TEST(Validate, TellsAnErrorBehindManyHints) {
  std::string rows;
  for (int i = 1; i <= 60; ++i)
    rows += "<row r=\"" + std::to_string(i) + "\"><c r=\"A" + std::to_string(i) + "\"><f>__xludf.X" +
            std::to_string(i) + "(1)</f></c></row>";
  rows += "<row r=\"99\"><c r=\"A99\"><f>_xlfn.UNIQUE(B1)</f></c></row>";
  const Json answer = judge({{"<sheetData>" + rows + "</sheetData>"}}, {{"max_errors", 10}});
  EXPECT_EQ(answer["warnings"].size(), 10U);
  EXPECT_EQ(told(answer), "newer-function UNIQUE");
  EXPECT_EQ(exit_of(answer), 1);
}

TEST(Validate, RefusesANumberBeyondItsRange) {
  for (const int number : {0, 10'001})
    EXPECT_THROW(judge({{cell("1")}}, {{"max_errors", number}}), berth::Error) << number;
}

}  // namespace xlsx
