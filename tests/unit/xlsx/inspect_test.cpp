// What inspect tells of a workbook, and that it does not go by what the file says of itself.
#include "inspect.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "book_file.hpp"

namespace xlsx {

using berth::Json;

TEST(Inspect, TellsWhatIsThere) {
  tests::Book book;
  book.sheets = {
      "<dimension ref=\"A1\"/><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" "
      "state=\"frozen\"/></sheetView></sheetViews>"
      "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c "
      "r=\"B1\" "
      "t=\"s\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>x</v></c><c r=\"B2\" "
      "s=\"1\"><v>45000</v></c></row><row r=\"3\" "
      "hidden=\"1\"><c r=\"A3\" t=\"str\"><v>y</v></c><c r=\"B3\" "
      "s=\"1\"><f>SUM(B2,_xlfn.CONCAT(1))+TODAY()</f><v>45001</v></c></row>"
      "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"D1:E2\"/></mergeCells>"
      "<conditionalFormatting sqref=\"A1:A9\"><cfRule type=\"expression\" "
      "priority=\"1\"><formula>A1&gt;1</formula></cfRule></conditionalFormatting>"
      "<dataValidations count=\"1\"><dataValidation type=\"list\" "
      "sqref=\"C1\"><formula1>\"a,b\"</formula1></dataValidation></dataValidations>",
      "<sheetData/>"};
  book.strings = "<si><t>Name</t></si><si><t>When</t></si>";
  book.workbook =
      "<definedNames><definedName name=\"N\" localSheetId=\"1\" hidden=\"1\">Sheet2!$A$1</definedName></definedNames>";
  book.relations = {"table ../tables/table1.xml"};
  book.more = {{"table+xml xl/tables/table1.xml",
                "<table xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" id=\"1\" name=\"T\" "
                "displayName=\"T\" "
                "ref=\"A1:B3\"><tableColumns count=\"2\"><tableColumn id=\"1\" name=\"Name\"/><tableColumn id=\"2\" "
                "name=\"When\"/></tableColumns></table>"}};
  const Json answer = tests::ask(&inspect, parts_of(book));
  const Json& sheet = answer["sheets"][0];
  EXPECT_EQ(sheet["used"], "A1:B3");
  EXPECT_EQ(sheet["dimension"], "A1");
  EXPECT_EQ(sheet["header_row"], 1);
  EXPECT_EQ(sheet["columns"][0]["header"], "Name");
  EXPECT_EQ(sheet["columns"][0]["type"], "text");
  EXPECT_EQ(sheet["columns"][1]["header"], "When");
  EXPECT_EQ(sheet["columns"][1]["type"], "date");
  EXPECT_EQ(sheet["columns"][1]["filled"], 2);
  EXPECT_EQ(sheet["hidden_rows"], 1);
  EXPECT_EQ(sheet["hidden_columns"], 2);
  EXPECT_EQ(sheet["merged"], 1);
  EXPECT_EQ(sheet["frozen"]["rows"], 1);
  EXPECT_EQ(sheet["tables"][0]["columns"].dump(), R"(["Name","When"])");
  EXPECT_EQ(sheet["validations"]["first"][0]["formulas"][0], "\"a,b\"");
  EXPECT_EQ(sheet["conditional_formats"]["first"][0].dump(),
            R"({"formulas":["A1>1"],"range":"A1:A9","type":"expression"})");
  EXPECT_EQ(answer["sheets"][1]["cells"], 0);
  EXPECT_EQ(answer["needs_excel"], "2019");
  EXPECT_EQ(answer["volatile_calls"], 1);
  EXPECT_EQ(answer["functions"].size(), 3U);
  EXPECT_EQ(answer["names"][0].dump(), R"({"hidden":true,"name":"N","refers_to":"Sheet2!$A$1","sheet":"Sheet2"})");
}

TEST(Inspect, GuessesKindsAndHeaders) {
  tests::Book book;
  std::string rows =
      "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a title</v></c></row><row r=\"3\"><c r=\"A3\" t=\"str\"><v>id</v></c><c "
      "r=\"B3\" "
      "t=\"str\"><v>mixed</v></c></row>";
  for (int i = 4; i < 24; ++i) {
    const std::string row = std::to_string(i), text = i % 2 ? " t=\"str\"" : "";
    rows += "<row r=\"" + row + "\"><c r=\"A" + row + "\"><v>" + row + "</v></c><c r=\"B" + row + "\"" + text +
            "><v>1</v></c></row>";
  }
  book.sheets = {"<sheetData>" + rows + "</sheetData>"};
  const Json answer = tests::ask(&inspect, parts_of(book));
  const Json& sheet = answer["sheets"][0];
  EXPECT_EQ(sheet["header_row"], 3);
  EXPECT_EQ(sheet["columns"][0]["header"], "id");
  EXPECT_EQ(sheet["columns"][1]["type"], "mixed");
  EXPECT_EQ(sheet["columns"][1]["numbers"], 10);
  EXPECT_EQ(sheet["columns"][1]["texts"], 10);
}

namespace {

std::string& part(tests::Parts& parts, const std::string& name) {
  return std::ranges::find(parts, name, &std::pair<std::string, std::string>::first)->second;
}

std::string cells(const std::string& inside) { return "<sheetData><row r=\"1\">" + inside + "</row></sheetData>"; }

}  // namespace

// Thousands of sheets, tables, charts may lead to one part, which is read for the first.
TEST(Inspect, ReadsEachPartOnce) {
  tests::Book book{{cells("<c><v>1</v></c>"), cells("<c><v>2</v></c>")}};
  book.relations = {"table ../tables/table1.xml", "table ../tables/table1.xml", "drawing ../drawings/drawing1.xml",
                    "drawing ../drawings/drawing1.xml"};
  const std::string main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
  book.more = {{"table+xml xl/tables/table1.xml", "<table " + main + " id=\"1\" displayName=\"T\" ref=\"A1:A2\"/>"},
               {"drawing+xml xl/drawings/drawing1.xml", "<d/>"},
               {"chart+xml xl/charts/chart1.xml", "<c/>"}};
  auto parts = parts_of(book);
  std::string& workbook = part(parts, "xl/workbook.xml");
  workbook.replace(workbook.find("r:id=\"rId2\""), 11, "r:id=\"rId1\"");
  std::string rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  for (const char* id : {"a", "b"})
    rels += std::string("<Relationship Id=\"") + id +
            "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart\" "
            "Target=\"../charts/chart1.xml\"/>";
  parts.emplace_back("xl/drawings/_rels/drawing1.xml.rels", rels + "</Relationships>");
  const Json sheets = tests::ask(&inspect, parts)["sheets"];
  ASSERT_EQ(sheets.size(), 2U);
  EXPECT_EQ(sheets[0]["cells"], 1);
  EXPECT_FALSE(sheets[1].contains("cells"));
  EXPECT_EQ(sheets[0]["tables"].size(), 1U);
  EXPECT_EQ(sheets[0]["charts"].size(), 1U);
}

TEST(Inspect, CountsASharedFormulaForEachOfItsCells) {
  const std::string users = "<c><f t=\"shared\" si=\"0\"/></c><c><f t=\"shared\" si=\"0\"/></c>";
  const Json answer = tests::ask(
      &inspect, tests::parts_of({{cells("<c><f t=\"shared\" si=\"0\" ref=\"A1:C1\">TODAY()+FOO(1)</f></c>" + users +
                                        "<c><f t=\"shared\" si=\"0\" ref=\"D1:F1\">NOW()</f></c>" + users)}}));
  EXPECT_EQ(answer["sheets"][0]["formulas"], 6);
  EXPECT_EQ(answer["volatile_calls"], 6);
  for (const auto& one : answer["functions"]) EXPECT_EQ(one["count"], 3) << one.dump();
}

TEST(Inspect, KnowsASheetsBorder) {
  std::string row;
  for (int i = 0; i < 17'000; ++i) row += "<c><v>1</v></c>";
  const Json answer = tests::ask(&inspect, tests::parts_of({{cells(row)}}));
  EXPECT_EQ(answer["sheets"][0]["used"], "A1:XFD1");
  EXPECT_EQ(answer["sheets"][0]["cells"], 16'384);
}

TEST(Inspect, SaysProtectedOnlyWhereSomethingIsLocked) {
  tests::Book book{{"<sheetData/>"}};
  book.settings = "<workbookProtection/>";
  EXPECT_FALSE(tests::ask(&inspect, parts_of(book)).contains("protected"));
  book.settings = "<workbookProtection lockStructure=\"1\"/>";
  EXPECT_EQ(tests::ask(&inspect, parts_of(book))["protected"], true);
}

}  // namespace xlsx
