// The SDK's own JSON reader and writer, held against nlohmann's: whatever they take and give must mean the same.
#include <berth/json_reader.hpp>
#include <berth/json_text.hpp>
#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace berth {
namespace {

using nlohmann::json;

const char* const good[] = {
    R"({"count":3,"flag":true,"name":"plain","tags":["red","green"],"deep":{"a":[{"b":null}]}})",
    R"([1,-2,3.5,1e10,"a\u00e9\ud83d\ude00\n\"\\\/\b\f\r\t",null,false,{"a":{"b":[]}},"éü€😀",-0,0.1,1E-5])",
    R"([18446744073709551615,18446744073709551616,-9223372036854775808,-9223372036854775809,123456789012345678901])",
    " { \"x\" : [ 1 , 2 ] ,\r\n\t\"y\":{} } "};

// The text with a few of its bytes changed, cut out or put in.
std::string damaged(std::string text, std::mt19937& dice) {
  static constexpr std::string_view bytes = " \"\\{}[],:0123456789eE+-.truefalsnu\x80\xc3\xed\xa0\x1f\x7f";
  for (auto times = dice() % 4; times > 0; --times) {
    const std::size_t at = dice() % text.size();
    const char byte = bytes[dice() % bytes.size()];
    switch (dice() % 3) {
      case 0: text[at] = byte; break;
      case 1: text.erase(at, 1 + dice() % 3); break;
      default: text.insert(at, 1, byte);
    }
    if (text.empty()) text = "0";
  }
  return text;
}

TEST(JsonReader, TakesWhatIsGood) {
  for (const char* text : good) {
    const auto value = read_json(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(*value, json::parse(text)) << text;
  }
}

TEST(JsonReader, MeansTheSameAsNlohmannOrSaysNothing) {
  std::mt19937 dice(11);
  int taken = 0;
  for (int i = 0; i < 40'000; ++i) {
    const std::string text = damaged(good[dice() % std::size(good)], dice);
    const auto value = read_json(text);
    if (!value) continue;
    ++taken;
    const json reference = json::parse(text, nullptr, false);
    ASSERT_FALSE(reference.is_discarded()) << text;
    ASSERT_EQ(*value, reference) << text;
    ASSERT_EQ(value->is_number_integer(), reference.is_number_integer()) << text;
  }
  EXPECT_GT(taken, 10'000);
}

TEST(JsonReader, LeavesWhatIsNotGood) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1",
                           "[1,]",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{a:1}",
                           "\"",
                           "\"\\",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\x01\"",
                           "\"\xff\"",
                           "\"\xed\xa0\x80\"",
                           "01",
                           "-",
                           "-a",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "+1",
                           "nul",
                           "truth",
                           "1 2",
                           "{\"a\":1,\"a\":2}",
                           "1e400",
                           "NaN",
                           "//",
                           "'a'"}) {
    EXPECT_FALSE(read_json(text)) << text;
  }
  EXPECT_FALSE(read_json(std::string_view("1\0", 2)));
}

TEST(JsonReader, GoesAsDeepAsItIsTold) {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
  };
  EXPECT_TRUE(read_json(nested(64)));
  EXPECT_FALSE(read_json(nested(65)));
  EXPECT_TRUE(read_json(nested(3), 3));
  EXPECT_FALSE(read_json(nested(4), 3));
  EXPECT_FALSE(read_json(std::string(1'000'000, '[')));
}

TEST(JsonText, ComesBackAsItWas) {
  for (const char* text : good) {
    const json value = json::parse(text);
    const std::string written = json_text(value);
    EXPECT_EQ(json::parse(written), value) << written;
    EXPECT_EQ(json::parse(written).dump(), value.dump()) << written;  // types, too
  }
}

TEST(JsonText, WritesEveryKindOfValue) {
  EXPECT_EQ(json_text(nullptr), "null");
  EXPECT_EQ(json_text(json::object()), "{}");
  EXPECT_EQ(json_text(json::array()), "[]");
  EXPECT_EQ(json_text(json::parse(R"({"b":[true,false,-1,2],"a":{"c":""}})")),
            R"({"a":{"c":""},"b":[true,false,-1,2]})");
  EXPECT_EQ(json_text(1.0), "1.0");
  EXPECT_EQ(json_text(-0.0), "-0.0");
  EXPECT_EQ(json_text(1e300), "1e+300");
  EXPECT_EQ(json_text(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_text(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json_text(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(json_text(std::string("\"\\\b\f\n\r\t\x01\x1f\x7f/é", 13)),
            "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/é\"");
}

TEST(JsonText, MendsWhatIsNotUtf8) {
  EXPECT_EQ(json_text(std::string("a\xff"
                                  "b")),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(json_text(std::string("\xc3")), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(json_text(json{{std::string("\x80"), 1}}), "{\"\xef\xbf\xbd\":1}");
}

}  // namespace
}  // namespace berth
