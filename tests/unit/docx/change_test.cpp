// Documents that are changed: what was asked for is there, and nothing else has moved.
#include <gtest/gtest.h>

#include "changing.hpp"

namespace docx {
namespace {

using berth::Json;

class Changed : public test::Changing {};

const std::string words = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>one two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>";

TEST_F(Changed, FixPutsInOrderAndLeavesTheOriginal) {
  put("<w:p><w:r><w:t>x</w:t></w:r><w:pPr><w:jc w:val=\"left\"/><w:keepNext/></w:pPr></w:p>"
      "<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr><w:tcW w:w=\"700\" w:type=\"dxa\"/></w:tcPr></w:tc></w:tr></w:tbl>"
      "<w:p w14:paraId=\"00000001\"/><w:p w14:paraId=\"00000001\"/><w:sectPr><w:pgMar/><w:pgSz/></w:sectPr>");
  const std::string before = m_files.files.at("a.docx");
  const auto answer = ask(&fix_operation, {{"to", "b.docx"}});
  EXPECT_EQ(m_files.files.at("a.docx"), before);
  EXPECT_EQ(answer["changed"], 6) << answer.dump(1);
  const std::string now = body();
  EXPECT_EQ(now.find("<w:p><w:pPr><w:keepNext/><w:jc w:val=\"left\"/></w:pPr><w:r>"), 0u) << now;
  EXPECT_NE(now.find("<w:tblPr/><w:tblGrid><w:gridCol w:w=\"700\"/></w:tblGrid><w:tr>"), std::string::npos) << now;
  EXPECT_NE(now.find("</w:tcPr><w:p/></w:tc>"), std::string::npos) << now;
  EXPECT_NE(now.find("<w:sectPr><w:pgSz/><w:pgMar/></w:sectPr>"), std::string::npos) << now;
  EXPECT_EQ(ask(&fix_operation, {{"path", "b.docx"}, {"to", "c.docx"}})["changed"], 0);
  EXPECT_FALSE(m_files.files.contains("c.docx"));
  EXPECT_EQ(test::code_of([&] { ask(&fix_operation, {{"to", "a.docx"}, {"replace", true}}); }), "original");
}

TEST_F(Changed, ACommentTakesARunApart) {
  put(words);
  const auto answer = ask(
      &comment_add_operation,
      {{"paragraph", 1}, {"text", "two\tth"}, {"comment", "Why?\nTwice"}, {"author", "An Author"}, {"to", "b.docx"}});
  const std::string id = answer["id"];
  EXPECT_EQ(
      body(),
      "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">one </w:t></w:r><w:commentRangeStart w:id=\"0\"/>"
      "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">two</w:t><w:tab/><w:t "
      "xml:space=\"preserve\">th</w:t></w:r>"
      "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>"
      "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">ree</w:t></w:r></w:p>");
  const auto listed = ask(&comments_operation, {{"path", "b.docx"}});
  EXPECT_EQ(listed["comments"][0]["text"], "Why?\nTwice");
  EXPECT_EQ(listed["comments"][0]["author"], "An Author");
  EXPECT_EQ(listed["comments"][0]["paragraph"], 1);
  EXPECT_TRUE(ask(&validate_operation, {{"path", "b.docx"}})["schema_errors"].empty());
}

TEST_F(Changed, ACommentIsAnsweredAndResolved) {
  put(words);
  ask(&comment_add_operation, {{"paragraph", 1}, {"comment", "First"}, {"to", "b.docx"}});
  ask(&comment_reply_operation, {{"path", "b.docx"}, {"id", "0"}, {"comment", "Second"}, {"replace", true}});
  ask(&comment_resolve_operation, {{"path", "b.docx"}, {"id", "0"}, {"replace", true}});
  const auto listed = ask(&comments_operation, {{"path", "b.docx"}})["comments"];
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_TRUE(listed[0]["resolved"]);
  EXPECT_EQ(listed[1]["parent"], "0");
  EXPECT_EQ(listed[1]["paragraph"], 1);
  const auto verdict = ask(&validate_operation, {{"path", "b.docx"}});
  EXPECT_TRUE(verdict["valid"]) << verdict.dump(1);
  EXPECT_EQ(test::code_of([&] {
              ask(&comment_reply_operation, {{"path", "b.docx"}, {"id", "9"}, {"comment", "x"}, {"replace", true}});
            }),
            "no_comment");
  EXPECT_EQ(test::code_of([&] { ask(&comment_add_operation, {{"paragraph", 1}, {"comment", "x"}}); }), "no_place");
  EXPECT_EQ(test::code_of([&] {
              ask(&comment_add_operation, {{"paragraph", 9}, {"comment", "x"}, {"to", "c"}});
            }),
            "no_paragraph");
}

TEST_F(Changed, AProposalIsSettledEitherWay) {
  put(words);
  ask(&revision_propose_operation, {{"paragraph", 1}, {"find", "two"}, {"insert", "2"}, {"to", "b.docx"}});
  EXPECT_EQ(ask(&text_operation, {{"path", "b.docx"}, {"revisions", "shown"}})["text"],
            "**one** {--**two**--}{++**2**++}\t**three**\n");
  EXPECT_EQ(ask(&revisions_operation, {{"path", "b.docx"}})["count"], 2);
  ask(&revision_accept_operation, {{"path", "b.docx"}, {"all", true}, {"to", "c.docx"}});
  ask(&revision_reject_operation, {{"path", "b.docx"}, {"all", true}, {"to", "d.docx"}});
  EXPECT_EQ(ask(&revisions_operation, {{"path", "c.docx"}})["count"], 0);
  EXPECT_EQ(text("c.docx"), "**one 2\tthree**\n");
  EXPECT_EQ(text("d.docx"), text("a.docx"));
  EXPECT_EQ(body("d.docx").find("delText"), std::string::npos);
}

TEST_F(Changed, OnlyWhatWasChosenIsSettled) {
  put("<w:p><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>a</w:t></w:r></w:ins><w:ins w:id=\"2\" "
      "w:author=\"B\"><w:r><w:t>b</w:t></w:r></w:ins></w:p>");
  ask(&revision_reject_operation, {{"author", "B"}, {"to", "b.docx"}});
  EXPECT_EQ(body(), "<w:p><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>a</w:t></w:r></w:ins></w:p>");
  ask(&revision_accept_operation, {{"numbers", {2}}, {"to", "b.docx"}, {"replace", true}});
  EXPECT_EQ(body(),
            "<w:p><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>a</w:t></w:r></w:ins><w:r><w:t>b</w:t></w:r></w:p>");
  EXPECT_EQ(test::code_of([&] { ask(&revision_accept_operation, {{"to", "c"}}); }), "nothing_chosen");
  EXPECT_EQ(test::code_of([&] { ask(&revision_accept_operation, {{"author", "C"}, {"to", "c"}}); }), "no_revision");
}

TEST_F(Changed, WhatIsChosenIsNumbers) {
  put("<w:p><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>a</w:t></w:r></w:ins></w:p>");
  for (const Json& numbers : {Json{"a"}, Json{1.5}, Json{0}, Json{-1}, Json("1")})
    EXPECT_EQ(test::code_of([&] {
                ask(&revision_accept_operation, {{"numbers", numbers}, {"to", "b.docx"}});
              }),
              "bad_numbers");
  EXPECT_EQ(test::code_of([&] {
              ask(&revision_propose_operation,
                  {{"paragraph", 1}, {"find", "a"}, {"insert", "b"}, {"where", "behind"}, {"to", "b.docx"}});
            }),
            "unknown_where");
}

TEST_F(Changed, AnEndThatVanishesJoinsParagraphs) {
  const std::string gone = "<w:rPr><w:del w:id=\"1\" w:author=\"A\"/></w:rPr>";
  put("<w:p><w:pPr><w:jc w:val=\"left\"/>" + gone + "</w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:p><w:pPr>" + gone +
      "</w:pPr><w:r><w:t>b</w:t></w:r></w:p><w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:t>c</w:t></w:r></w:p>");
  ask(&revision_accept_operation, {{"all", true}, {"to", "b.docx"}});
  EXPECT_EQ(
      body(),
      "<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r><w:r><w:t>c</w:t></w:r></w:p>");
}

TEST_F(Changed, MarksBetweenParagraphsThatAreJoinedStay) {
  put("<w:p><w:pPr><w:rPr><w:ins w:id=\"1\" w:author=\"A\"/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
      "<w:bookmarkEnd w:id=\"5\"/><w:p w:rsidR=\"1\"><w:r><w:t>b</w:t></w:r></w:p>");
  ask(&revision_reject_operation, {{"all", true}, {"to", "b.docx"}});
  EXPECT_EQ(body(), "<w:p><w:r><w:t>a</w:t></w:r><w:bookmarkEnd w:id=\"5\"/><w:r><w:t>b</w:t></w:r></w:p>");
}

TEST_F(Changed, ALookGoesBack) {
  put("<w:p><w:r><w:rPr><w:b/><w:rPrChange w:id=\"1\" "
      "w:author=\"A\"><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:t>x</w:t></w:r></w:p>");
  ask(&revision_reject_operation, {{"all", true}, {"to", "b.docx"}});
  EXPECT_EQ(body(), "<w:p><w:r><w:rPr><w:i/></w:rPr><w:t>x</w:t></w:r></w:p>");
  ask(&revision_accept_operation, {{"all", true}, {"to", "b.docx"}, {"replace", true}});
  EXPECT_EQ(body(), "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>x</w:t></w:r></w:p>");
}

TEST_F(Changed, TheFileItselfIsReplacedOnlyIfNobodyElseChangedIt) {
  put(words);
  ask(&revision_propose_operation, {{"paragraph", 1}, {"insert", "!"}, {"replace", true}});
  EXPECT_EQ(m_files.last.path, "a.docx");
  EXPECT_TRUE(m_files.last.replace);
  EXPECT_FALSE(m_files.last.etag.empty());
}

TEST_F(Changed, AreCompared) {
  put(words);
  ask(&revision_propose_operation, {{"paragraph", 1}, {"find", "two"}, {"to", "b.docx"}});
  const auto answer = ask(&diff_operation, {{"other", "b.docx"}});
  EXPECT_EQ(answer["counts"]["changed"], 1);
  EXPECT_TRUE(ask(&diff_operation, {{"other", "a.docx"}})["same"]);
}

}  // namespace
}  // namespace docx
