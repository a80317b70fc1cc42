// Trees of places: what is where, whose names they are, and that changes leave all else as it is.
#include "edit/tree.hpp"

#include <gtest/gtest.h>

#include "documents.hpp"

namespace docx {
namespace {

const std::string head =
    "<?xml version=\"1.0\"?>\n<!-- <w:p> is none --><x:d "
    "xmlns:x=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">";

TEST(Tree, KnowsWhereThingsAreByTheirSpaces) {
  const Tree tree(head + "<x:p a='1' x:b=\"&lt;&#65;\"><x:r/></x:p>\n<x:p></x:p></x:d>");
  ASSERT_EQ(tree.nodes().size(), 4u);
  EXPECT_TRUE(tree.is(0, Space::w, "d"));
  EXPECT_TRUE(tree.is(1, Space::w, "p"));
  EXPECT_EQ(tree.source(2), "<x:r/>");
  EXPECT_TRUE(tree.at(2).empty());
  EXPECT_FALSE(tree.at(3).empty());
  EXPECT_EQ(tree.at(3).line, 3u);
  EXPECT_EQ(tree.attribute(1, Space::other, "a"), "1");
  EXPECT_EQ(tree.attribute(1, Space::w, "b"), "<A");
  EXPECT_EQ(tree.attribute(1, Space::w, "a"), std::nullopt);
  EXPECT_EQ(tree.after(1), 3u);
  EXPECT_EQ(tree.prefix(3, Space::w), "x:");
  EXPECT_EQ(tree.prefix(3, Space::w14), std::nullopt);
}

TEST(Tree, APrefixMeansWhatItsNearestDeclarationSays) {
  const Tree tree(
      "<a xmlns=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><b xmlns=\"urn:x\"><c/></b><d/></a>");
  EXPECT_EQ(tree.at(0).space, Space::w);
  EXPECT_EQ(tree.at(1).space, Space::other);
  EXPECT_EQ(tree.at(2).space, Space::other);
  EXPECT_EQ(tree.at(3).space, Space::w);
}

TEST(Tree, APrefixIsBoundToItsElementAndNoFurther) {
  const std::string w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const Tree tree("<a xmlns:x=\"" + w + "\"><b xmlns:x=\"urn:x\"><c xmlns:x=\"" + w +
                  "\" x:i=\"1\"/><d x:i=\"2\"/></b><e x:i=\"3\"/><f xmlns:y=\"" + w + "\"/><g/></a>");
  EXPECT_EQ(tree.attribute(2, Space::w, "i"), "1");
  EXPECT_EQ(tree.attribute(3, Space::w, "i"), std::nullopt);
  EXPECT_EQ(tree.attribute(4, Space::w, "i"), "3");
  EXPECT_EQ(tree.space_of(5, "y"), Space::w);
  EXPECT_EQ(tree.space_of(6, "y"), Space::other);
  EXPECT_TRUE(tree.declares("y"));
  EXPECT_FALSE(tree.declares("z"));
}

TEST(Tree, TellsTextAsItIsMeant) {
  const Tree tree("<t>a&amp;<!-- no --><![CDATA[<b>]]>&#x4E2D;<i>no</i>z</t>");
  EXPECT_EQ(tree.content(0), "a&<b>\xE4\xB8\xADz");
}

TEST(Tree, RefusesWhatIsNoXml) {
  for (const char* bad : {"", "<a>", "<a></b>", "text", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"})
    EXPECT_NE(test::code_of([&] { Tree tree{std::string(bad)}; }), "none") << bad;
  EXPECT_EQ(test::code_of([] { Tree tree(std::string("\xFF\xFE<\0a\0/\0>\0", 10)); }), "not_utf8");
  TreeLimits limits;
  limits.nodes = 2;
  EXPECT_EQ(test::code_of([&] { Tree tree("<a><b/><b/></a>", limits); }), "too_large");
}

TEST(Edits, LeaveAllElseAsItIs) {
  Edits edits;
  edits.insert(5, "-");
  edits.replace(0, 2, "X");
  edits.insert(5, "+");
  edits.remove(6, 8);
  EXPECT_EQ(edits.apply("abcdefghij"), "Xcde-+fij");
}

TEST(Edits, WhatLiesInWhatIsGoneIsNotDone) {
  Edits edits;
  edits.remove(2, 8);
  edits.insert(4, "x");
  edits.replace(6, 7, "y");
  EXPECT_EQ(edits.apply("abcdefghij"), "abij");
}

TEST(Escaped, IsReadBackAsItWas) {
  const std::string text = "a<b>&\"c\" \xE4\xB8\xAD\t\n";
  EXPECT_EQ(unescaped(escaped(text)), text);
  EXPECT_EQ(escaped(std::string("a\0\1b", 4)), "ab");
}

}  // namespace
}  // namespace docx
