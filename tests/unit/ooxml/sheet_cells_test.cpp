// Rows and cells of sheets: their order, their references, and what they hold.
#include <gtest/gtest.h>

#include "sheet/cells.hpp"
#include "sheet_kit.hpp"

namespace {

using kit::Workbook;

TEST(SheetCells, References) {
  ooxml::sheet::Cell cell;
  EXPECT_TRUE(ooxml::sheet::read_cell("XFD1048576", cell));
  EXPECT_EQ(cell.column, 16384U);
  EXPECT_TRUE(ooxml::sheet::read_cell("$B$7", cell));
  for (const char* wrong : {"", "A", "1", "A0", "A01", "XFE1", "A1048577", "A1 ", "AAAA1", "A1:B2", "A-1"})
    EXPECT_FALSE(ooxml::sheet::read_cell(wrong, cell)) << wrong;
  ooxml::sheet::Area area;
  EXPECT_TRUE(ooxml::sheet::read_area("B3:A1", area));
  EXPECT_EQ(written(area), "A1:B3");
  EXPECT_TRUE(ooxml::sheet::read_area("A:C", area, true));
  EXPECT_FALSE(ooxml::sheet::read_area("A:C", area));
  EXPECT_FALSE(ooxml::sheet::read_areas("A1 B"));
  EXPECT_EQ(written(ooxml::sheet::Cell{1, 703}), "AAA1");
}

TEST(SheetCells, GoodOnesAreLeftAlone) {
  EXPECT_EQ(
      Workbook::of_rows("<row r=\"1\"><c r=\"A1\"><v>1e-3</v></c><c r=\"C1\" t=\"str\"><f>A1</f><v>x</v></c></row>"
                        "<row><c><v>2</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>"
                        "<row r=\"9\"><c r=\"B9\" s=\"1\" t=\"inlineStr\"><is><t>a</t></is></c></row>"),
      "");
}

TEST(SheetCells, Order) {
  EXPECT_EQ(Workbook::of_rows("<row r=\"2\"/><row r=\"2\"/>"), "duplicate-row r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"2\"/><row r=\"1\"/>"), "rows-out-of-order r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>"), "cells-out-of-order r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"1\"><c r=\"B1\"/><c r=\"B1\"/></row>"), "duplicate-cell r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"1\"><c r=\"B2\"/></row>"), "cell-in-wrong-row r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"1\"><c r=\"XFE1\"/></row>"), "bad-reference r");
  EXPECT_EQ(Workbook::of_rows("<row r=\"1\"><c r=\"$A$1\"/></row>"), "bad-reference r");
}

TEST(SheetCells, Values) {
  EXPECT_EQ(Workbook::of_rows("<row><c><v>text</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"n\"><v>1,5</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"b\"><v>TRUE</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"e\"><v>#NOPE</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"d\"><v>yesterday</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c><v>" + std::string(100, '1') + "</v></c></row>"), "bad-cell-value v");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"str\"><v>" + std::string(32767, 'x') + "</v></c></row>"), "");
  EXPECT_EQ(Workbook::of_rows("<row><c t=\"str\"><v>" + std::string(32768, 'x') + "</v></c></row>"), "text-too-long");
  EXPECT_EQ(Workbook::of_rows("<row><c><f>" + std::string(8193, '1') + "</f></c></row>"), "formula-too-long");
}

TEST(SheetCells, Indexes) {
  EXPECT_EQ(Workbook::of_rows("<row s=\"2\"><c s=\"2\"/></row>"), "missing-index s; missing-index s");
  EXPECT_EQ(Workbook::of_rows("<row><c cm=\"1\"/></row>"), "missing-index cm");
  Workbook book;
  book.strings = "<si><t>a</t></si>";
  book.sheet =
      "<sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>a</v></c></row></sheetData>";
  EXPECT_EQ(book.found(), "missing-shared-string v; bad-cell-value v");
  book.strings = "<si><t>" + std::string(32768, 'x') + "</t></si>";
  book.sheet = "<sheetData/>";
  EXPECT_EQ(book.found(), "text-too-long");
}

TEST(SheetCells, Formulas) {
  EXPECT_EQ(Workbook::of_rows(
                "<row><c><f t=\"shared\" si=\"0\" ref=\"A1:B1\">1</f></c><c><f t=\"shared\" si=\"0\"/></c></row>"),
            "");
  EXPECT_EQ(Workbook::of_rows("<row><c><f t=\"shared\" si=\"4\"/></c></row>"), "missing-shared-formula si");
  EXPECT_EQ(Workbook::of_rows("<row><c><f t=\"shared\"/></c></row>"), "missing-shared-formula si");
  EXPECT_EQ(Workbook::of_rows("<row><c><f t=\"shared\" si=\"4294967295\" ref=\"A1\"/></c></row>"), "");
  EXPECT_EQ(Workbook::of_rows("<row><c><f t=\"array\">1</f></c></row>"), "bad-reference ref");
}

TEST(SheetCells, CalculationChain) {
  Workbook book;
  book.sheet = "<sheetData><row><c r=\"A1\"><f>1</f></c><c r=\"B1\"><v>1</v></c></row></sheetData>";
  auto chain = [&book](const std::string& cells) {
    book.more["chain"] = {"calcChain", cells, "", kit::sheet_types + "calcChain+xml", "calcChain", "workbook"};
    return book.found();
  };
  EXPECT_EQ(chain("<c r=\"A1\" i=\"1\"/>"), "");
  EXPECT_EQ(chain("<c r=\"A1\" i=\"1\"/><c r=\"B1\"/>"), "chain-without-formula");
  EXPECT_EQ(chain("<c r=\"A1\" i=\"7\"/>"), "missing-sheet i");
  EXPECT_EQ(chain("<c r=\"A0\" i=\"1\"/>"), "bad-reference r");
}

}  // namespace
