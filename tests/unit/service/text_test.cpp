// Text from strangers: UTF-8, quoting for JSON, patterns, and folded comparison.
#include "service/text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::service {
namespace {

TEST(Text, KnowsUtf8) {
  for (const std::string_view good : {"", "plain", "gr\xc3\xbc\xc3\x9f", "\xe4\xbd\xa0\xe5\xa5\xbd", "\xf0\x9f\x9a\xa2",
                                      "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(valid_utf8(good)) << good;
  }
  EXPECT_TRUE(valid_utf8(std::string_view("a\0b", 3)));
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const std::string_view bad :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xe4\xbd", "\xe4\xbdx", "\xf0\x9f\x9a"}) {
    EXPECT_FALSE(valid_utf8(bad)) << json_quote(bad);
    EXPECT_FALSE(valid_utf8("before" + std::string(bad)));
  }
}

TEST(Text, QuotesForJson) {
  EXPECT_EQ(json_quote(""), "\"\"");
  EXPECT_EQ(json_quote("a \"b\" \\ /"), "\"a \\\"b\\\" \\\\ /\"");
  EXPECT_EQ(json_quote("\n\r\t\b\f\x01\x1b\x7f"), "\"\\n\\r\\t\\b\\f\\u0001\\u001b\\u007f\"");
  EXPECT_EQ(json_quote("\xc2\x9b"
                       "31m"),
            "\"\\u009b31m\"")
      << "a terminal may obey U+009B";
  EXPECT_EQ(json_quote("\xc2\xa0\xe4\xbd\xa0"), "\"\xc2\xa0\xe4\xbd\xa0\"");
  EXPECT_EQ(json_quote("a\xff"
                       "b\xe4\xbd"),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(Text, AnyTwoBytesBecomeGoodJson) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string pair = {static_cast<char>(a), static_cast<char>(b)};
      const auto parsed = nlohmann::json::parse(json_quote(pair), nullptr, false);
      ASSERT_TRUE(parsed.is_string()) << a << ' ' << b;
      if (valid_utf8(pair)) {
        ASSERT_EQ(parsed.get<std::string>(), pair);
      }
    }
  }
}

TEST(Text, MatchesPatterns) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "anything"));
  EXPECT_TRUE(matches("shell.*", "shell.run"));
  EXPECT_TRUE(matches("*.read*", "disk.read_all"));
  EXPECT_TRUE(matches("a**b", "ab"));
  EXPECT_TRUE(matches("a*b*c", "a_b_b_c"));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_FALSE(matches("shell.*", "shell"));
  EXPECT_FALSE(matches("shell", "shell.run"));
  EXPECT_FALSE(matches("*.run", "shell.run2"));
  EXPECT_FALSE(matches("a?c", "abc"));
}

TEST(Text, AHostilePatternStaysCheap) {
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "a*";
  EXPECT_FALSE(matches(stars + "b", std::string(20'000, 'a')));
}

TEST(Text, FoldsAsciiOnly) {
  EXPECT_TRUE(equal_fold("Content-TYPE", "content-type"));
  EXPECT_FALSE(equal_fold("abc", "abcd"));
  EXPECT_FALSE(equal_fold("[", "{"));
  EXPECT_FALSE(equal_fold("\xc3\x84", "\xc3\xa4"));
}

}  // namespace
}  // namespace berth::service
