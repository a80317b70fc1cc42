// JSON from clients: exactly the good texts are taken, and the bad ones are named.
#include "routing/json_input.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::routing {
namespace {

using nlohmann::json;

std::string refusal(std::string_view text, unsigned depth = 64) {
  auto parsed = parse_json(text, depth);
  if (parsed) return "accepted " + parsed->dump();
  EXPECT_EQ(parsed.error().status, 400);
  EXPECT_EQ(parsed.error().code, "bad_json");
  return parsed.error().message;
}

TEST(ParseJson, TakesGoodText) {
  for (const char* text :
       {"{}", "[]", "5", "-1.5", "\"x\"", "true", "null", R"({"a":{"b":[1,{"c":null},[]]},"d":"\u00e9"})",
        R"([{"a":1},{"a":2}])", R"({"a":{"a":{"a":1}}})", "18446744073709551615"}) {
    auto parsed = parse_json(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, json::parse(text)) << text;
  }
  EXPECT_EQ(*parse_json(" \n{\"a\" : [ 1 , 2 ] }\t"), json::parse(R"({"a":[1,2]})"));
}

TEST(ParseJson, SaysWhereAndWhatWasExpected) {
  const std::string lead = "the JSON is broken: ";
  EXPECT_EQ(refusal("{\"a\": 1,}"),
            lead + "byte 9: syntax error while parsing object key - unexpected '}'; expected string literal");
  EXPECT_EQ(
      refusal("["),
      lead + "byte 2: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal");
  EXPECT_EQ(refusal("").substr(0, 27), lead + "byte 1:");
  EXPECT_EQ(refusal("{} x").substr(0, 27), lead + "byte 4:");
  EXPECT_EQ(refusal("{\"a\":1,\"b\":2,\"a\":3}"), lead + "the key \"a\" stands twice in one object");
  EXPECT_EQ(refusal("[[[1]]]", 2), lead + "it is nested deeper than 2 levels");
  EXPECT_EQ(refusal("[[1]]", 2), "accepted [[1]]");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const std::string text : {"NaN",         "[NaN]",    "Infinity", "1e999",    "01",
                                 "+1",          ".5",       "'a'",      "{a:1}",    "{\"a\":}",
                                 "[1 2]",       "\"\x01\"", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"",
                                 "\"\\ud800\"", "// c\n1",  "nul",      "{",        "[",
                                 "\"",          "]",        "{\"a\"",   "tru\0e",   "\"\xc0\xaf\""}) {
    EXPECT_EQ(refusal(text).substr(0, 9), "the JSON ") << text;
  }
  EXPECT_EQ(refusal(std::string_view("1\0", 2)), "the JSON is broken: byte 2: a NUL");
  EXPECT_EQ(refusal(R"({"last read; expected x": ,})").find("; expected x"), std::string::npos);
}

TEST(ParseJson, SurvivesDepth) {
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(refusal(deep), "the JSON is broken: it is nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal(objects), "the JSON is broken: it is nested deeper than 64 levels");
}

}  // namespace
}  // namespace berth::routing
