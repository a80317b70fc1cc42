// Word's rules of ids, references, ranges and fields.
#include "word_kit.hpp"

namespace {

using Told = std::vector<std::string>;

std::string tracked(const std::string& name, const std::string& id) {
  return "<w:" + name + " w:id=\"" + id + "\" w:author=\"a\"/>";
}

TEST(WordRulesTest, IdsAreThereOnce) {
  EXPECT_EQ(kit::of_word("<w:p>" + tracked("ins", "1") + tracked("del", "1") + "</w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p>" + tracked("ins", "1") + tracked("ins", "1") + "</w:p>"),
            Told{"duplicate-id w:ins[2]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"footnotes", "<w:footnote w:id=\"1\"/><w:footnote w:id=\"01\"/>"}}),
            Told{"duplicate-id w:footnote[2]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"styles",
                                     "<w:style w:styleId=\"A\"><w:name w:val=\"A\"/></w:style>"
                                     "<w:style w:styleId=\"A\"><w:name w:val=\"B\"/></w:style>"}}),
            Told{"duplicate-id w:style[2]"});
}

TEST(WordRulesTest, AnInsertedMarkAndInsertedRunsMayShareAnId) {
  EXPECT_EQ(
      kit::of_word("<w:p><w:pPr><w:rPr>" + tracked("ins", "1") + "</w:rPr></w:pPr>" + tracked("ins", "1") + "</w:p>"),
      Told{});
}

TEST(WordRulesTest, CommentsAndNotesMustBeThere) {
  const std::string meant = "<w:p><w:r><w:commentReference w:id=\"4\"/></w:r></w:p>";
  EXPECT_EQ(kit::of_word(meant), Told{"missing-comment w:commentReference[1]"});
  EXPECT_EQ(kit::of_word(meant, {{"comments", "<w:comment w:id=\"4\" w:author=\"a\"><w:p/></w:comment>"}}), Told{});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"comments", "<w:comment w:id=\"4\" w:author=\"a\"><w:p/></w:comment>"}}),
            Told{"comment-without-place "});
  EXPECT_EQ(kit::of_word("<w:p><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>"),
            Told{"missing-footnote w:footnoteReference[1]"});
  EXPECT_EQ(kit::of_word("<w:p><w:r><w:endnoteReference w:id=\"2\"/></w:r></w:p>"),
            Told{"missing-endnote w:endnoteReference[1]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"settings", "<w:footnotePr><w:footnote w:id=\"7\"/></w:footnotePr>"}}),
            Told{"missing-footnote w:footnote[1]"});
}

TEST(WordRulesTest, StylesMustBeDefinedAndOfTheRightType) {
  const std::string style = "<w:style w:type=\"character\" w:styleId=\"C\"><w:name w:val=\"C\"/></w:style>";
  const std::string run = "<w:p><w:r><w:rPr><w:rStyle w:val=\"C\"/></w:rPr></w:r></w:p>";
  EXPECT_EQ(kit::of_word(run), Told{"undefined-style w:rStyle[1]"});
  EXPECT_EQ(kit::of_word(run, {{"styles", style}}), Told{});
  EXPECT_EQ(kit::of_word("<w:p><w:pPr><w:pStyle w:val=\"C\"/></w:pPr></w:p>", {{"styles", style}}),
            Told{"wrong-style-type w:pStyle[1]"});
}

TEST(WordRulesTest, StylesAreBasedOnOthersOfTheirTypeAndNeverOnThemselves) {
  auto style = [](const std::string& id, const std::string& type, const std::string& base) {
    return "<w:style w:type=\"" + type + "\" w:styleId=\"" + id + "\"><w:name w:val=\"" + id +
           "\"/><w:basedOn w:val=\"" + base + "\"/></w:style>";
  };
  EXPECT_EQ(kit::of_word("<w:p/>", {{"styles", style("A", "paragraph", "B")}}), Told{"undefined-style w:basedOn[1]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"styles", style("A", "paragraph", "B") + style("B", "paragraph", "A")}}),
            (Told{"style-circle w:basedOn[1]", "style-circle w:basedOn[1]"}));
  EXPECT_EQ(kit::of_word("<w:p/>",
                         {{"styles", style("A", "paragraph", "B") +
                                         "<w:style w:type=\"table\" w:styleId=\"B\"><w:name w:val=\"B\"/></w:style>"}}),
            Told{"wrong-style-type w:basedOn[1]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"styles",
                                     "<w:style w:styleId=\"A\"><w:name w:val=\"Same\"/></w:style>"
                                     "<w:style w:styleId=\"B\"><w:name w:val=\"same\"/></w:style>"}}),
            Told{"duplicate-style-name w:name[1]"});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"styles",
                                     "<w:style w:default=\"1\" w:styleId=\"A\"><w:name w:val=\"A\"/></w:style>"
                                     "<w:style w:default=\"1\" w:styleId=\"B\"/>"}}),
            (Told{"two-default-styles w:style[2]", "style-without-name w:style[2]"}));
}

TEST(WordRulesTest, NumberingsMustResolve) {
  const std::string listed = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:p>";
  const std::string list = "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"/></w:abstractNum>";
  EXPECT_EQ(kit::of_word(listed), Told{"undefined-numbering w:numId[1]"});
  EXPECT_EQ(kit::of_word(listed, {{"numbering", list + "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/></w:num>"}}),
            Told{});
  EXPECT_EQ(kit::of_word("<w:p><w:pPr><w:numPr><w:numId w:val=\"0\"/></w:numPr></w:pPr></w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"numbering", "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"9\"/></w:num>"}}),
            Told{"missing-abstract-numbering w:abstractNumId[1]"});
  EXPECT_EQ(
      kit::of_word("<w:p/>", {{"numbering", list + "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/></w:num>"
                                                   "<w:num w:numId=\"03\"><w:abstractNumId w:val=\"1\"/></w:num>"}}),
      Told{"duplicate-numbering w:num[2]"});
  EXPECT_EQ(
      kit::of_word("<w:p/>", {{"numbering",
                               "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"9\"/><w:lvl w:ilvl=\"1\">"
                               "<w:lvlPicBulletId w:val=\"5\"/></w:lvl><w:lvl w:ilvl=\"1\"/></w:abstractNum>"}}),
      (Told{"level-out-of-range w:lvl[1]", "duplicate-level w:lvl[3]", "missing-picture-bullet w:lvlPicBulletId[1]"}));
}

TEST(WordRulesTest, RelationshipsLeadToWhatIsMeant) {
  const std::string section = "<w:p><w:pPr><w:sectPr><w:headerReference w:type=\"default\" r:id=\"";
  EXPECT_EQ(kit::of_word(section + "header\"/></w:sectPr></w:pPr></w:p>", {{"header", "<w:p/>"}}), Told{});
  EXPECT_EQ(kit::of_word(section + "rId1\"/></w:sectPr></w:pPr></w:p>"),
            Told{"wrong-relationship-type w:headerReference[1]"});
  EXPECT_EQ(kit::of_word(section + "\"/></w:sectPr></w:pPr></w:p>"), Told{"missing-relationship w:headerReference[1]"});
}

TEST(WordRulesTest, RangesBeginAndEnd) {
  const std::string begin = "<w:bookmarkStart w:id=\"1\" w:name=\"a\"/>", end = "<w:bookmarkEnd w:id=\"1\"/>";
  EXPECT_EQ(kit::of_word("<w:p>" + begin + end + "</w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p>" + begin + "</w:p>"), Told{"range-without-end w:bookmarkStart[1]"});
  EXPECT_EQ(kit::of_word("<w:p>" + end + "</w:p>"), Told{"range-without-begin w:bookmarkEnd[1]"});
  EXPECT_EQ(kit::of_word("<w:p>" + begin + end +
                         "<w:bookmarkStart w:id=\"2\" w:name=\"A\"/><w:bookmarkEnd w:id=\"2\"/></w:p>"),
            Told{"duplicate-bookmark w:bookmarkStart[2]"});
  EXPECT_EQ(kit::of_word("<w:p><w:permStart w:id=\"5\"/></w:p>"), Told{"range-without-end w:permStart[1]"});
}

TEST(WordRulesTest, FieldsAreWhole) {
  auto mark = [](const std::string& type) { return "<w:r><w:fldChar w:fldCharType=\"" + type + "\"/></w:r>"; };
  const std::string code = "<w:r><w:instrText>PAGE</w:instrText></w:r>";
  EXPECT_EQ(kit::of_word("<w:p>" + mark("begin") + code + mark("separate") + mark("end") + "</w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p>" + mark("begin") + code + mark("end") + "</w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p>" + mark("begin") + code + "</w:p>"), Told{"unbalanced-field w:fldChar[1]"});
  EXPECT_EQ(kit::of_word("<w:p>" + mark("end") + "</w:p>"), Told{"unbalanced-field w:fldChar[1]"});
  EXPECT_EQ(kit::of_word("<w:p>" + mark("separate") + "</w:p>"), Told{"unbalanced-field w:fldChar[1]"});
  EXPECT_EQ(kit::of_word("<w:p>" + code + "</w:p>"), Told{"code-outside-field w:instrText[1]"});
  EXPECT_EQ(
      kit::of_word("<w:p/>", {{"footnotes", "<w:footnote w:id=\"1\"><w:p>" + mark("begin") + "</w:p></w:footnote>"}}),
      Told{"unbalanced-field w:fldChar[1]"});
}

}  // namespace
