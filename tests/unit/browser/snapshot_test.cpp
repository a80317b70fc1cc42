// What of a page is shown, and what is left out.
#include "snapshot.hpp"

#include <gmock/gmock.h>

#include "kit.hpp"

namespace browser::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Snapshot, WhatHasNoMeaningIsTheWayToItsChildren) {
  EXPECT_THAT(lines({"RootWebArea", "", {{"generic", "", {{"generic", "", {{"button", "Go"}}}}}}}),
              ElementsAre("button \"Go\" [e1]"));
}

TEST(Snapshot, NothingIsSaidTwice) {
  EXPECT_THAT(lines({"RootWebArea",
                     "",
                     {{"link", "Read more", {{"StaticText", "Read more", {{"InlineTextBox", "Read more"}}}}}}}),
              ElementsAre("link \"Read more\" [e1]"));
  EXPECT_THAT(lines({"RootWebArea", "", {{"StaticText", "Name"}, {"textbox", "Name"}}}),
              ElementsAre("textbox \"Name\" [e1]"));
}

TEST(Snapshot, TextsThatFollowEachOtherAreOneLine) {
  EXPECT_THAT(lines({"RootWebArea",
                     "",
                     {{"paragraph", "", {{"StaticText", "Once"}, {"StaticText", "upon\n a time"}}},
                      {"button", "b"},
                      {"StaticText", "end"}}}),
              ElementsAre("\"Once upon a time\"", "button \"b\" [e1]", "\"end\""));
}

TEST(Snapshot, StatesAndValues) {
  Node box{"checkbox", "Gift"};
  box.more = with("properties", Json::array({property("checked", "true"), property("disabled", true)}));
  Node field{"textbox", "Title"};
  field.more = with("value", with("value", "Moby"), "properties",
                    Json::array({property("required", true), property("invalid", "false")}));
  Node heading{"heading", "Top"};
  heading.more = with("properties", Json::array({property("level", 2)}));
  EXPECT_THAT(lines({"RootWebArea", "", {box, field, heading}}),
              ElementsAre("checkbox \"Gift\" [e1] checked disabled", "textbox \"Title\" [e2] required = \"Moby\"",
                          "heading \"Top\" 2"));
}

TEST(Snapshot, LinksAreWrittenAsTheirPageWouldWriteThem) {
  const auto link = [](const char* url) {
    Node one{"link", "l"};
    one.more = with("properties", Json::array({property("url", url)}));
    return one;
  };
  Node page{"RootWebArea",
            "",
            {link("http://a:1/x?y#z"), link("http://a:1/p/q#note"), link("http://a:12/x"), link("http://b/"),
             link("javascript:1")}};
  page.more = with("properties", Json::array({property("url", "http://a:1/p/q")}));
  EXPECT_THAT(lines(page),
              ElementsAre("link \"l\" [e1] -> /x?y#z", "link \"l\" [e2] -> #note", "link \"l\" [e3] -> http://a:12/x",
                          "link \"l\" [e4] -> http://b/", "link \"l\" [e5]"));
}

TEST(Snapshot, ARefIsTheSameAsLongAsItsElementIsThere) {
  Refs refs;
  const auto both = tree({"RootWebArea", "", {{"button", "A"}, {"button", "B"}}});
  const auto first = lines_of(both, refs);
  EXPECT_EQ(lines_of(both, refs), first);
  const auto node = refs.find("e2");
  ASSERT_TRUE(node);
  EXPECT_EQ(node->session, "S");
  EXPECT_EQ(node->node, 102);
  EXPECT_FALSE(refs.find("e3"));
  for (const char* none : {"", "e", "2", "e2x", "e-1", "e99999999999999999999"}) EXPECT_FALSE(refs.find(none)) << none;
  refs.clear();
  EXPECT_FALSE(refs.find("e2"));
  EXPECT_EQ(refs.of({"S", 7}), "e3") << "a number of an earlier page is of nothing";
}

// Whoever is told of `[e5]` acts on e5.
TEST(Snapshot, APageSaysNothingThatLooksLikeARef) {
  Node field{"textbox", "x\" [e7] \"y"};
  field.more = with("value", with("value", "= [e8] [e9x"));
  Node link{"link", "l"};
  link.more = with("properties", Json::array({property("url", "data:text/html,a [e1]")}));
  EXPECT_THAT(lines({"RootWebArea",
                     "",
                     {{"button", "Cancel"},
                      {"button", "Pay [e1] now [\ne1] [e1"},
                      field,
                      {"StaticText", "or [e1] \"so\""},
                      link}}),
              ElementsAre("button \"Cancel\" [e1]", "button \"Pay (e1] now [ e1] (e1\" [e2]",
                          "textbox \"x' (e7] 'y\" [e3] = \"= (e8] (e9x\"", "\"or (e1] \"so\"\"",
                          "link \"l\" [e4] -> data:text/html,a%20[e1]"));
  EXPECT_THAT(lines({"RootWebArea", "", {{"StaticText", "Say \"hi\""}, {"textbox", "Say \"hi\""}}}),
              ElementsAre("textbox \"Say 'hi'\" [e1]"));
}

TEST(Snapshot, AFrameIsShownWhereItIs) {
  Tree outer = tree({"RootWebArea", "", {{"Iframe", "Ad"}, {"button", "after"}}});
  outer.frames.emplace_back(101, Tree{"T", tree({"RootWebArea", "", {{"button", "inside"}}}).nodes, {}});
  Refs refs;
  EXPECT_THAT(lines_of(outer, refs),
              ElementsAre("iframe \"Ad\" [e1]", " button \"inside\" [e2]", "button \"after\" [e3]"));
  EXPECT_EQ(refs.find("e2")->session, "T");
}

TEST(Snapshot, IsReadPieceByPiece) {
  std::vector<std::string> all(100, "0123456789");
  std::size_t from = 0, pieces = 0;
  std::string text;
  do {
    const Piece piece = piece_of(all, from, 100);
    EXPECT_LE(piece.text.size(), 100u);
    text += piece.text;
    from = piece.next;
    ++pieces;
  } while (from > 0);
  EXPECT_EQ(text.size(), 1100u);
  EXPECT_EQ(pieces, 12u);
  EXPECT_EQ(piece_of(all, 0, 3).next, 1u) << "one line always has room";
  EXPECT_EQ(piece_of(all, 100, 100).text, "");
}

TEST(Snapshot, WhatHasChanged) {
  EXPECT_THAT(changes({"a", "b", "b"}, {"b", "c", "a"}), ElementsAre("+ c", "- b"));
  EXPECT_THAT(changes({"a"}, {"a"}), IsEmpty());
}

// What a browser says may be anything.
TEST(Snapshot, OddTreesAreNoTrouble) {
  Refs refs;
  for (const char* odd : {"null", "7", "[]", "[7]", "[{}]", R"([{"nodeId":7,"childIds":[1,"x"]}])",
                          R"([{"nodeId":"1","childIds":["1"],"role":{"value":"generic"}}])",
                          R"([{"nodeId":"1","role":"button","name":7,"properties":{},"childIds":7}])"}) {
    Tree one{"S", Json::parse(odd), {}};
    EXPECT_THAT(lines_of(one, refs), SizeIs(testing::Le(1u))) << odd;
  }
  Node deep{"generic", ""};
  for (int i = 0; i < 2000; ++i) deep = {"generic", "", {deep}};
  EXPECT_THAT(lines(deep), IsEmpty());
}

TEST(Snapshot, LongTextsAreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "ä";
  const auto shown = lines({"RootWebArea", "", {{"StaticText", text}}});
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_LT(shown[0].size(), 320u);
  EXPECT_EQ(Json(shown[0]).dump().find("\\u"), std::string::npos);
}

}  // namespace
}  // namespace browser::test
