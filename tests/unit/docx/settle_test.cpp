// Tracked changes that are settled: nobody else's go with them, and nothing is left behind.
#include <gtest/gtest.h>

#include "changing.hpp"
#include "edit/editing.hpp"

namespace docx {
namespace {

using berth::Json;

class Settled : public test::Changing {
 protected:
  std::string after(Json (*operation)(const ooxml::serve::Asked&), Json input = {{"all", true}}) {
    input["to"] = "b.docx";
    input["replace"] = true;
    ask(operation, input);
    return body();
  }
  // Marks something in b.docx as deleted.
  void wrap(const std::string& what) {
    const Json input{{"path", "b.docx"}};
    const ooxml::serve::Asked asked{input, m_files};
    Editing editing(asked);
    const std::string& text = editing.document().text();
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << text;
    Edits edits;
    edits.insert(at, "<w:del w:id=\"9\" w:author=\"A\">");
    edits.insert(at + what.size(), "</w:del>");
    editing.change(Role::document, edits);
    editing.put({"b.docx", true});
  }
};

const std::string of_a = " w:author=\"A\"/>", of_b = " w:author=\"B\"/>";
const std::string plain_cell = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>";

std::string table(const std::string& rows) { return "<w:tbl><w:tblPr/><w:tblGrid/>" + rows + "</w:tbl>"; }
std::string row(const std::string& properties, const std::string& cells = plain_cell) {
  return "<w:tr>" + properties + cells + "</w:tr>";
}

TEST_F(Settled, ALookThatGoesBackLeavesTheChangesOfOthers) {
  const std::string row_change =
      "<w:trPrChange w:id=\"8\" w:author=\"A\"><w:trPr><w:cantSplit/></w:trPr></w:trPrChange></w:trPr>";
  put(table(row("<w:trPr><w:tblHeader/><w:ins w:id=\"7\"" + of_b + row_change)));
  EXPECT_EQ(after(&revision_reject_operation, {{"author", "A"}}),
            table(row("<w:trPr><w:cantSplit/><w:ins w:id=\"7\"" + of_b + "</w:trPr>")));
  const std::string cell_change =
      "<w:tcPrChange w:id=\"8\" w:author=\"A\"><w:tcPr><w:noWrap/></w:tcPr></w:tcPrChange></w:tcPr><w:p/></w:tc>";
  put(table(row("", "<w:tc><w:tcPr><w:hideMark/><w:cellIns w:id=\"7\"" + of_b + cell_change)));
  EXPECT_EQ(after(&revision_reject_operation, {{"author", "A"}}),
            table(row("", "<w:tc><w:tcPr><w:noWrap/><w:cellIns w:id=\"7\"" + of_b + "</w:tcPr><w:p/></w:tc>")));
}

TEST_F(Settled, WhatStaysBesideALookIsSettledToo) {
  put("<w:p><w:pPr><w:jc w:val=\"left\"/><w:rPr><w:del w:id=\"1\"" + of_a +
      "<w:b/><w:rPrChange w:id=\"2\" w:author=\"A\"><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:pPrChange "
      "w:id=\"3\" w:author=\"A\"><w:pPr><w:keepNext/></w:pPr></w:pPrChange></w:pPr></w:p><w:p/>");
  EXPECT_EQ(after(&revision_reject_operation), "<w:p><w:pPr><w:keepNext/><w:rPr><w:i/></w:rPr></w:pPr></w:p><w:p/>");
}

TEST_F(Settled, ARowGoesWithItsLastCellAndATableWithItsLastRow) {
  const std::string gone = "<w:tc><w:tcPr><w:cellIns w:id=\"4\"" + of_a + "</w:tcPr><w:p/></w:tc>";
  put(table(row("", gone + gone) + row("")) + "<w:p/>");
  EXPECT_EQ(after(&revision_reject_operation), table(row("")) + "<w:p/>");
  put(table(row("", gone + plain_cell) + row("", gone)) + "<w:p/>");
  EXPECT_EQ(after(&revision_reject_operation), table(row("")) + "<w:p/>");
  put(table(row("", gone) + row("<w:trPr><w:ins w:id=\"5\"" + of_a + "</w:trPr>")) + "<w:p/>");
  EXPECT_EQ(after(&revision_reject_operation), "<w:p/>");
}

TEST_F(Settled, HalvesOfRangesStay) {
  const std::string begin = "<w:bookmarkStart w:id=\"70\" w:name=\"b\"/>", end = "<w:bookmarkEnd w:id=\"70\"/>";
  const std::string inner = "<w:bookmarkStart w:id=\"71\" w:name=\"c\"/><w:bookmarkEnd w:id=\"71\"/>";
  put("<w:p>" + begin + "<w:del w:id=\"9\" w:author=\"A\">" + end + inner +
      "<w:r><w:delText>x</w:delText></w:r></w:del><w:r><w:t>tail</w:t></w:r></w:p>");
  EXPECT_EQ(after(&revision_accept_operation), "<w:p>" + begin + end + "<w:r><w:t>tail</w:t></w:r></w:p>");
  put("<w:p>" + begin + "</w:p>" +
      table(row("<w:trPr><w:del w:id=\"1\"" + of_a + "</w:trPr>", "<w:tc><w:p>" + end + "</w:p></w:tc>") + row("")));
  EXPECT_EQ(after(&revision_accept_operation), "<w:p>" + begin + "</w:p>" + table(end + row("")));
}

TEST_F(Settled, ACommentGoesWithTheTextThatRefersToIt) {
  put("<w:p><w:r><w:t>one</w:t></w:r><w:r><w:t>two</w:t></w:r></w:p>");
  ask(&comment_add_operation, {{"paragraph", 1}, {"text", "one"}, {"comment", "first"}, {"to", "b.docx"}});
  ask(&comment_reply_operation, {{"path", "b.docx"}, {"id", "0"}, {"comment", "second"}, {"replace", true}});
  ask(&comment_add_operation,
      {{"path", "b.docx"}, {"paragraph", 1}, {"text", "two"}, {"comment", "third"}, {"replace", true}});
  wrap("<w:r><w:commentReference w:id=\"0\"/></w:r>");
  ask(&revision_accept_operation, {{"path", "b.docx"}, {"all", true}, {"replace", true}});
  EXPECT_EQ(body().find("w:id=\"0\""), std::string::npos) << body();
  const auto listed = ask(&comments_operation, {{"path", "b.docx"}})["comments"];
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["text"], "third");
  EXPECT_EQ(body().find("w:id=\"1\""), std::string::npos) << body();
  const auto verdict = ask(&validate_operation, {{"path", "b.docx"}});
  EXPECT_TRUE(verdict["valid"]) << verdict.dump(1);
}

}  // namespace
}  // namespace docx
