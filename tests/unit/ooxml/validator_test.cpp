// A part is held against a grammar: the first thing wrong with an element's content, and all that is wrong with
// attributes.
#include <algorithm>

#include "looking.hpp"

namespace {

using looking::Grammar;
using ooxml::Era;
using ooxml::Office;

const Grammar& words() {
  static const Grammar grammar(
      "space w urn:w\nspace w14 urn:w14 since 2010\nspace o urn:o\nuse w\npart t = d:D\nelement o:g:G\n"
      "type D = p:P* e:Ext? k:K? @v:V\n"
      "value V = int(1..9) | Word\nenum Word = left right start strict end transitional late since 2021\n"
      "type P = b:T? i:T? t:T* w14:n:T? since 2010 @id:hex{4} @w14:q:int since 2010\n"
      "type T = text string @k:bool\ntype Ext = any? @uri!:string\ntype G = h:T @z:int\ntype K = text int(1..5)\n"
      "extension {1} in Ext = w14:x:G since 2010\n");
  return grammar;
}

std::string found(const std::string& inside, Era era = {}, const std::string& attributes = "") {
  return words().found(
      "<w:d xmlns:w='urn:w' xmlns:w14='urn:w14' xmlns:o='urn:o' " + attributes + ">" + inside + "</w:d>", era);
}

TEST(ValidatorTest, OneFindingForEachElementsContentAndItsChildrenAreLookedInto) {
  EXPECT_EQ(found("<w:p><w:b/><w:t/></w:p>"), "");
  EXPECT_EQ(found("<w:p/><w:p><w:i/><w:b k='x'/><w:i/><w:q/></w:p>"),
            "unexpected-element /w:d[1]/w:p[2] [w:b]; bad-value /w:d[1]/w:p[2]/w:b[1] [k]");
  EXPECT_EQ(found("<w:p><w:b/><w:b/></w:p>"), "too-many /w:d[1]/w:p[1] [w:b]");
  EXPECT_EQ(found("<w:p><w:zz><w:b k='x'/></w:zz></w:p>"), "unknown-element /w:d[1]/w:p[1] [w:zz]");
  EXPECT_EQ(found("<w:p><w:p k='x'/></w:p>"), "unexpected-element /w:d[1]/w:p[1] [w:p]");
  EXPECT_EQ(found("<w:p><x xmlns='urn:x'/></w:p>"), "unknown-element /w:d[1]/w:p[1] [x]");
}

TEST(ValidatorTest, LeavesHaveNoChildren) {
  EXPECT_EQ(found("<w:p><w:b>text<w:i/><w:i/></w:b></w:p>"), "unexpected-element /w:d[1]/w:p[1]/w:b[1] [w:i]");
}

TEST(ValidatorTest, AttributesAreDeclaredAndRightAndThere) {
  EXPECT_EQ(found("<w:p id='00FF' xml:lang='de'/>"), "");
  EXPECT_EQ(
      found("<w:p id='00FG' a='1' w:b='2'/>"),
      "bad-value /w:d[1]/w:p[1] [id]; unknown-attribute /w:d[1]/w:p[1] [a]; unknown-attribute /w:d[1]/w:p[1] [w:b]");
  EXPECT_EQ(found("<w:e/>"), "missing-attribute /w:d[1]/w:e[1] [uri]");
}

TEST(ValidatorTest, WhatIsNewerThanOffice) {
  const Era old{Office::o2007, false};
  EXPECT_EQ(found("<w:p w14:q='1'><w14:n/></w:p>"), "");
  EXPECT_EQ(found("<w:p w14:q='1'><w14:n/></w:p>", old),
            "newer-attribute /w:d[1]/w:p[1] [w14:q]; newer-element /w:d[1]/w:p[1] [w14:n]");
  EXPECT_EQ(found("", {}, "v='late'"), "bad-value /w:d[1] [v]");
  EXPECT_EQ(found("", {Office::o2021, false}, "v='late'"), "");
}

TEST(ValidatorTest, Editions) {
  EXPECT_EQ(found("", {Office::o2019, false}, "v='end'"), "");
  EXPECT_EQ(found("", {Office::o2019, true}, "v='end'"), "bad-value /w:d[1] [v]");
  EXPECT_EQ(found("", {Office::o2019, false}, "v='start'"), "bad-value /w:d[1] [v]");
  EXPECT_EQ(found("", {Office::o2019, true}, "v='start'"), "");
}

TEST(ValidatorTest, WildcardsLookIntoWhatIsKnown) {
  EXPECT_EQ(found("<w:e uri=''><x xmlns='urn:x'><y/></x></w:e>"), "");
  EXPECT_EQ(found("<w:e uri=''><o:g z='q'/></w:e>"),
            "bad-value /w:d[1]/w:e[1]/o:g[1] [z]; missing-element /w:d[1]/w:e[1]/o:g[1]");
  EXPECT_EQ(found("<w:e uri=''><w14:x><w:h/></w14:x></w:e>"), "");
  EXPECT_EQ(found("<w:e uri=''><w14:x/></w:e>"), "missing-element /w:d[1]/w:e[1]/w14:x[1]");
  EXPECT_EQ(found("<w:e uri=''><w14:x/></w:e>", {Office::o2007, false}), "");
  EXPECT_EQ(found("<w:e uri=''><o:a/><o:b/></w:e>"), "unknown-element /w:d[1]/w:e[1] [o:b]");
}

TEST(ValidatorTest, TextsHaveValuesAndElementsHaveNoText) {
  EXPECT_EQ(found("<w:k> 3 </w:k>"), "");
  EXPECT_EQ(found("<w:k>6</w:k>"), "bad-text /w:d[1]/w:k[1] [w:k]");
  EXPECT_EQ(found("<w:k>3<!-- x --></w:k>"), "");
  EXPECT_EQ(found("a<w:p/>b"), "unexpected-text /w:d[1]");
}

TEST(ValidatorTest, TheRootIsOneOfItsKind) {
  EXPECT_EQ(words().found("<w:p xmlns:w='urn:w'><w:q/></w:p>"), "wrong-root  [p]");
  EXPECT_EQ(words().found("<d/>"), "wrong-root  [d]");
}

TEST(ValidatorTest, PathsCountBrothersOfAName) {
  std::string many;
  for (int i = 0; i < 60; ++i) many += "<w:x" + std::to_string(i) + "/>";
  EXPECT_EQ(found("<w:p/>" + many + many + "<w:p id='x'/>").substr(0, 28), "unknown-element /w:d[1] [w:x");
  EXPECT_NE(found("<w:p/>" + many + many + "<w:p id='x'/>").find("bad-value /w:d[1]/w:p[2] [id]"), std::string::npos);
}

TEST(ValidatorTest, WhatIsNotKeptIsCounted) {
  std::string many;
  for (int i = 0; i < 1500; ++i) many += "<w:p a='1'><w:zz/></w:p>";
  std::string told = found(many);
  EXPECT_EQ(std::count(told.begin(), told.end(), ';') + 1, 1000);
}

TEST(ValidatorTest, RelationshipsAreThere) {
  Grammar grammar("space s urn:s\nuse s\npart t = r:R\ntype R = empty @id:rid\n");
  EXPECT_EQ(grammar.found("<r xmlns='urn:s' id='rId1'/>"), "missing-relationship /s:r[1] [id]");
}

TEST(ValidatorTest, ValuesOfEachKind) {
  struct Case {
    const char *value, *right, *wrong;
  };
  // Words between "|".
  const Case cases[] = {
      {"int", "1|+1|-1| 1 |01|2147483647", "|1.0|1e3|2147483648|0x1|+-1|--1"},
      {"uint", "1| 1 |01|4294967295", "+1|-1|-0|4294967296|"},
      {"ubyte", "0|255", "256|-1"},
      {"ulong", "18446744073709551615", "18446744073709551616|-1"},
      {"long", "-9223372036854775808", "9223372036854775808"},
      {"int(2..)", "2|99", "1"},
      {"double", "1|1.5| 1.5 |1e5|INF|-INF|NaN|+1|1.|.5|Infinity", "|1,5|1d|.|e5|1e|++1"},
      {"double(0..1)", "0|1|0.5", "-0.1|1.1|NaN"},
      {"bool", "1|0|true|false| 1 ", "TRUE|on|2|"},
      {"onoff", "on|off|true|1", "On|x|"},
      {"string{2,3}", "ab|abc|\xC3\xA4\xC3\xA4", "a|abcd"},
      {"hex{4}", "00fF", "00f|00fg|00fff"},
      {"hexbinary{2}", "00fF", "00f"},
      {"hexbinary", "00fF|", "00f"},
      {"base64", "|QQ==|QUI=|QUJD", "Q|QQ=|Q===|=QQQ"},
      {"datetime", "2020-01-01T00:00:00Z|2020-01-01|2020-01-01T00:00:00.123+02:00",
       "x||2020-13-01T00:00:00Z|2020-01-01T24:00:00Z"},
      {"guid", "{01234567-89ab-CDEF-0123-456789ABCDEF}", "{01234567-89ab-CDEF-0123-456789ABCDE}|x|"},
      {"language", "de|en-US|x-1", "|de_DE|123456789"},
      {"ncname", "a|_1", "1|a:b|"},
      {"universal", "1mm|-12.5pt", "1|1.mm|1 mm"},
      {"percent", "12%|-1.5%", "12|%"},
      {"cell", "A1|$XFD$1048576|b2", "XFE1|A0|A1048577|A|1"},
      {"range", "A1|A1:B2|A:B|1:2|$A$1:$B$2", "A1:B|A1:|:"},
      {"ranges", "A1 B2:C3", "A1 ?"},
      {"list int", "1 2  3|", "1 x"},
      {"int | percent", "1|12%", "x"},
      {"X", "a|b c|", "d"},
  };
  for (const Case& one : cases) {
    Grammar grammar("space s urn:s\nuse s\npart t = r:R\nenum X = a \"b c\" \"\"\ntype R = empty @v:" +
                    std::string(one.value) + "\n");
    auto check = [&](std::string_view all, bool right) {
      for (;;) {
        std::size_t end = std::min(all.find('|'), all.size());
        std::string value(all.substr(0, end));
        std::string told = grammar.found("<r xmlns='urn:s' v='" + value + "'/>");
        EXPECT_EQ(told, right ? "" : "bad-value /s:r[1] [v]") << one.value << " of \"" << value << "\"";
        if (end == all.size()) return;
        all.remove_prefix(end + 1);
      }
    };
    check(one.right, true);
    check(one.wrong, false);
  }
}

}  // namespace
