// Cells of a range: every kind of value, formulas, pages, and what is not well placed.
#include "read.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "book_file.hpp"
#include "cells.hpp"

namespace xlsx {

using berth::Json;
using tests::ask;

namespace {

const tests::Book& kinds() {
  static const tests::Book book{
      {"<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>in</t><rPh sb=\"0\" "
       "eb=\"1\"><t>no</t></rPh></is></c><c r=\"D1\" t=\"b\"><v>1</v></c></row>"
       "<row r=\"3\"><c r=\"A3\" s=\"1\"><v>45352</v></c><c r=\"B3\"><f>A3*2</f><v>90704</v></c><c r=\"C3\" "
       "t=\"e\"><v>#N/A</v></c>"
       "<c r=\"D3\" t=\"str\"><f t=\"shared\" ref=\"D3:D4\" si=\"0\">A3&amp;$B$1</f><v>x_x000A_y</v></c><c r=\"E3\" "
       "s=\"1\"/></row>"
       "<row><c><v>1.50</v></c><c><v>-0</v></c><c/><c><f t=\"shared\" si=\"0\"/><v>7</v></c></row></sheetData>",
       "<sheetData><row r=\"2\"><c r=\"B2\"><v>5</v></c></row></sheetData>"},
      "<definedNames><definedName name=\"Rate\">Sheet2!$B$2</definedName><definedName "
      "name=\"Text\">\"x\"</definedName></definedNames>",
      "<si><r><t>sh</t></r><r><t xml:space=\"preserve\">ared </t></r></si>"};
  return book;
}

Json read_kinds(const Json& input) { return ask(&read, parts_of(kinds()), input); }

std::string refusal(const Json& input) {
  try {
    read_kinds(input);
  } catch (const berth::Error& error) {
    return error.code();
  }
  return "none";
}

}  // namespace

TEST(Read, GivesEveryKindOfValue) {
  const Json answer = read_kinds(Json::object());
  EXPECT_EQ(answer["rows"].dump(),
            R"([["shared ","in",null,true],[],["2024-03-01",90704,"#N/A","x\ny"],[1.5,0,null,7]])");
  EXPECT_EQ(answer["sheet"], "Sheet1");
  EXPECT_EQ(answer["truncated"], false);
}

TEST(Read, GivesFormulas) {
  EXPECT_EQ(read_kinds({{"what", "formulas"}, {"range", "B3:D4"}})["rows"].dump(),
            R"([["=A3*2","#N/A","=A3&$B$1"],[0,null,"=A4&$B$1"]])");
  EXPECT_EQ(read_kinds({{"what", "both"}, {"range", "B3"}})["rows"].dump(), R"([[{"formula":"=A3*2","value":90704}]])");
  const Json cells = read_kinds({{"form", "cells"}, {"range", "A3:B3"}})["cells"];
  EXPECT_EQ(cells[0].dump(), R"({"cell":"A3","type":"date","value":"2024-03-01"})");
  EXPECT_EQ(cells[1]["formula"], "=A3*2");
  EXPECT_EQ(read_kinds({{"dates", "numbers"}, {"range", "A3"}})["rows"].dump(), "[[45352]]");
}

TEST(Read, FindsRangesByAllTheirNames) {
  for (const auto* range : {"Sheet2!B2", "'Sheet2'!$B$2:$B$2", "rate"})
    EXPECT_EQ(read_kinds({{"range", range}})["rows"].dump(), "[[5]]") << range;
  EXPECT_EQ(read_kinds({{"sheet", "sheet2"}, {"range", "B:B"}})["rows"].dump(), "[[],[5]]");
  EXPECT_EQ(read_kinds({{"sheet", "2"}, {"range", "2:2"}})["rows"].dump(), "[[null,5]]");
  EXPECT_EQ(refusal({{"sheet", "Nope"}}), "no_such_sheet");
  EXPECT_EQ(refusal({{"range", "Nope!A1"}}), "no_such_sheet");
  EXPECT_EQ(refusal({{"range", "Nope"}}), "bad_range");
  EXPECT_EQ(refusal({{"range", "A1:"}}), "bad_range");
  EXPECT_EQ(refusal({{"range", "Text"}}), "not_cells");
}

TEST(Read, GoesOnWhereItLeftOff) {
  Json answer = read_kinds({{"limit", 1}});
  EXPECT_EQ(answer["rows"].dump(), R"([["shared ","in",null,true]])");
  EXPECT_EQ(answer["truncated"], true);
  EXPECT_EQ(answer["next_row"], 3);  // the next that has anything
  answer = read_kinds({{"limit", 1}, {"from_row", 3}});
  EXPECT_EQ(answer["rows"].size(), 1U);
  EXPECT_EQ(answer["next_row"], 4);
  answer = read_kinds({{"from_row", 4}});
  EXPECT_EQ(answer["rows"].dump(), "[[1.5,0,null,7]]");
  EXPECT_EQ(answer["truncated"], false);
}

TEST(Read, GivesCsv) {
  EXPECT_EQ(read_kinds({{"form", "csv"}})["csv"],
            "\"shared \",in,,TRUE\n,,,\n2024-03-01,90704,#N/A,\"x\ny\"\n1.5,0,,7\n");
  EXPECT_EQ(read_kinds({{"form", "csv"}, {"delimiter", ";"}, {"range", "A1:B1"}, {"quote", "all"}})["csv"],
            "\"shared \";\"in\"\n");
}

// A sheet that is all holes takes no time and no memory.
TEST(Read, DoesNotFillHoles) {
  const tests::Book book{
      {"<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c "
       "r=\"XFD1048576\"><v>2</v></c></row></sheetData>"}};
  const Json answer = ask(&read, parts_of(book), {{"limit", 10'000}});
  EXPECT_EQ(answer["rows"].size(), 1U);
  EXPECT_EQ(answer["next_row"], 1'048'576);
}

TEST(Read, FillsNoMemoryWithBlankFields) {
  std::string rows = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>";
  for (int i = 2; i <= 1000; ++i) rows += "<row r=\"" + std::to_string(i) + "\"><c><v>1</v></c></row>";
  rows += "<row r=\"9000\"><c><v>1</v></c></row>";
  const Json input{{"form", "csv"}, {"limit", 10'000}};
  Json answer = ask(&read, tests::parts_of({{"<sheetData>" + rows + "</sheetData>"}}), input);
  EXPECT_LT(answer["csv"].get<std::string>().size(), 5u << 20);
  EXPECT_LT(answer["next_row"], 1000);
  answer = ask(&read, tests::parts_of({{"<sheetData>" + rows + "</sheetData>"}}),
               {{"form", "csv"}, {"limit", 10'000}, {"from_row", 1000}});
  EXPECT_EQ(answer["next_row"], 9000);
}

TEST(Read, CountsBlankCellsThatItTells) {
  std::string rows;
  for (int i = 1; i <= 100; ++i)
    rows += "<row r=\"" + std::to_string(i) + "\"><c r=\"XFD" + std::to_string(i) + "\"><v>1</v></c></row>";
  const Json answer = ask(&read, tests::parts_of({{"<sheetData>" + rows + "</sheetData>"}}), {{"limit", 10'000}});
  EXPECT_LT(answer["rows"].size(), 10U);
  EXPECT_EQ(answer["truncated"], true);
}

TEST(Read, IsNotLedAstrayByBrokenCells) {
  const tests::Book book{{"<sheetData><row r=\"x\"><c r=\"?\" s=\"9999999\" t=\"s\"><v>999</v></c><c r=\"A0\" "
                          "t=\"zz\"><v>1e999</v></c></row>"
                          "<row r=\"1\"><c r=\"C1\"><v>late</v></c></row></sheetData>"},
                         "",
                         "<si/>"};
  EXPECT_EQ(ask(&read, parts_of(book))["rows"].dump(), R"([["","1e999"]])");
}

namespace {

Json rows_of(const std::string& cells, const Json& input = Json::object()) {
  return ask(&read, tests::parts_of({{"<sheetData><row r=\"1\">" + cells + "</row></sheetData>"}}), input);
}

}  // namespace

TEST(Read, MakesNoNumberOfWhatIsNone) {
  EXPECT_EQ(rows_of("<c><v>12 apples</v></c><c><v>0x10</v></c><c><v>1,5</v></c><c><v>+-1</v></c>")["rows"].dump(),
            R"([["12 apples","0x10","1,5","+-1"]])");
  EXPECT_EQ(rows_of("<c><v> +12\n</v></c><c><v>1e2</v></c><c><v> </v></c>")["rows"].dump(), R"([[12,100," "]])");
}

TEST(Read, GivesDatesThatAreTextsAsNumbersToo) {
  const std::string cells =
      "<c t=\"d\"><v>2024-03-01T12:00:00Z</v></c><c t=\"d\"><v>1900-02-28</v></c><c t=\"d\"><v>06:00</v></c><c "
      "t=\"d\"><v>soon</v></c>";
  EXPECT_EQ(rows_of(cells, {{"dates", "numbers"}})["rows"].dump(), R"([[45352.5,59,0.25,"soon"]])");
  EXPECT_EQ(rows_of(cells)["rows"][0][0], "2024-03-01T12:00:00Z");
}

TEST(Read, GivesCsvForOldExcels) {
  const Json input{{"form", "csv"}, {"windows", true}, {"limit", 1}};
  EXPECT_EQ(read_kinds(input)["csv"], "\xEF\xBB\xBF\"shared \",in,,TRUE\r\n");
  Json more = input;
  more["from_row"] = 4;
  EXPECT_EQ(read_kinds(more)["csv"], "1.5,0,,7\r\n");
}

TEST(Read, GivesTheFirstOfTwoCellsInOnePlace) {
  const std::string cells = "<c r=\"B1\"><v>1</v></c><c r=\"B1\"><v>2</v></c><c r=\"C1\"><v>3</v></c>";
  EXPECT_EQ(rows_of(cells)["rows"].dump(), "[[null,1,3]]");
  EXPECT_EQ(rows_of(cells, {{"form", "csv"}})["csv"], ",1,3\n");
}

TEST(Read, RefusesWhatItDoesNotKnow) {
  for (const Json& input : {Json{{"form", "xml"}}, Json{{"what", "all"}}, Json{{"dates", "us"}}, Json{{"quote", "no"}},
                            Json{{"limit", 0}}, Json{{"limit", 10'001}}, Json{{"from_row", 0}}, Json{{"range", "A1:"}},
                            Json{{"range", "Text"}}, Json{{"delimiter", "ab"}}}) {
    try {
      read_kinds(input);
      ADD_FAILURE() << input.dump();
    } catch (const berth::Error& error) {
      EXPECT_EQ(error.status(), 400) << input.dump();
    }
  }
}

namespace {

// A sheet's text, all at once.
class Text : public ooxml::Source {
 public:
  explicit Text(std::string text) : m_text(std::move(text)) {}
  std::string_view next() override { return std::exchange(m_told, true) ? std::string_view() : m_text; }

 private:
  const std::string m_text;
  bool m_told = false;
};

class Formulas : public CellReader {
 public:
  explicit Formulas(bool moves) : m_moves(moves) {}
  std::uint64_t bytes = 0;

 private:
  void cell(const CellText& cell) override { bytes += cell.formula.size(); }
  bool moves_formula(formula::Cell) override { return m_moves; }
  const bool m_moves;
};

}  // namespace

// A few bytes a cell would become gigabytes.
TEST(Read, MovesSharedFormulasUpToABound) {
  std::string sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row>";
  sheet += "<c><f t=\"shared\" si=\"0\">\"" + std::string(32'000, 'a') + "\"</f></c>";
  for (int i = 0; i < 9000; ++i) sheet += "<c><f t=\"shared\" si=\"0\"/></c>";
  sheet += "</row></sheetData></worksheet>";
  Text text(sheet), again(sheet);
  Formulas moved(true), kept(false);
  EXPECT_THROW(ooxml::read_xml(text, moved), berth::Error);
  EXPECT_LT(moved.bytes, 300u << 20);
  ooxml::read_xml(again, kept);
  EXPECT_EQ(kept.bytes, 32'002U);
}

}  // namespace xlsx
