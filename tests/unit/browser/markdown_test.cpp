// Pages in their bare bones, and what is read from them.
#include "markdown.hpp"

#include <gtest/gtest.h>

namespace browser::test {

namespace {

Json parsed(const char* text) { return Json::parse(text); }

}  // namespace

TEST(Markdown, HasHeadingsParagraphsLinksAndEmphasis) {
  const Json page =
      parsed(R"(["body", {}, [["h2", {}, ["  A \n title "]], ["p", {}, ["Some ", ["b", {}, ["bold "]], "and ",
    ["a", {"href": "http://a/"}, ["a link"]], ".", ["br", {}, []], "next"]], "loose ", ["span", {}, ["words"]], ["hr", {}, []]]])");
  EXPECT_EQ(markdown_of(page, true),
            "## A title\n\nSome **bold** and [a link](http://a/).\nnext\n\nloose words\n\n---");
  EXPECT_EQ(plain_text_of(page, true), "A title\nSome bold and a link.\nnext\nloose words");
}

TEST(Markdown, NestsLists) {
  const Json list =
      parsed(R"(["ul", {}, [["li", {}, ["one"]], ["li", {}, ["two", ["ol", {"start": "3"}, [["li", {}, ["deep"]],
    ["li", {}, ["er"]]]]]], ["li", {}, []]]])");
  EXPECT_EQ(markdown_of(list, true), "- one\n- two\n  3. deep\n  4. er");
}

TEST(Markdown, KeepsCodeAndQuotes) {
  const Json page = parsed(R"(["div", {}, [["pre", {"language": "c"}, [["code", {}, ["int a;\n  int b;"]]]],
    ["blockquote", {}, [["p", {}, ["said"]], ["p", {}, ["again"]]]], ["p", {}, ["call ", ["code", {}, ["fn"]]]]]])");
  EXPECT_EQ(markdown_of(page, true), "```c\nint a;\n  int b;\n```\n\n> said\n> \n> again\n\ncall `fn`");
}

TEST(Markdown, KnowsTablesOfDataFromThoseOfPlaces) {
  const Json data =
      parsed(R"(["table", {}, [["caption", {}, ["Prices"]], ["thead", {}, [["tr", {}, [["th", {}, ["Book"]],
    ["th", {}, ["a|b"]]]]]], ["tbody", {}, [["tr", {}, [["td", {}, ["One"]], ["td", {"colspan": "2"}, ["2"]]]]]]]])");
  EXPECT_EQ(markdown_of(data, true), "| Book | a\\|b |  |\n| --- | --- | --- |\n| One | 2 |  |");
  const Json tables = tables_of(data);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0], parsed(R"({"caption": "Prices", "columns": ["Book", "a|b"], "rows": [["One", "2", ""]]})"));
  const Json places =
      parsed(R"(["table", {}, [["tr", {}, [["td", {}, [["h1", {}, ["Big"]]]], ["td", {}, [["p", {}, ["text"]]]]]],
    ["tr", {}, [["td", {}, ["x"]]]]]])");
  EXPECT_EQ(markdown_of(places, true), "# Big\n\ntext\n\nx");
  EXPECT_TRUE(tables_of(places).empty());
}

TEST(Markdown, FindsTheMatterOfAPage) {
  const std::string much(300, 'w');
  const Json named =
      parsed((R"(["body", {}, [["nav", {}, ["menu"]], ["main", {}, [["p", {}, [")" + much + R"("]]]]]])").c_str());
  EXPECT_EQ(markdown_of(matter_of(named), false), much);
  const Json nameless = parsed((R"(["body", {}, [["div", {}, [["a", {"href": "x"}, ["a long menu of links"]]]],
    ["div", {}, [["div", {}, [["p", {}, [")" +
                                much + R"("]], ["nav", {}, ["pages"]]]]]]]])")
                                   .c_str());
  EXPECT_EQ(markdown_of(matter_of(nameless), false), much);
  EXPECT_NE(markdown_of(nameless, true).find("menu"), std::string::npos);
}

TEST(Markdown, BearsTreesThatAreNone) {
  for (const char* one :
       {"null", "[]", "7", R"(["p"])", R"([1, 2, 3])", R"(["p", null, [null, 7, {"a": 1}, ["x", 1, 2]]])",
        R"(["table", {}, [["tr", {}, 7], null]])"}) {
    const Json page = parsed(one);
    EXPECT_EQ(markdown_of(page, true), "") << one;
    EXPECT_TRUE(tables_of(page).empty());
    EXPECT_TRUE(links_of(page, 9).empty());
    matter_of(page);
  }
  Json deep = "bottom";
  for (int i = 0; i < 2000; ++i) deep = Json::array({"div", Json::object(), Json::array({std::move(deep)})});
  EXPECT_EQ(markdown_of(deep, true), "");
  EXPECT_EQ(markdown_of(matter_of(deep), false), "bottom");
}

TEST(Markdown, TellsEachLinkOnce) {
  const Json page =
      parsed(R"(["body", {}, [["a", {"href": "u"}, [" a ", ["b", {}, ["b"]]]], ["a", {"href": "u"}, ["x"]],
    ["a", {}, ["none"]], ["a", {"href": "v"}, []]]])");
  EXPECT_EQ(links_of(page, 9), parsed(R"([{"text": "a b", "url": "u"}, {"text": "", "url": "v"}])"));
  EXPECT_EQ(links_of(page, 1).size(), 1u);
}

}  // namespace browser::test
