// What comments and proposals write: XML, by the names that the document has, and only what was said.
#include <gtest/gtest.h>

#include "changing.hpp"
#include "edit/editing.hpp"
#include "edit/said.hpp"

namespace docx {
namespace {

using berth::Json;

class Proposed : public test::Changing {};

TEST_F(Proposed, ATabBeforeATextIsNoText) {
  put("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>");
  ask(&revision_propose_operation, {{"paragraph", 1}, {"find", "a\tb\tc"}, {"to", "b.docx"}});
  EXPECT_NE(body().find("<w:r><w:delText>a</w:delText><w:tab/><w:delText>b</w:delText><w:tab/><w:delText>c</w:delText>"
                        "</w:r></w:del></w:p>"),
            std::string::npos)
      << body();
  ask(&revision_reject_operation, {{"path", "b.docx"}, {"all", true}, {"to", "c.docx"}});
  EXPECT_EQ(body("c.docx"), body("a.docx"));
}

TEST_F(Proposed, TheTextOfABoxInTheRunIsNotDeleted) {
  const std::string box = "<w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict>";
  put("<w:p><w:r><w:t>out</w:t>" + box + "</w:r></w:p>");
  ask(&revision_propose_operation, {{"paragraph", 1}, {"find", "out"}, {"to", "b.docx"}});
  EXPECT_NE(body().find("<w:delText>out</w:delText>" + box), std::string::npos) << body();
}

TEST_F(Proposed, APartOfARunIsCutOut) {
  put("<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r></w:p>");
  ask(&revision_propose_operation, {{"paragraph", 1}, {"find", "e\tt"}, {"to", "b.docx"}});
  EXPECT_NE(body().find("<w:delText xml:space=\"preserve\">e</w:delText><w:tab/><w:delText "
                        "xml:space=\"preserve\">t</w:delText></w:r></w:del>"),
            std::string::npos)
      << body();
}

TEST_F(Proposed, TheEndOfAParagraphIsBehindLinksAndFields) {
  const std::string link = "<w:hyperlink w:anchor=\"x\"><w:r><w:rPr><w:u/></w:rPr><w:t>link</w:t></w:r></w:hyperlink>";
  put("<w:p><w:r><w:t>a</w:t></w:r>" + link + "</w:p>");
  ask(&revision_propose_operation, {{"paragraph", 1}, {"insert", "END"}, {"to", "b.docx"}});
  const std::string now = body();
  EXPECT_NE(now.find(link + "<w:ins "), std::string::npos) << now;
  EXPECT_NE(now.find("<w:r><w:t xml:space=\"preserve\">END</w:t></w:r></w:ins></w:p>"), std::string::npos) << now;
  const std::string field =
      "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar "
      "w:fldCharType=\"separate\"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
  put("<w:p>" + field + "</w:p>");
  ask(&revision_propose_operation, {{"paragraph", 1}, {"insert", "END"}, {"to", "b.docx"}, {"replace", true}});
  EXPECT_EQ(body().find("<w:p>" + field + "<w:ins "), 0u) << body();
}

TEST_F(Proposed, ANewTextHasTheLookWithoutItsPast) {
  put("<w:p><w:r><w:rPr><w:ins w:id=\"3\" w:author=\"A\"/><w:b/><w:rPrChange w:id=\"1\" "
      "w:author=\"A\"><w:rPr/></w:rPrChange></w:rPr><w:t>one</w:t></w:r></w:p>");
  const std::string look = "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">X</w:t></w:r></w:ins>";
  for (const Json& how : {Json{{"find", "one"}}, Json::object(), Json{{"find", "one"}, {"where", "after"}}}) {
    Json input{{"paragraph", 1}, {"insert", "X"}, {"to", "b.docx"}, {"replace", true}};
    input.update(how);
    ask(&revision_propose_operation, input);
    EXPECT_NE(body().find(look), std::string::npos) << body();
  }
}

TEST_F(Proposed, OnlyCharactersThatADocumentMayHave) {
  put("<w:p><w:r><w:t>one</w:t></w:r></w:p>");
  for (const std::string& bad : {std::string("\xEF\xBF\xBF"), std::string("\xFF"), std::string("\xC3"),
                                 std::string("\xED\xA0\x80"), std::string("\xC0\x80"), std::string("a\x01")}) {
    const Json place{{"paragraph", 1}, {"to", "b.docx"}};
    const auto code = [&](Json (*operation)(const ooxml::serve::Asked&), Json input) {
      input.update(place);
      return test::code_of([&] { ask(operation, input); });
    };
    EXPECT_EQ(code(&revision_propose_operation, {{"insert", bad}}), "bad_character");
    EXPECT_EQ(code(&revision_propose_operation, {{"insert", "x"}, {"author", bad}}), "bad_character");
    EXPECT_EQ(code(&comment_add_operation, {{"comment", bad}}), "bad_character");
    EXPECT_EQ(code(&comment_add_operation, {{"comment", "x"}, {"initials", bad}}), "bad_character");
  }
  EXPECT_FALSE(m_files.files.contains("b.docx"));
}

TEST_F(Proposed, InitialsAreWholeCharacters) {
  EXPECT_EQ(initials_of("Anna \xC3\x96"
                        "berg"),
            "A\xC3\x96");
  EXPECT_EQ(initials_of("\xE5\xB1\xB1\xE7\x94\xB0  \xE5\xA4\xAA\xE9\x83\x8E"), "\xE5\xB1\xB1\xE5\xA4\xAA");
  EXPECT_EQ(initials_of("a b c d"), "abc");
  EXPECT_EQ(initials_of(" "), "A");
  put("<w:p><w:r><w:t>one</w:t></w:r></w:p>");
  ask(&comment_add_operation, {{"paragraph", 1},
                               {"comment", "x"},
                               {"author",
                                "Anna \xC3\x96"
                                "berg"},
                               {"to", "b.docx"}});
  EXPECT_NE(part("/word/comments.xml").find("w:initials=\"A\xC3\x96\""), std::string::npos);
}

TEST_F(Proposed, WhereWordsNamesAreTheDefaultAttributesHaveAPrefix) {
  auto parts = test::parts_of("");
  const std::string space = " xmlns=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
  const std::string text = "<body><p><r><t>one two</t></r></p></body></document>";
  for (const std::string& more : {std::string(), std::string(" xmlns:w=\"urn:another\"")}) {
    parts["word/document.xml"] = "<document" + space + more + ">" + text;
    m_files.files["a.docx"] = test::zipped(parts);
    ask(&comment_add_operation,
        {{"paragraph", 1}, {"text", "two"}, {"comment", "Why?"}, {"to", "b.docx"}, {"replace", true}});
    const auto listed = ask(&comments_operation, {{"path", "b.docx"}});
    EXPECT_EQ(listed["comments"][0]["paragraph"], 1) << part("/word/document.xml");
    ask(&comment_reply_operation, {{"path", "b.docx"}, {"id", "0"}, {"comment", "So."}, {"replace", true}});
    ask(&revision_propose_operation,
        {{"path", "b.docx"}, {"paragraph", 1}, {"find", "one"}, {"insert", "1"}, {"author", "B"}, {"replace", true}});
    const auto revisions = ask(&revisions_operation, {{"path", "b.docx"}})["revisions"];
    ASSERT_EQ(revisions.size(), 2u);
    EXPECT_EQ(revisions[0]["author"], "B") << part("/word/document.xml");
    const auto verdict = ask(&validate_operation, {{"path", "b.docx"}});
    EXPECT_TRUE(verdict["schema_errors"].empty()) << verdict.dump(1);
  }
}

TEST_F(Proposed, WhatIsNoXmlAnyMoreIsNotWritten) {
  put("<w:p/>");
  const Json input{{"path", "a.docx"}};
  const ooxml::serve::Asked asked{input, m_files};
  Editing editing(asked);
  Edits edits;
  edits.insert(editing.document().at(1).open_end, "<w:p>");
  editing.change(Role::document, edits);
  EXPECT_EQ(test::code_of([&] { editing.put({"b.docx"}); }), "internal");
  EXPECT_FALSE(m_files.files.contains("b.docx"));
}

}  // namespace
}  // namespace docx
