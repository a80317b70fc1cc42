// Whether what a workbook says is what its formulas give: errors and where they come from, stale values, circles.
#include "recheck.hpp"

#include <gtest/gtest.h>

#include "book_file.hpp"

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

TEST(Recheck, HasAClockOfItsOwnIfToldSo) {
  const Json answer =
      rechecked("<row r=\"1\"><c r=\"A1\"><f>YEAR(TODAY())</f><v>2020</v></c></row>", "", {{"now", "2020-05-06"}});
  EXPECT_EQ(answer["ok"], true) << answer.dump();
  EXPECT_THROW(rechecked("", "", {{"now", "yesterday"}}), berth::Error);
}

}  // namespace
}  // namespace xlsx
