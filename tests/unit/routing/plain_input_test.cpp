// The quick way to an input, held against the slow one: what it writes must be what InputForm and the schema's check
// let through, to the byte; where it is silent nothing is lost.
#include "routing/plain_input.hpp"

#include <gtest/gtest.h>

#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "routing/input_form.hpp"

namespace berth::routing {
namespace {

using nlohmann::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

loader::Schema compiled(const json& source) {
  auto schema = loader::Schema::compile(source);
  EXPECT_TRUE(schema) << source;
  return std::move(*schema);
}

json source_of(const char* properties, std::vector<std::string> required = {}) {
  return {{"type", "object"},
          {"properties", json::parse(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

const char* const plain_fields = R"({
  "name": {"type": "string"}, "short": {"type": "string", "maxLength": 3}, "word": {"type": "string", "pattern": "^[a-z]+$"},
  "colour": {"type": "string", "enum": ["red", "green"]}, "count": {"type": "integer"},
  "few": {"type": "integer", "minimum": 1, "maximum": 10}, "ratio": {"type": "number"}, "flag": {"type": "boolean"},
  "tags": {"type": "array", "items": {"type": "string"}},
  "numbers": {"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": 2}})";

// The slow way: nothing if the input is refused.
std::optional<std::string> slowly(const json& source, const loader::Schema& schema, const Pairs& path,
                                  std::string_view query) {
  auto input = InputForm(source).fill(path, query, std::nullopt);
  if (!input || !schema.check(*input).empty()) return std::nullopt;
  return json_text(*input);
}

TEST(PlainInput, WritesWhatIsPlain) {
  const json source = source_of(plain_fields);
  const auto schema = compiled(source);
  const PlainInput plain(schema);
  EXPECT_EQ(plain.text({}, ""), "{}");
  EXPECT_EQ(plain.text({{"name", "a b"}}, "count=3&flag=1&tags=red&tags=green"),
            R"({"count":3,"flag":true,"name":"a b","tags":["red","green"]})");
  EXPECT_EQ(plain.text({}, "few=007&word=abc&numbers=1&numbers=2"), R"({"few":7,"numbers":[1,2],"word":"abc"})");
}

TEST(PlainInput, SaysNothingOfTheRest) {
  const auto schema = compiled(source_of(plain_fields, {"count"}));
  const PlainInput plain(schema);
  for (const char* query : {"",
                            "name=x",
                            "count=x",
                            "count=",
                            "count",
                            "count=1&count=2",
                            "count=1&other=2",
                            "count=1&name=a%20b",
                            "count=1&name=a+b",
                            "count=1&name=\"",
                            "count=1&short=long",
                            "count=1&word=A1",
                            "count=1&colour=blue",
                            "count=1&few=11",
                            "count=1&ratio=1",
                            "count=1&flag=yes",
                            "count=1&tags=[1]",
                            "count=1&numbers=-1",
                            "count=1&numbers=1&numbers=2&numbers=3",
                            "count=99999999999999999999",
                            "&count=1",
                            "count=1&a=1&b=1",
                            "count=1&name=\xc3\xa9"}) {
    EXPECT_FALSE(plain.text({}, query)) << query;
  }
  EXPECT_FALSE(plain.text({{"count", "1"}}, "count=1"));
  EXPECT_FALSE(plain.text({{"count", "1"}, {"name", "\xc3\xa9"}}, ""));
  EXPECT_EQ(plain.text({{"count", "1"}}, ""), R"({"count":1})");
}

TEST(PlainInput, IsOnlyForSchemasThatSayNoMore) {
  for (
      const char* source :
      {R"({"type": "object", "properties": {"a": {"type": "string"}}})",
       R"({"type": "object", "additionalProperties": true})",
       R"({"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "additionalProperties": false})",
       R"({"type": "object", "properties": {"a": {}}, "additionalProperties": false})",
       R"({"type": "object", "properties": {"a": {"type": "object"}}, "additionalProperties": false})",
       R"({"type": "object", "properties": {"a": {"type": "array"}}, "additionalProperties": false})",
       R"({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false, "minProperties": 1})",
       R"({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false, "not": {"required": ["a"]}})",
       R"({"type": "object", "properties": {"a": {"type": "array", "uniqueItems": true, "items": {"type": "string"}}},
            "additionalProperties": false})"}) {
    const auto schema = compiled(json::parse(source));
    EXPECT_FALSE(PlainInput(schema).text({}, "")) << source;
    EXPECT_FALSE(PlainInput(schema).text({}, "a=x")) << source;
  }
}

TEST(PlainInput, MeansTheSameAsTheSlowWay) {
  std::mt19937 dice(7);
  const auto pick = [&dice](const auto& from) { return from[dice() % std::size(from)]; };
  static constexpr const char* names[] = {"name",  "short", "word", "colour",  "count", "few",
                                          "ratio", "flag",  "tags", "numbers", "x"};
  static constexpr const char* values[] = {"",    "a",   "abc", "abcd", "red",   "1",     "0",   "-1",
                                           "7",   "11",  "007", "-0",   "true",  "false", "1.5", "+1",
                                           "%41", "a+b", "[]",  "{}",   "[1,2]", "\"a\"", "\\",  "9223372036854775808"};
  const json source = source_of(plain_fields, {"name"});
  const auto schema = compiled(source);
  const PlainInput plain(schema);
  int written = 0;
  for (int i = 0; i < 30'000; ++i) {
    Pairs path;
    if (dice() % 4 > 0) path.emplace_back("name", pick(values));
    std::string query;
    for (auto count = dice() % 4; count > 0; --count)
      query += std::string(query.empty() ? "" : "&") + pick(names) + "=" + pick(values);
    const auto text = plain.text(path, query);
    if (!text) continue;
    ++written;
    ASSERT_EQ(text, slowly(source, schema, path, query)) << query;
  }
  EXPECT_GT(written, 3'000);
}

}  // namespace
}  // namespace berth::routing
