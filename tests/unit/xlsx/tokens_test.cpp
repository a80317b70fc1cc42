// A formula cut into tokens: each word by what stands around it, and nothing lost of any text.
#include "formula/tokens.hpp"

#include <gtest/gtest.h>

#include <string>

namespace xlsx::formula {

namespace {

// "function:SUM open:( cell:A1 …"
std::string cut(std::string_view formula) {
  static const char* const names[] = {"end",   "number",    "text", "boolean",   "error",    "cell", "columns",
                                      "rows",  "prefix",    "name", "structure", "function", "op",   "space",
                                      "comma", "semicolon", "open", "close",     "{",        "}",    "bad"};
  std::string all;
  Tokens tokens(formula);
  for (auto one = tokens.next(); one.kind != Kind::end; one = tokens.next())
    all += (all.empty() ? "" : " ") + std::string(names[static_cast<int>(one.kind)]) + "|" + std::string(one.text);
  return all;
}

TEST(Tokens, CutsAFormula) {
  EXPECT_EQ(cut("SUM(A1,$B$2:C3)*1.5E+3"),
            "function|SUM open|( cell|A1 comma|, cell|$B$2 op|: cell|C3 close|) op|* number|1.5E+3");
  EXPECT_EQ(cut("\"a \"\"FILTER(x)\"\" b\"&'it''s FILTER(1)'!A1"),
            "text|\"a \"\"FILTER(x)\"\" b\" op|& prefix|'it''s FILTER(1)'! cell|A1");
  EXPECT_EQ(cut("{1,-2;TRUE,#N/A}"),
            "{|{ number|1 comma|, op|- number|2 semicolon|; boolean|TRUE comma|, error|#N/A }|}");
  EXPECT_EQ(cut("A1<>B1"), "cell|A1 op|<> cell|B1");
  EXPECT_EQ(cut("A:A  $1:$3"), "columns|A:A space|   rows|$1:$3");
  EXPECT_EQ(cut("50%"), "number|50 op|%");
}

TEST(Tokens, TellsSheetsAndBooks) {
  EXPECT_EQ(cut("Jan:Mar!A1"), "prefix|Jan:Mar! cell|A1");
  EXPECT_EQ(cut("'Jan 1:Mar 2'!A1"), "prefix|'Jan 1:Mar 2'! cell|A1");
  EXPECT_EQ(cut("[1]Sheet1!A1"), "prefix|[1]Sheet1! cell|A1");
  EXPECT_EQ(cut("[2]!Rate"), "prefix|[2]! name|Rate");
  EXPECT_EQ(cut("'C:\\[Book.xlsx]S'!$A$1"), "prefix|'C:\\[Book.xlsx]S'! cell|$A$1");
  EXPECT_EQ(cut("Sheet1!A1:Sheet1!B2"), "prefix|Sheet1! cell|A1 op|: prefix|Sheet1! cell|B2");
  EXPECT_EQ(cut("#REF!+Sheet1!#REF!"), "error|#REF! op|+ prefix|Sheet1! error|#REF!");
}

TEST(Tokens, TellsTables) {
  EXPECT_EQ(cut("SUM(Table1[Amount])"), "function|SUM open|( name|Table1 structure|[Amount] close|)");
  EXPECT_EQ(cut("T1[[#This Row],[a]:[b '] c]]"), "name|T1 structure|[[#This Row],[a]:[b '] c]]");
  EXPECT_EQ(cut("[@Price]*2"), "structure|[@Price] op|* number|2");
}

TEST(Tokens, TellsNamesFromFunctionsAndCells) {
  EXPECT_EQ(cut("FILTER+LOG10(2)+LOG10"), "name|FILTER op|+ function|LOG10 open|( number|2 close|) op|+ cell|LOG10");
  EXPECT_EQ(cut("XFD1048576+XFE1+A1048577+A0"), "cell|XFD1048576 op|+ name|XFE1 op|+ name|A1048577 op|+ name|A0");
  EXPECT_EQ(cut("_xlfn._xlws.FILTER(Größe)"), "function|_xlfn._xlws.FILTER open|( name|Größe close|)");
  EXPECT_EQ(cut("MyRange (A1)"), "name|MyRange space|  open|( cell|A1 close|)");
}

TEST(Tokens, EndsWhereItIsBroken) {
  for (const char* text : {"\"open", "'open", "[open", "'open'", "1+~2", "2abc", "$", "a|b", "\x01"}) {
    Tokens tokens(text);
    auto one = tokens.next();
    while (one.kind != Kind::bad && one.kind != Kind::end) one = tokens.next();
    EXPECT_EQ(one.kind, Kind::bad) << text;
    EXPECT_NE(one.trouble, nullptr) << text;
    EXPECT_EQ(tokens.next().kind, Kind::end) << text;
  }
}

// Whatever bytes come: all of them are in some token, in order.
TEST(Tokens, LosesNothing) {
  const std::string_view letters = "A1$:!'\"[](){},;#@.EFx_ \n+<>=\xC3\xA9\\?";
  std::uint32_t seed = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::uint32_t size = (seed >> 8) % 24; text.size() < size;) {
      seed = seed * 1664525 + 1013904223;
      text += letters[(seed >> 16) % letters.size()];
    }
    seed = seed * 1664525 + 1013904223;
    std::string all;
    Tokens tokens(text);
    for (auto one = tokens.next(); one.kind != Kind::end; one = tokens.next()) {
      ASSERT_FALSE(one.text.empty()) << text;
      ASSERT_EQ(one.at, all.size()) << text;
      all += one.text;
    }
    ASSERT_EQ(all, text);
  }
}

}  // namespace

}  // namespace xlsx::formula
