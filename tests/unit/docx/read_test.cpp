// What is told of a document: its text as Markdown, and what is in it.
#include <gtest/gtest.h>

#include "documents.hpp"
#include "operations.hpp"

namespace docx {
namespace {

using berth::Json;

Json ask(Json (*operation)(const ooxml::serve::Asked&), const test::Parts& parts, Json input = Json::object()) {
  test::Held files;
  files.files["a.docx"] = test::zipped(parts);
  input["path"] = "a.docx";
  return operation({input, files});
}

std::string text(const std::string& body, Json input = Json::object()) {
  return ask(&text_operation, test::parts_of(body), std::move(input))["text"];
}

const std::string revised =
    "<w:p><w:r><w:t>one </w:t></w:r><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>new</w:t></w:r></w:ins>"
    "<w:del w:id=\"2\" w:author=\"A\"><w:r><w:delText>old</w:delText></w:r></w:del></w:p>";

TEST(Text, HasHeadingsRunsAndLinks) {
  EXPECT_EQ(text("<w:p><w:pPr><w:pStyle w:val=\"H3\"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>"
                 "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>bo</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ld</w:t></w:r>"
                 "<w:r><w:t xml:space=\"preserve\"> a*b</w:t></w:r></w:p>"),
            "### Head\n\n**bold** a\\*b\n");
}

TEST(Text, ShowsRevisionsAsOneWishes) {
  EXPECT_EQ(text(revised), "one new\n");
  EXPECT_EQ(text(revised, {{"revisions", "rejected"}}), "one old\n");
  EXPECT_EQ(text(revised, {{"revisions", "shown"}}), "one {++new++}{--old--}\n");
  EXPECT_EQ(test::code_of([] { text(revised, {{"revisions", "none"}}); }), "unknown_revisions");
}

TEST(Text, WhatWasInsertedAndThenDeletedWasNeverThere) {
  const std::string both =
      "<w:p><w:r><w:t>one </w:t></w:r><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>new</w:t></w:r><w:del w:id=\"2\" "
      "w:author=\"B\"><w:r><w:delText>both</w:delText></w:r></w:del></w:ins></w:p>";
  EXPECT_EQ(text(both), "one new\n");
  EXPECT_EQ(text(both, {{"revisions", "rejected"}}), "one\n");
  EXPECT_EQ(text(both, {{"revisions", "shown"}}), "one {++new++}{--both--}\n");
}

TEST(Text, ALookIsAsItWasWhereChangesAreRejected) {
  const std::string look =
      "<w:p><w:r><w:rPr><w:b/><w:rPrChange w:id=\"1\" w:author=\"A\"><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr>"
      "<w:t>x</w:t></w:r><w:r><w:rPr><w:rPrChange w:id=\"2\" w:author=\"A\"><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
      "</w:rPr><w:t>y</w:t></w:r></w:p>";
  EXPECT_EQ(text(look), "**x**y\n");
  EXPECT_EQ(text(look, {{"revisions", "rejected"}}), "*x*\n");
}

TEST(Text, CellsThatCameOrWentAreThereOrNot) {
  const auto cell = [](const std::string& change, const std::string& text) {
    const std::string by = change.empty() ? "" : "<w:" + change + " w:id=\"1\" w:author=\"A\"/>";
    return "<w:tc><w:tcPr>" + by + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>";
  };
  const std::string table = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr>" + cell("cellIns", "new") + "</w:tr><w:tr>" +
                            cell("", "same") + cell("cellDel", "old") + "</w:tr></w:tbl>";
  EXPECT_EQ(text(table), "| new |\n| --- |\n| same |\n");
  EXPECT_EQ(text(table, {{"revisions", "rejected"}}), "| same | old |\n| --- | --- |\n");
}

TEST(Text, ADeletedEndOfAParagraphJoinsIt) {
  const std::string body =
      "<w:p><w:pPr><w:rPr><w:del w:id=\"1\" w:author=\"A\"/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
      "<w:p><w:r><w:t>b</w:t></w:r></w:p>";
  EXPECT_EQ(text(body), "ab\n");
  EXPECT_EQ(text(body, {{"revisions", "rejected"}}), "a\n\nb\n");
}

TEST(Text, HasTablesAndFieldsWithoutTheirCode) {
  EXPECT_EQ(text("<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"1\"/><w:gridCol w:w=\"1\"/></w:tblGrid>"
                 "<w:tr><w:tc><w:p><w:r><w:t>a|b</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
                 "<w:tr><w:tc><w:tcPr><w:gridSpan "
                 "w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
                 "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
                 "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>7</w:t></w:r>"
                 "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"),
            "| a\\|b |  |\n| --- | --- |\n| c |  |\n\n7\n");
}

TEST(Text, IsCutAtACharacter) {
  const auto answer = ask(&text_operation, test::parts_of("<w:p><w:r><w:t>\xE4\xB8\xAD\xE6\x96\x87</w:t></w:r></w:p>"),
                          {{"max_bytes", 4}});
  EXPECT_EQ(answer["text"], "\xE4\xB8\xAD");
  EXPECT_TRUE(answer["truncated"]);
}

TEST(Inspect, CountsAndLists) {
  const auto answer =
      ask(&inspect_operation,
          test::parts_of("<w:p><w:pPr><w:pStyle w:val=\"H1\"/></w:pPr><w:r><w:t>Two words</w:t></w:r></w:p>" + revised +
                         "<w:p/><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr>"));
  EXPECT_EQ(answer["outline"][0]["text"], "Two words");
  EXPECT_EQ(answer["outline"][0]["level"], 1);
  EXPECT_EQ(answer["counts"]["paragraphs"], 3);
  EXPECT_EQ(answer["counts"]["empty_paragraphs"], 1);
  EXPECT_EQ(answer["counts"]["words"], 4);
  EXPECT_EQ(answer["counts"]["revisions"], 2);
  EXPECT_EQ(answer["revisions"][1]["kind"], "del");
  EXPECT_NEAR(answer["sections"][0]["width_mm"].get<double>(), 210, 0.1);
  EXPECT_EQ(answer["styles"][0]["name"], "heading 1");
}

TEST(Opened, SaysWhatAFileIsInstead) {
  test::Held files;
  files.files["a.docx"] = "not a zip at all";
  EXPECT_NE(test::code_of([&] { text_operation({{{"path", "a.docx"}}, files}); }), "none");
  EXPECT_EQ(test::code_of([&] { text_operation({{{"path", "b.docx"}}, files}); }), "no_file");
  EXPECT_EQ(test::code_of([] { text("<w:p><w:r></w:p>"); }), "not_well_formed");
}

}  // namespace
}  // namespace docx
