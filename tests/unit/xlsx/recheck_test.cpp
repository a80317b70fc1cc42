// Whether what a workbook says is what its formulas give: errors and where they come from, stale values, circles.
#include "recheck.hpp"

#include <gtest/gtest.h>

#include "book_file.hpp"
#include "formula/reference.hpp"

namespace xlsx {

using berth::Json;

namespace {

Json rechecked(const std::string& cells, const std::string& names = "", Json input = Json::object()) {
  return tests::ask(&recheck, tests::parts_of({{"<sheetData>" + cells + "</sheetData>"}, names, "<si><t>007</t></si>"}),
                    std::move(input));
}

TEST(Recheck, FindsNothingWhereAllIsRight) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><v>2</v></c><c r=\"B1\"><f>A1*2</f><v>4</v></c><c r=\"C1\" "
      "t=\"str\"><f>\"a\"&amp;B1</f><v>a4</v></c><c r=\"D1\" t=\"b\"><f>B1=4</f><v>1</v></c></row>");
  EXPECT_EQ(answer["ok"], true) << answer.dump();
  EXPECT_EQ(answer["formulas"], 3);
  EXPECT_EQ(recheck_exit(answer), 0);
}

TEST(Recheck, TellsWhereAnErrorComesFrom) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><v>0</v></c><c r=\"B1\" t=\"e\"><f>1/A1</f><v>#DIV/0!</v></c><c r=\"C1\" "
      "t=\"e\"><f>B1+1</f><v>#DIV/0!</v></c><c r=\"D1\" t=\"e\"><f>SUM(C1:C2)</f><v>#DIV/0!</v></c></row>");
  EXPECT_EQ(answer["ok"], false);
  EXPECT_EQ(answer["error_count"], 3);
  EXPECT_EQ(answer["errors"][0].contains("cause"), false);
  EXPECT_EQ(answer["errors"][2]["cell"], "D1");
  EXPECT_EQ(answer["errors"][2]["formula"], "=SUM(C1:C2)");
  EXPECT_EQ(answer["errors"][2]["cause"].dump(), R"({"cell":"B1","formula":"=1/A1","sheet":"Sheet1"})");
  EXPECT_EQ(answer["stale_count"], 0);
  EXPECT_EQ(recheck_exit(answer), 1);
}

TEST(Recheck, FindsWhatIsStale) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><v>5</v></c><c r=\"B1\"><f>A1*2</f><v>9</v></c><c r=\"C1\"><f>NOW()</f><v>1</v></c><c "
      "r=\"D1\"><f>C1+1</f><v>2</v></c><c r=\"E1\"><f>A1+1</f></c><c r=\"F1\"><f>A1+1</f><v/></c></row>");
  ASSERT_EQ(answer["stale"].size(), 1U) << answer.dump();
  EXPECT_EQ(answer["stale"][0].dump(), R"({"cached":9,"cell":"B1","computed":10,"formula":"=A1*2","sheet":"Sheet1"})");
  EXPECT_EQ(answer["changing"], 2);
  EXPECT_EQ(answer["never_computed"], 2);
}

TEST(Recheck, FindsCirclesAndWhatIsText) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><f>B1</f><v>0</v></c><c r=\"B1\"><f>A1</f><v>0</v></c><c r=\"C1\" "
      "t=\"s\"><v>0</v></c><c "
      "r=\"D1\" t=\"inlineStr\"><is><t>=A1+1</t></is></c></row>");
  ASSERT_EQ(answer["circles"].size(), 1U);
  EXPECT_EQ(answer["circles"][0]["length"], 2);
  EXPECT_EQ(answer["numbers_as_text"]["count"], 1);
  EXPECT_EQ(answer["formulas_as_text"]["cells"][0]["cell"], "D1");
}

TEST(Recheck, NamesWhatIsNotComputed) {
  const Json answer =
      rechecked("<row r=\"1\"><c r=\"A1\"><f>[1]Other!A1*2</f><v>8</v></c><c r=\"B1\"><f>A1+Rate</f><v>9</v></c></row>",
                "<definedNames><definedName name=\"Rate\">1</definedName></definedNames>");
  EXPECT_EQ(answer["ok"], true) << answer.dump();
  EXPECT_EQ(answer["unsupported"][0]["what"], "another workbook");
  EXPECT_EQ(answer["unsupported"][0]["cells"][0]["cell"], "A1");
}

TEST(Recheck, TellsOfChosenSheetsAlone) {
  const tests::Book book{
      {"<sheetData><row r=\"1\"><c r=\"A1\"><f>1+1</f><v>3</v></c><c r=\"B1\" "
       "t=\"str\"><v>12</v></c></row></sheetData>",
       "<sheetData><row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c></row></sheetData>"}};
  const auto of = [&](const char* sheet) {
    return tests::ask(&recheck, tests::parts_of(book), {{"sheets", Json::array({sheet})}});
  };
  EXPECT_EQ(of("sheet1")["stale_count"], 1);
  EXPECT_EQ(of("sheet1")["numbers_as_text"]["count"], 1);
  EXPECT_EQ(of("Sheet2")["ok"], true);
  EXPECT_EQ(of("Sheet2")["numbers_as_text"]["count"], 0);
  EXPECT_THROW(of("Sheet3"), berth::Error);
}

TEST(Recheck, LeavesCirclesThatAreMeantToBe) {
  const std::string cells = "<row r=\"1\"><c r=\"A1\"><f>B1/2+1</f><v>2</v></c><c r=\"B1\"><f>A1</f><v>2</v></c></row>";
  EXPECT_EQ(rechecked(cells)["ok"], false);
  const Json answer = rechecked(cells, "<calcPr iterate=\"1\"/>");
  EXPECT_EQ(answer["ok"], true) << answer.dump();
  EXPECT_EQ(answer["unsupported"][0]["what"], "a circle that is iterated");
  EXPECT_EQ(answer["unsupported"][0]["count"], 1);
}

TEST(Recheck, LooksAtEachCellOfAnArrayFormula) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><f t=\"array\" ref=\"B1:B2\">A1:A2*10</f><v>10</v></c></row>"
      "<row r=\"2\"><c r=\"A2\"><v>2</v></c><c r=\"B2\"><v>21</v></c></row>");
  ASSERT_EQ(answer["stale"].size(), 1U) << answer.dump();
  EXPECT_EQ(answer["stale"][0].dump(),
            R"({"cached":21,"cell":"B2","computed":20,"formula":"=A1:A2*10","sheet":"Sheet1"})");
}

TEST(Recheck, WhatANameMakesOfTheClockChanges) {
  const Json answer = rechecked("<row r=\"1\"><c r=\"A1\"><f>Now_+1</f><v>2</v></c></row>",
                                "<definedNames><definedName name=\"Now_\">NOW()</definedName></definedNames>");
  EXPECT_EQ(answer["changing"], 1) << answer.dump();
}

TEST(Recheck, FollowsALongChainOfErrorsOnce) {
  constexpr int length = 20'000;
  std::string rows = "<row r=\"1\"><c r=\"A1\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>";
  for (int i = 2; i <= length; ++i)
    rows += "<row r=\"" + std::to_string(i) + "\"><c r=\"A" + std::to_string(i) + "\" t=\"e\"><f>A" +
            std::to_string(i - 1) + "+1</f><v>#DIV/0!</v></c></row>";
  const Json answer = rechecked(rows, "", {{"limit", 10'000}});
  EXPECT_EQ(answer["error_count"], length);
  EXPECT_EQ(answer["errors"][9'999]["cause"]["cell"], "A1");
}

TEST(Recheck, CellsThatLieFarApartDoNotFillTheMemory) {
  std::string rows;
  for (int i = 1; i <= 500'000; ++i)
    rows += "<row r=\"" + std::to_string(i * 2) + "\"><c r=\"A" + std::to_string(i * 2) + "\"><v>1</v></c></row>";
  EXPECT_EQ(rechecked(rows)["cells"], 500'000);
  rows = "<row r=\"1048576\">";
  for (std::uint32_t column = 1; column <= formula::most_columns; ++column)
    rows += "<c r=\"" + formula::column_name(column) + "1048576\"><v>1</v></c>";
  EXPECT_THROW(rechecked(rows + "</row>"), berth::Error);
}

TEST(Recheck, WhatNobodyComputedIsNoError) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\"><f>CUBEVALUE(\"a\",\"b\")</f></c><c r=\"B1\"><f>A1+1</f></c><c "
      "r=\"C1\"><f>1/0</f></c></row>");
  EXPECT_EQ(answer["not_computed"], 2) << answer.dump();
  EXPECT_EQ(answer["error_count"], 1);
  EXPECT_EQ(answer["ok"], false);
}

TEST(Recheck, ReadsValuesAsReadDoes) {
  const Json answer = rechecked(
      "<row r=\"1\"><c r=\"A1\" t=\"d\"><v>2024-03-01</v></c><c r=\"B1\"><f>A1+1</f><v>45353</v></c><c "
      "r=\"C1\"><v>1,5</v></c><c r=\"D1\" t=\"b\"><f>ISTEXT(C1)</f><v>1</v></c></row>");
  EXPECT_EQ(answer["ok"], true) << answer.dump();
}

TEST(Recheck, HasAClockOfItsOwnIfToldSo) {
  const Json answer =
      rechecked("<row r=\"1\"><c r=\"A1\"><f>YEAR(TODAY())</f><v>2020</v></c></row>", "", {{"now", "2020-05-06"}});
  EXPECT_EQ(answer["ok"], true) << answer.dump();
  EXPECT_THROW(rechecked("", "", {{"now", "yesterday"}}), berth::Error);
}

}  // namespace
}  // namespace xlsx
