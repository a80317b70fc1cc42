// A mistake in berth.lua is told with the line of its key, whatever else in the statement looks like it.
#include "command/key_line.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

TEST(KeyLine, IsWhereTheKeyIsAssigned) {
  EXPECT_EQ(line_of_key("limits {\n  body = 1,\n  bodi = 2,\n}\n", 1, "bodi"), 3);
  EXPECT_EQ(line_of_key("limits { bodi = 2 }", 1, "bodi"), 1);
  EXPECT_EQ(line_of_key("limits\n{\n  bodi\n  =\n 2 }", 1, "bodi"), 3);
  EXPECT_EQ(line_of_key("limits({\n  [\"bodi\"] = 2 })", 1, "bodi"), 2);
  EXPECT_EQ(line_of_key("limits({\n  ['bodi' ] = 2 })", 1, "bodi"), 2);
  EXPECT_EQ(line_of_key("limits({\n  [ [[bodi]] ] = 2 })", 1, "bodi"), 2);
  EXPECT_EQ(line_of_key("plugin \"x\" {\n  config = {\n    bodi = 2 } }", 1, "bodi"), 3);
}

TEST(KeyLine, BeginsAtTheStatement) {
  const char* text = "limits { bodi = 1 }\nlimits {\n  bodi = 2\n}\n";
  EXPECT_EQ(line_of_key(text, 1, "bodi"), 1);
  EXPECT_EQ(line_of_key(text, 2, "bodi"), 3);
  EXPECT_EQ(line_of_key("hosts { \"a\" } limits {\n bodi = 1 }", 1, "bodi"), 2);
}

TEST(KeyLine, EndsWithTheStatement) {
  EXPECT_EQ(line_of_key("limits {\n  body = 1\n}\nother {\n  bodi = 2\n}\n", 1, "bodi"), 1);
  EXPECT_EQ(line_of_key("limits(t)\nother { bodi = 2 }\n", 1, "bodi"), 1);
  EXPECT_EQ(line_of_key("limits { body = 1 }\nother {\n  bodi = 2\n}\n", 1, "bodi"), 1);
}

TEST(KeyLine, GoesOnWhereTheStatementDoes) {
  EXPECT_EQ(line_of_key("plugin(\"x\")\n{\n  bodi = 2\n}\n", 1, "bodi"), 3);
  EXPECT_EQ(line_of_key("plugin \"x\"\n-- a remark\n{\n  bodi = 2\n}\n", 1, "bodi"), 4);
}

TEST(KeyLine, IsNotInTextsAndComments) {
  EXPECT_EQ(line_of_key("limits {\n  a = \"bodi = 1\",\n  -- bodi = 1\n  bodi = 2 }", 1, "bodi"), 4);
  EXPECT_EQ(line_of_key("limits {\n  a = 'it\\'s { bodi = 1',\n  bodi = 2 }", 1, "bodi"), 3);
  EXPECT_EQ(line_of_key("limits { --[[ }\n bodi = 1\n]] a = [==[\n bodi = 1 ]]\n]==],\n  bodi = 2 }", 1, "bodi"), 6);
  EXPECT_EQ(line_of_key("limits { -- } ) \"\n  bodi = 2 }", 1, "bodi"), 2);
}

TEST(KeyLine, IsNotAValueOrAPartOfAWord) {
  EXPECT_EQ(line_of_key("limits {\n  a = bodi,\n  my_bodi = 1,\n  bodi2 = 1,\n  bodi = 2 }", 1, "bodi"), 5);
  EXPECT_EQ(line_of_key("limits {\n  a = bodi == 1,\n  b = \"bodi\",\n  bodi = 2 }", 1, "bodi"), 4);
}

TEST(KeyLine, FallsBackToTheStatement) {
  EXPECT_EQ(line_of_key("", 1, "bodi"), 1);
  EXPECT_EQ(line_of_key("\n\nlimits(t)", 3, "bodi"), 3);
  EXPECT_EQ(line_of_key("limits {", 9, "bodi"), 9);
  for (const char* cut : {"limits { \"", "limits { \"\\", "limits { [[", "limits { --[==[",
                          "limits { [=", "limits { bodi", "limits { [\"bodi\"", "limits { --"}) {
    EXPECT_EQ(line_of_key(cut, 1, "bodi"), 1) << cut;
  }
}

}  // namespace
}  // namespace berth::command
