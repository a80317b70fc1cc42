// XML is read as it is meant, wherever a source cuts it into pieces; what is none is refused with a code and a line.
#include "xml.hpp"

#include <gtest/gtest.h>

#include "spaces.hpp"
#include "tables.hpp"

namespace {

using ooxml::Malformed;
using ooxml::Start;
using ooxml::XmlLimits;

class Pieces : public ooxml::Source {
 public:
  Pieces(std::string text, std::size_t size) : m_text(std::move(text)), m_size(size) {}
  std::string_view next() override {
    std::string_view piece = std::string_view(m_text).substr(m_at, m_size);
    m_at += piece.size();
    return piece;
  }

 private:
  std::string m_text;
  std::size_t m_size, m_at = 0;
};

// What happened, as text: pieces of text put together.
class Told : public ooxml::Handler {
 public:
  void start(const Start& element) override {
    flush();
    told += "<" + std::string(element.prefix) + "{" + std::string(element.space) + "}" + std::string(element.local);
    for (const auto& one : element.attributes) {
      told += " " + std::string(one.prefix) + "{" + std::string(one.space) + "}" + std::string(one.local) + "=[" +
              std::string(one.value) + "]";
    }
    told += "@" + std::to_string(element.line) + ">";
  }
  void text(std::string_view text) override { m_text += text; }
  void end(const Start& element) override {
    flush();
    told += "</" + std::string(element.local) + std::to_string(element.depth) + ">";
  }
  std::string told;

 private:
  void flush() {
    if (!m_text.empty()) told += "(" + m_text + ")";
    m_text.clear();
  }
  std::string m_text;
};

std::string read(const std::string& text, std::size_t piece = 1 << 20, const XmlLimits& limits = {}) {
  Pieces pieces(text, piece);
  Told told;
  read_xml(pieces, told, limits);
  return told.told;
}

std::string refusal(const std::string& text, std::size_t piece = 1 << 20, const XmlLimits& limits = {}) {
  try {
    return "read: " + read(text, piece, limits);
  } catch (const Malformed& malformed) {
    return malformed.code + ":" + std::to_string(malformed.line);
  }
}

std::string wide(const std::string& ascii, bool big, bool mark = true) {
  std::string made = mark ? (big ? std::string("\xFE\xFF") : std::string("\xFF\xFE")) : "";
  for (char c : ascii) made += big ? std::string{'\0', c} : std::string{c, '\0'};
  return made;
}

const std::string everything =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<!-- a - comment --><?pi a?b?>\n"
    "<a:b xmlns:a=\"one\" xmlns='two' a:x = 'q\"&lt;&#65;&#x42;&quot;' y=\"1\r\n2\t3\">t&amp;u]]v\r\nw\rx<c/>"
    "<![CDATA[<&]]]>]<d xmlns=\"\" xmlns:a='three'><a:e></a:e></d "
    "><a:f\n/>\xC3\xA4\xE4\xBA\xBA\xF0\x9F\x98\x80</a:b>\n<?end?>\n";
const std::string all_told =
    "<a{one}b a{one}x=[q\"<AB\"] {}y=[1 2 "
    "3]@3>(t&u]]v\nw\nx)<{two}c@5></c2>(<&]])<{}d@5><a{three}e@5></e3></d2><a{one}f@5></f2>"
    "(\xC3\xA4\xE4\xBA\xBA\xF0\x9F\x98\x80)</b1>";

TEST(XmlTest, EverythingIsAsItIsMeant) { EXPECT_EQ(read(everything), all_told); }

TEST(XmlTest, WhereASourceCutsMakesNoDifference) {
  for (std::size_t piece = 1; piece <= everything.size(); ++piece)
    ASSERT_EQ(read(everything, piece), all_told) << piece;
}

TEST(XmlTest, LongTokensAcrossManyPieces) {
  std::string value(300'000, 'v'), text(300'000, 't');
  EXPECT_EQ(read("<a b='" + value + "'>" + text + "<!--" + value + "--></a>", 1000),
            "<{}a {}b=[" + value + "]@1>(" + text + ")</a1>");
}

TEST(XmlTest, WideTextIsRead) {
  const std::string text = "<?xml version='1.0' encoding='UTF-16'?><a b='c'>d</a>";
  for (bool big : {false, true}) {
    for (std::size_t piece : {1, 2, 3, 100}) {
      EXPECT_EQ(read(wide(text, big), piece), "<{}a {}b=[c]@1>(d)</a1>");
      EXPECT_EQ(read(wide(text, big, false), piece), "<{}a {}b=[c]@1>(d)</a1>");
    }
  }
  std::string pair = wide("<a>", false) + std::string("\x3D\xD8\x00\xDE", 4) + wide("</a>", false, false);
  EXPECT_EQ(read(pair), "<{}a@1>(\xF0\x9F\x98\x80)</a1>");
}

TEST(XmlTest, WrongEncodingsAreRefused) {
  EXPECT_EQ(refusal("<a>\xFF</a>"), "bad-encoding:1");
  EXPECT_EQ(refusal("<a>\n\xC0\x80</a>"), "bad-encoding:2");
  EXPECT_EQ(refusal("<a>\xED\xA0\x80</a>"), "bad-encoding:1");
  EXPECT_EQ(refusal("<a>\xE4\xBA"), "bad-encoding:1");
  EXPECT_EQ(refusal("<a>\xE4\xBA", 1), "bad-encoding:1");
  EXPECT_EQ(refusal(wide("<a>", false) + std::string("\x00\xDE", 2)), "bad-encoding:1");
  EXPECT_EQ(refusal(wide("<a/>", false) + "x"), "bad-encoding:1");
  EXPECT_EQ(refusal("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "bad-encoding:1");
  EXPECT_EQ(refusal("<?xml version='1.0' encoding='UTF-16'?><a/>"), "bad-encoding:1");
  EXPECT_EQ(refusal(wide("<?xml version='1.0' encoding='UTF-8'?><a/>", true)), "bad-encoding:1");
}

TEST(XmlTest, CharactersThatXmlForbids) {
  EXPECT_EQ(refusal("<a>\x01</a>"), "bad-character:1");
  EXPECT_EQ(refusal(std::string("<a>\0</a>", 8)), "bad-character:1");
  EXPECT_EQ(refusal("<a b='\x1F'/>"), "bad-character:1");
  EXPECT_EQ(refusal("<a>\xEF\xBF\xBF</a>"), "bad-character:1");
  for (const char* one :
       {"&#0;", "&#x1F;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999999;", "&#;", "&#x;", "&#-5;"}) {
    EXPECT_EQ(refusal("<a>" + std::string(one) + "</a>"), "bad-reference:1") << one;
    EXPECT_EQ(refusal("<a b='" + std::string(one) + "'/>"), "bad-reference:1") << one;
  }
}

TEST(XmlTest, WhatIsNotWellFormed) {
  for (const char* one : {"",
                          " ",
                          "a",
                          "<a>",
                          "<a",
                          "<a b",
                          "<a b='",
                          "<a b='c'",
                          "<a></b>",
                          "<a></a",
                          "<a/><b/>",
                          "<a/>t",
                          "t<a/>",
                          "</a>",
                          "<a b/>",
                          "<a b=c/>",
                          "<a b='1' b='2'/>",
                          "<a b='1'c='2'/>",
                          "<a b='<'/>",
                          "<a>]]></a>",
                          "<a><!-- -- --></a>",
                          "<a><!-- --->",
                          "<a><!--",
                          "<a><?xml version='1.0'?></a>",
                          " <?xml version='1.0'?><a/>",
                          "<a><?",
                          "<a><? x?></a>",
                          "<a><![CDATA[",
                          "<a><![CDATAx]]></a>",
                          "<![CDATA[a]]><a/>",
                          "<1/>",
                          "<a:/>",
                          "<:a/>",
                          "<a:b:c xmlns:a='u' xmlns:b='v'/>",
                          "< a/>",
                          "<a / >",
                          "<a></ a>",
                          "<a></a b>",
                          "<a 1='b'/>",
                          "<?xml version='1.1'?><a/>",
                          "<?xml encoding='UTF-8'?><a/>",
                          "<?xml version='1.0' x='y'?><a/>",
                          "<?xml version='1.0'",
                          "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
                          "<a>&amp;</a>&amp;",
                          "<a><b></a></b>",
                          "<a><!x></a>",
                          "<a></abc>",
                          "<a b='c'd/>"}) {
    EXPECT_EQ(refusal(one).substr(0, 16), "not-well-formed:") << one;
    EXPECT_EQ(refusal(one, 1).substr(0, 16), "not-well-formed:") << one;
  }
  EXPECT_EQ(refusal("<a>\n<b>\n</c></a>"), "not-well-formed:3");
}

TEST(XmlTest, NamespacesAreBoundAndAreWhatTheyMayBe) {
  EXPECT_EQ(refusal("<p:a/>"), "unbound-prefix:1");
  EXPECT_EQ(refusal("<a p:b=''/>"), "unbound-prefix:1");
  EXPECT_EQ(refusal("<a><b xmlns:p='u'/><p:c/></a>"), "unbound-prefix:1");
  for (const char* one : {"xmlns:p=''", "xmlns:xml='u'", "xmlns:xmlns='u'",
                          "xmlns='http://www.w3.org/XML/1998/namespace'", "xmlns:p='http://www.w3.org/2000/xmlns/'"}) {
    EXPECT_EQ(refusal("<a " + std::string(one) + "/>"), "bad-namespace:1") << one;
  }
  EXPECT_EQ(read("<a xml:lang='de'/>"), "<{}a xml{http://www.w3.org/XML/1998/namespace}lang=[de]@1></a1>");
}

TEST(XmlTest, DocumentTypesAndEntitiesAreRefused) {
  EXPECT_EQ(refusal("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "dtd:1");
  EXPECT_EQ(refusal("<a>&b;</a>"), "bad-reference:1");
  EXPECT_EQ(refusal("<a b='&c;'/>"), "bad-reference:1");
  EXPECT_EQ(refusal("<a>& b</a>"), "bad-reference:1");
}

TEST(XmlTest, EveryLimitHolds) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(refusal(deep), "depth-limit:1");
  EXPECT_EQ(refusal("<a b='1' c='2' d='3'/>", 100, {.attributes = 2}), "limit-exceeded:1");
  EXPECT_EQ(refusal("<a b='" + std::string(200'000, 'x') + "'/>", 1000, {.attribute_bytes = 100'000}),
            "limit-exceeded:1");
  EXPECT_EQ(refusal("<" + std::string(2000, 'x') + "/>"), "limit-exceeded:1");
  std::string names = "<a>";
  for (int i = 0; i < 20; ++i) names += "<n" + std::to_string(i) + "/>";
  EXPECT_EQ(refusal(names, 100, {.names = 20}), "limit-exceeded:1");
  std::string spaces = "<a>";
  for (int i = 0; i < 20; ++i) spaces += "<b xmlns='u" + std::to_string(i) + "'/>";
  EXPECT_EQ(refusal(spaces, 100, {.spaces = 10}), "limit-exceeded:1");
}

TEST(XmlTest, APrefixInAValueIsFound) {
  class Asks : public Told {
    void start(const Start& element) override {
      found.emplace_back(element.spaces->bound("p").address);
      EXPECT_EQ(element.spaces->bound("q").address.data(), nullptr);
    }

   public:
    std::vector<std::string> found;
  } asks;
  Pieces pieces("<a xmlns:p='u'><b xmlns:p='v'/><c/></a>", 100);
  read_xml(pieces, asks);
  EXPECT_EQ(asks.found, (std::vector<std::string>{"u", "v", "u"}));
}

}  // namespace
