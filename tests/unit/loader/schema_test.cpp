// Schemas: what fits, what does not and in which words, what is refused, and that hostile schemas and values end.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unit/loader/schema_words.hpp"

namespace berth::loader {
namespace {

TEST(Schema, TellsEachFieldThatDoesNotFit) {
  EXPECT_EQ(verdict(clock_input, R"({"zone": "utc"})"), "");
  EXPECT_EQ(verdict(clock_input, R"({"zone": "utc", "format": "iso", "count": 10})"), "");
  EXPECT_EQ(verdict(clock_input, "{}"), "/zone: the field \"zone\", a string of at most 20 characters, got nothing");
  EXPECT_EQ(verdict(clock_input, R"({"zone": "utc", "count": 11})"),
            "/count: an integer from 1 to 10, got the integer 11");
  EXPECT_EQ(verdict(clock_input, R"({"zone": 1, "format": "x"})"),
            "/format: one of \"iso\", \"unix\", got the string \"x\"; /zone: a string of at most 20 characters, got "
            "the integer 1");
  EXPECT_EQ(verdict(clock_input, R"({"zone": "utc", "zome": 1})"),
            "/zome: no field of this name; did you mean zone? known are: count, format, zone, got the integer 1");
  EXPECT_EQ(verdict(clock_input, "[]"), ": an object, got an empty array");
  EXPECT_EQ(verdict(clock_input, "null"), ": an object, got null");
}

TEST(Schema, HasWordsForEveryKeyword) {
  const struct {
    const char *schema, *good, *bad, *expected;
  } cases[] = {
      {R"({"type": "integer"})", "1", "1.5", "an integer"},
      {R"({"type": "integer", "minimum": 1})", "1", "0", "an integer of at least 1"},
      {R"({"type": "integer", "exclusiveMinimum": 1})", "2", "1", "an integer above 1"},
      {R"({"type": "integer", "maximum": 1})", "1", "2", "an integer of at most 1"},
      {R"({"type": "number", "exclusiveMaximum": 1.5})", "1.25", "1.5", "a number below 1.5"},
      {R"({"type": "number", "minimum": 0, "exclusiveMaximum": 1})", "0", "1", "a number of at least 0 and below 1"},
      {R"({"type": "integer", "multipleOf": 5})", "10", "11", "an integer, a multiple of 5"},
      {R"({"type": "number", "multipleOf": 0.1})", "0.3", "0.35", "a number, a multiple of 0.1"},
      {R"({"minimum": 3})", "\"free\"", "2", "a number of at least 3"},
      {R"({"type": "boolean"})", "true", "1", "true or false"},
      {R"({"type": "null"})", "null", "0", "null"},
      {R"({"type": ["string", "null"]})", "null", "0", "a string or null"},
      {R"({"type": "string", "minLength": 1, "maxLength": 1})", "\"é\"", "\"ab\"", "a string of exactly 1 character"},
      {R"({"type": "string", "minLength": 2, "maxLength": 3})", "\"ab\"", "\"a\"", "a string of 2 to 3 characters"},
      {R"({"type": "string", "minLength": 2})", "\"ab\"", "\"a\"", "a string of at least 2 characters"},
      {R"({"type": "string", "pattern": "^[a-z]+$"})", "\"ab\"", "\"A\"", "a string that matches ^[a-z]+$"},
      {R"({"type": "string", "format": "date"})", "\"2024-02-29\"", "\"2023-02-29\"", "a date such as 2026-01-31"},
      {R"({"type": "string", "format": "something-else"})", "\"x\"", "1", "a string"},
      {R"({"const": "x"})", "\"x\"", "\"y\"", "exactly \"x\""},
      {R"({"enum": [1, null, "a"]})", "null", "2", "one of 1, null, \"a\""},
      {R"({"type": "array", "items": {"type": "string"}, "maxItems": 2})", "[\"a\"]", "[\"a\",\"b\",\"c\"]",
       "an array of at most 2 items, each a string"},
      {R"({"type": "array", "uniqueItems": true})", "[1, 2]", "[1, 1]", "an array, no two of them equal"},
      {R"({"type": "object", "minProperties": 1})", "{\"a\": 1}", "{}", "an object of at least 1 field"},
      {R"({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]})", "1", "0",
       "a string or an integer of at least 1"},
      {R"({"oneOf": [{"const": 1}, {"const": 2}]})", "2", "3", "exactly 1 or exactly 2"},
      {R"({"not": {"type": "null"}})", "1", "null", "something that is not null"},
      {R"({"type": "array", "contains": {"const": 1}})", "[0, 1]", "[0]",
       "an array with at least one item that is exactly 1"},
      {R"({"type": "object", "propertyNames": {"pattern": "^x"}})", "{\"xa\": 1}", "{\"a\": 1}",
       "an object whose fields' names are each a string that matches ^x"},
      {R"({"type": "object", "dependentRequired": {"a": ["b"]}})", "{\"a\": 1, \"b\": 2}", "{\"a\": 1}",
       "an object with \"b\" beside \"a\""},
      {R"({"type": "object", "dependentSchemas": {"a": {"minProperties": 2}}})", "{\"a\": 1, \"b\": 2}", "{\"a\": 1}",
       "an object that fits what its fields ask of each other"},
      {R"({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "null"}})", "null", "\"a\"",
       "something that fits the schema's if, then and else"},
  };
  for (const auto& one : cases) {
    const Schema schema = made(one.schema);
    EXPECT_EQ(verdict(schema, json::parse(one.good)), "") << one.schema;
    const auto misfits = schema.check(json::parse(one.bad));
    ASSERT_EQ(misfits.size(), 1u) << one.schema;
    EXPECT_EQ(misfits.front().expected, one.expected);
    EXPECT_EQ(misfits.front().pointer, "");
  }
}

TEST(Schema, FindsThePlaceWithinArraysObjectsAndReferences) {
  const char* tree =
      R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"a/b": {"type":
      "array", "items": {"$ref": "#/$defs/node"}}}, "$defs": {"node": {"type": "object", "properties": {"~n": {"type": "integer"},
      "next": {"$ref": "#/$defs/node"}}, "additionalProperties": {"type": "string"}}}})";
  EXPECT_EQ(verdict(tree, R"({"a/b": [{"~n": 1, "next": {"~n": 2}, "other": "x"}]})"), "");
  EXPECT_EQ(verdict(tree, R"({"a/b": [{}, {"~n": 1, "next": {"~n": "x"}}, {"other": 5}]})"),
            "/a~1b/1/next/~0n: an integer, got the string \"x\"; /a~1b/2/other: a string, got the integer 5");
  const char* tuple = R"({"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": {"type": "null"}})";
  EXPECT_EQ(verdict(tuple, R"([1, "a", null])"), "");
  EXPECT_EQ(verdict(tuple, R"([1])"), "");
  EXPECT_EQ(verdict(tuple, R"(["x", 2, 3])"),
            "/0: an integer, got the string \"x\"; /1: a string, got the integer 2; /2: null, got the integer 3");
  EXPECT_EQ(verdict(R"({"items": [{"type": "integer"}], "additionalItems": false})", "[1, 2]").substr(0, 8),
            ": an arr");
  const char* all = R"({"allOf": [{"required": ["a"]}, {"properties": {"b": {"type": "null"}}}], "type": "object"})";
  EXPECT_EQ(verdict(all, R"({"b": 1})"), "/a: the field \"a\", got nothing");
  EXPECT_EQ(verdict(all, R"({"a": 0, "b": 1})"), "/b: null, got the integer 1");
  const char* beside =
      R"({"properties": {"x": {"$ref": "#/$defs/s", "maxLength": 1}}, "$defs": {"s": {"type": "string"}}})";
  EXPECT_EQ(verdict(beside, R"({"x": "a"})"), "");
  EXPECT_EQ(verdict(beside, R"({"x": "ab"})"), "/x: a string of at most 1 character, got the string \"ab\"");
  EXPECT_EQ(verdict(beside, R"({"x": 1})"), "/x: a string, got the integer 1");
  EXPECT_EQ(verdict(R"({"type": "object", "properties": {"never": false}})", R"({"never": 1})"),
            "/never: nothing, got the integer 1");
}

// The branches of anyOf do not blame fields that are in order.
TEST(Schema, BlamesTheChoiceAndNotItsBranches) {
  const char* choice = R"({"type": "object", "properties": {"a": {"type": "integer"}}, "anyOf": [{"required": ["b"]},
      {"properties": {"a": {"const": 7}}, "required": ["a"]}]})";
  EXPECT_EQ(verdict(choice, R"({"a": 7})"), "");
  EXPECT_EQ(verdict(choice, R"({"a": 1, "b": 1})"), "");
  const auto misfits = made(choice).check({{"a", 1}});
  ASSERT_EQ(misfits.size(), 1u);
  EXPECT_EQ(misfits.front().pointer, "");
}

TEST(Schema, LosesNoDigitAndNoByte) {
  const char* exact = R"({"type": "integer", "maximum": 9007199254740992})";
  EXPECT_EQ(verdict(exact, "9007199254740992"), "");
  EXPECT_NE(verdict(exact, "9007199254740993"), "");
  EXPECT_NE(verdict(R"({"type": "integer", "maximum": 10})", "18446744073709551615"), "");
  EXPECT_EQ(verdict("{}", "[0, {\"a\": 18446744073709551615}]"),
            "/1/a: a number of at most 9223372036854775807, got the integer 18446744073709551615");
  EXPECT_EQ(verdict(R"({"multipleOf": 1})", "1.5"), ": a number, a multiple of 1, got the number 1.5");
  EXPECT_NE(verdict(R"({"multipleOf": 3})", "1e300"), "crash");
  EXPECT_EQ(verdict(R"({"multipleOf": 1})", "-9223372036854775808"), "");
  const std::string nul("a\0bbbb", 6);
  EXPECT_FALSE(made(R"({"maxLength": 3})").check(nul).empty());
  EXPECT_TRUE(made(R"({"enum": [1.0]})").check(1).empty());
}

TEST(Schema, CutsWhatItGot) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xc3\xa9";
  const auto misfits = made(R"({"type": "integer"})").check(text);
  ASSERT_EQ(misfits.size(), 1u);
  EXPECT_LT(misfits.front().got.size(), 90u);
  EXPECT_NE(misfits.front().got.find("…"), std::string::npos);
  EXPECT_NO_THROW(json(misfits.front().got).dump());  // no half a character
  json many = json::object();
  for (int i = 0; i < 1000; ++i) many["f" + std::to_string(i)] = i;
  EXPECT_EQ(made(R"({"additionalProperties": false})").check(many).size(), 20u);
}

TEST(Schema, RefusesWhatItCannotUse) {
  const std::string lead = "the schema is not usable: ";
  EXPECT_EQ(refusal(5), lead + "a schema is an object");
  EXPECT_EQ(refusal(true), lead + "a schema is an object");
  EXPECT_EQ(refusal({{"properties", {{"a/b", {{"type", "int"}}}}}}),
            lead +
                "at /properties/a~1b/type: \"int\" is not a type; types are null, boolean, integer, number, string, "
                "array, object");
  EXPECT_EQ(refusal({{"maximun", 1}}), lead + "at /maximun: this keyword is not supported / did you mean maximum?");
  EXPECT_EQ(refusal({{"$ref", "https://example.org/x"}}),
            lead + "at /$ref: only \"#\" and \"#/$defs/NAME\" can be referred to; nothing is fetched from elsewhere");
  EXPECT_EQ(refusal({{"$ref", "file.json#/x"}}).substr(0, 48), (lead + "at /$ref: only \"#\" and").substr(0, 48));
  EXPECT_EQ(refusal({{"$ref", "#/$defs/a"}}), lead + "at /$ref: there is no definition \"a\"");
  EXPECT_EQ(refusal({{"$schema", "http://json-schema.org/draft-04/schema"}}),
            lead + "at /$schema: this draft is not known / use https://json-schema.org/draft/2020-12/schema");
  EXPECT_NE(refusal({{"pattern", "(a"}}).find("a ( that is not closed"), std::string::npos);
  const json wrong[] = {{{"type", json::array()}},
                        {{"type", 5}},
                        {{"enum", json::array()}},
                        {{"enum", 1}},
                        {{"minimum", "1"}},
                        {{"multipleOf", 0}},
                        {{"multipleOf", -1}},
                        {{"minLength", -1}},
                        {{"minLength", 1.5}},
                        {{"maxItems", "1"}},
                        {{"uniqueItems", 1}},
                        {{"pattern", 1}},
                        {{"required", "a"}},
                        {{"required", {1}}},
                        {{"properties", 1}},
                        {{"properties", {{"a", 1}}}},
                        {{"items", 1}},
                        {{"anyOf", {}}},
                        {{"anyOf", 1}},
                        {{"not", 1}},
                        {{"dependencies", 1}},
                        {{"$defs", 1}},
                        {{"$ref", 1}},
                        {{"format", 1}},
                        {{"$defs", {{"a/b", true}}}},
                        {{"enum", {1}}, {"const", 1}},
                        {{"patternProperties", json::object()}},
                        {{"required", {std::string("a\0b", 3)}}},
                        {{"properties", {{std::string("a\0b", 3), true}}}}};
  for (const auto& schema : wrong) EXPECT_EQ(refusal(schema).substr(0, lead.size()), lead) << schema;
}

TEST(Schema, KeepsItsSource) {
  const json source = json::parse(clock_input);
  EXPECT_EQ(made(clock_input).source(), source);
}

}  // namespace
}  // namespace berth::loader
