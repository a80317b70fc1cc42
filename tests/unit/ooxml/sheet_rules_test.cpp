// What must hold of workbooks, of what lies over the cells, of tables and pivot tables.
#include <gtest/gtest.h>

#include "sheet_kit.hpp"

namespace {

using kit::Workbook;

std::string of_sheets(const std::string& sheets) {
  Workbook book;
  book.sheets = sheets;
  return book.found();
}

std::string sheet_called(const std::string& name) {
  return of_sheets("<sheet name=\"" + name + "\" sheetId=\"1\" r:id=\"rId1\"/>");
}

TEST(SheetRules, Sheets) {
  EXPECT_EQ(sheet_called("Größe & Maß"), "");
  for (const char* wrong : {"a[b", "a]b", "a:b", "a*b", "a?b", "a/b", "a\\b", "'a", "a'", "History"})
    EXPECT_EQ(sheet_called(wrong), "bad-sheet-name name") << wrong;
  std::string one = "<sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/>";
  EXPECT_EQ(of_sheets(one + "<sheet name=\"ONE\" sheetId=\"1\" r:id=\"rId9\"/>"),
            "duplicate-name name; duplicate-sheetId sheetId");
  EXPECT_EQ(of_sheets(one + "<sheet name=\"Two\" sheetId=\"2\" r:id=\"rId1\"/>"), "shared-sheet r:id");
  EXPECT_EQ(of_sheets("<sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\" state=\"hidden\"/>"), "no-visible-sheet");
  EXPECT_EQ(of_sheets("<sheet name=\"One\" sheetId=\"1\" r:id=\"more_styles\"/>"), "wrong-relationship r:id");
}

TEST(SheetRules, NamesAndWindows) {
  Workbook book;
  book.before = "<bookViews><workbookView activeTab=\"1\"/></bookViews>";
  EXPECT_EQ(book.found(), "bad-active-tab activeTab");
  book.before = "";
  auto names = [&book](const std::string& text) {
    book.after = "<definedNames>" + text + "</definedNames>";
    return book.found();
  };
  EXPECT_EQ(names("<definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">One!A1</definedName><definedName "
                  "name=\"a.b\">1</definedName>"),
            "");
  EXPECT_EQ(names("<definedName name=\"a\">1</definedName><definedName name=\"A\" localSheetId=\"0\">1</definedName>"),
            "");
  EXPECT_EQ(names("<definedName name=\"a\">1</definedName><definedName name=\"A\">1</definedName>"),
            "duplicate-name name");
  EXPECT_EQ(names("<definedName name=\"a b\">1</definedName>"), "bad-name name");
  EXPECT_EQ(names("<definedName name=\"AB12\">1</definedName>"), "bad-name name");
  EXPECT_EQ(names("<definedName name=\"a\"/>"), "empty-name");
  EXPECT_EQ(names("<definedName name=\"a\" localSheetId=\"1\">1</definedName>"), "missing-sheet localSheetId");
}

TEST(SheetRules, Styles) {
  Workbook book;
  auto styles = [&book](const std::string& formats) {
    book.styles =
        "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></"
        "cellStyleXfs><cellXfs>" +
        formats + "</cellXfs>";
    return book.found();
  };
  EXPECT_EQ(styles("<xf fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"), "");
  EXPECT_EQ(styles("<xf fontId=\"1\" fillId=\"1\" borderId=\"1\" xfId=\"1\"/>"),
            "missing-index xfId; missing-index fontId; missing-index fillId; missing-index borderId");
  EXPECT_EQ(styles("<xf numFmtId=\"200\"/>"), "missing-number-format numFmtId");
  EXPECT_EQ(styles(""), "empty-styles");
  book.styles = "<numFmts><numFmt numFmtId=\"164\"/><numFmt numFmtId=\"164\"/></numFmts>";
  EXPECT_EQ(book.found(), "duplicate-numFmtId numFmtId");
}

TEST(SheetRules, MergedCells) {
  auto merged = [](const std::string& cells) {
    return Workbook::of_sheet("<sheetData/><mergeCells>" + cells + "</mergeCells>");
  };
  EXPECT_EQ(merged("<mergeCell ref=\"A1:B2\"/><mergeCell ref=\"C1:D9\"/><mergeCell ref=\"A3:B9\"/>"), "");
  EXPECT_EQ(merged("<mergeCell ref=\"A1:B2\"/><mergeCell ref=\"D4:E5\"/><mergeCell ref=\"B2:C3\"/>"),
            "overlapping-merges ref");
  EXPECT_EQ(merged("<mergeCell ref=\"A1:B0\"/>"), "bad-reference ref");
}

TEST(SheetRules, ColumnsFiltersAndRules) {
  EXPECT_EQ(Workbook::of_sheet("<cols><col min=\"1\" max=\"3\"/><col min=\"3\" max=\"4\"/></cols><sheetData/>"),
            "overlapping-columns min");
  EXPECT_EQ(Workbook::of_sheet("<cols><col min=\"5\" max=\"3\"/></cols><sheetData/>"), "attributes-disagree min");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><autoFilter ref=\"A\"/>"), "bad-reference ref");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\" "
                               "priority=\"1\"/></conditionalFormatting>"),
            "missing-formula formula");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><conditionalFormatting sqref=\"A1\"><cfRule type=\"cellIs\" priority=\"1\" "
                               "dxfId=\"0\"><formula>1</formula>"
                               "</cfRule></conditionalFormatting>"),
            "missing-index dxfId");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><conditionalFormatting sqref=\"?\"/>"), "bad-reference sqref");
  std::string list(300, 'x');
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><dataValidations><dataValidation type=\"list\" sqref=\"A1\"><formula1>\"" +
                               list + "\"</formula1></dataValidation></dataValidations>"),
            "list-too-long");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><dataValidations><dataValidation sqref=\"A1\" prompt=\"" + list +
                               "\"/></dataValidations>"),
            "text-too-long prompt");
}

TEST(SheetRules, Relationships) {
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><picture r:id=\"no\"/>"), "dangling-relationship r:id");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><tableParts><tablePart r:id=\"no\"/></tableParts>"),
            "dangling-relationship r:id");
  Workbook book;
  book.sheet = "<sheetData/><drawing r:id=\"rId1\"/>";
  book.sheet_relations = kit::relation("rId1", "hyperlink", "http://localhost/", "External");
  EXPECT_EQ(book.found(), "wrong-relationship r:id");
}

TEST(SheetRules, Tables) {
  const std::string columns = "<tableColumn id=\"1\" name=\"a\"/><tableColumn id=\"2\" name=\"b c\"/>";
  auto rows = [](const std::string& second) {
    return "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>" + second +
           "</t></is></c></row></sheetData>";
  };
  Workbook book;
  book.sheet = rows("b c");
  book.more["table1"] = kit::table("T", "1", "A1:B3", columns);
  EXPECT_EQ(book.found(), "");
  book.sheet = rows("c");
  EXPECT_EQ(book.found(), "table-header");
  book.sheet = "<sheetData/>";
  EXPECT_EQ(book.found(), "table-header");
  book.sheet = "<sheetData><row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>0</v></c></row></sheetData>";
  book.strings = "<si><r><t>b </t></r><r><t>c</t></r></si><si><t>a</t></si>";
  EXPECT_EQ(book.found(), "");
  book.more["table2"] = kit::table("t", "1", "D1:D2", "<tableColumn id=\"1\" name=\"\"/>");
  EXPECT_EQ(book.found(), "duplicate-id id; duplicate-table-name displayName; bad-name name; table-header");
  book.more.erase("table2");
  book.more["table1"] = kit::table("T", "1", "A1:C1", columns + "<tableColumn id=\"2\" name=\"A\"/>");
  EXPECT_EQ(book.found(), "table-too-small ref; duplicate-id id; duplicate-name name; table-header");
  book.more["table1"] = kit::table("T", "1", "A1:C3", columns);
  EXPECT_EQ(book.found(), "columns-disagree");
  book.more["table1"] = kit::table("T", "1", "A1:B3", columns);
  book.sheet += "<mergeCells><mergeCell ref=\"B3:C3\"/></mergeCells>";
  EXPECT_EQ(book.found(), "merge-in-table ref");
}

TEST(SheetRules, PivotTables) {
  Workbook book;
  book.after = "<pivotCaches><pivotCache cacheId=\"7\" r:id=\"more_cache\"/></pivotCaches>";
  book.more["cache"] = {"pivotCacheDefinition",
                        "<cacheFields><cacheField name=\"a\"/><cacheField name=\"a\"/></cacheFields>",
                        "",
                        kit::sheet_types + "pivotCacheDefinition+xml",
                        "pivotCacheDefinition",
                        "workbook"};
  EXPECT_EQ(book.found(), "duplicate-name name");
  book.more["cache"].inside = "<cacheFields><cacheField name=\"a\"/></cacheFields>";
  book.more["pivot"] = {
      "pivotTableDefinition",
      "<pivotFields><pivotField/></pivotFields><rowFields><field x=\"-2\"/><field x=\"1\"/></rowFields>",
      "cacheId=\"7\"",
      kit::sheet_types + "pivotTable+xml",
      "pivotTable",
      "sheet"};
  EXPECT_EQ(book.found(), "missing-index x");
  book.more["pivot"].attributes = "cacheId=\"8\"";
  EXPECT_EQ(book.found(), "missing-cache cacheId; missing-index x");
}

TEST(SheetRules, Comments) {
  Workbook book;
  auto comments = [&book](const std::string& list) {
    book.more["comments"] = {"comments", "<authors><author/></authors><commentList>" + list + "</commentList>",
                             "",         kit::sheet_types + "comments+xml",
                             "comments", "sheet"};
    return book.found();
  };
  EXPECT_EQ(comments("<comment ref=\"A1\" authorId=\"0\"/>"), "");
  EXPECT_EQ(comments("<comment ref=\"A1\" authorId=\"1\"/>"), "missing-index authorId");
  EXPECT_EQ(comments("<comment ref=\"A1\" authorId=\"0\"/><comment ref=\"A1\" authorId=\"0\"/>"),
            "duplicate-comment ref");
  EXPECT_EQ(comments("<comment ref=\"1\" authorId=\"0\"/>"), "bad-reference ref");
}

TEST(SheetRules, WhatTheJudgeMindsOfAttributes) {
  EXPECT_EQ(Workbook::of_sheet("<sheetPr><tabColor rgb=\"FF000000\" theme=\"1\"/></sheetPr><sheetData/>"),
            "attributes-disagree rgb");
  EXPECT_EQ(Workbook::of_sheet("<sheetData/><webPublishItems><webPublishItem id=\"1\" sourceType=\"sheet\" "
                               "sourceRef=\"A1\"/></webPublishItems>"),
            "attributes-disagree sourceRef");
}

}  // namespace
