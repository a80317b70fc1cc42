// One input out of path, query and body.
#include "routing/input_form.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::routing {
namespace {

using nlohmann::json;

using Pairs = std::vector<std::pair<std::string, std::string>>;

json schema(const char* properties) {
  return {{"type", "object"},
          {"properties", json::parse(properties)},
          {"additionalProperties", false},
          {"$defs", {{"count", {{"type", "integer"}}}}}};
}

const char* const fields = R"({
  "name": {"type": "string"}, "count": {"type": "integer"}, "ratio": {"type": "number"}, "flag": {"type": "boolean"},
  "tags": {"type": "array", "items": {"type": "string"}}, "numbers": {"type": "array", "items": {"type": "integer"}},
  "loose": {"type": "array"}, "where": {"type": "object"}, "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
  "by_reference": {"$ref": "#/$defs/count"}, "choice": {"enum": [1, 2]}, "exactly": {"const": true},
  "either": {"type": ["string", "integer"]}, "any": {}})";

// The input as text, or "STATUS code pointer".
std::string assembled(const Pairs& path, std::string_view query, std::optional<json> body = std::nullopt) {
  auto input = InputForm(schema(fields)).fill(path, query, std::move(body));
  if (input) return input->dump();
  const auto& error = input.error();
  return std::to_string(error.status) + " " + error.code +
         (error.misfits.empty() ? "" : " " + error.misfits.front().pointer);
}

TEST(InputForm, MergesPathQueryAndBody) {
  EXPECT_EQ(assembled({}, ""), "{}");
  EXPECT_EQ(assembled({{"name", "a b"}}, "count=3", json{{"flag", true}}), R"({"count":3,"flag":true,"name":"a b"})");
  EXPECT_EQ(assembled({}, "&&name=x&", json::object()), R"({"name":"x"})");
}

TEST(InputForm, FollowsTheTypesOfTheSchema) {
  const std::pair<const char*, const char*> cases[] = {
      {"count=5", R"({"count":5})"},
      {"count=-9223372036854775808", R"({"count":-9223372036854775808})"},
      {"count=18446744073709551615", R"({"count":18446744073709551615})"},  // the schema refuses it, and names it
      {"count=99999999999999999999", R"({"count":"99999999999999999999"})"},
      {"count=1.5", R"({"count":1.5})"},
      {"count=5x", R"({"count":"5x"})"},
      {"count=", R"({"count":""})"},
      {"count=%2B5", R"({"count":"+5"})"},
      {"ratio=0.25", R"({"ratio":0.25})"},
      {"ratio=1e3", R"({"ratio":1000.0})"},
      {"ratio=nan", R"({"ratio":"nan"})"},
      {"ratio=inf", R"({"ratio":"inf"})"},
      {"ratio=1e999", R"({"ratio":"1e999"})"},
      {"flag=true", R"({"flag":true})"},
      {"flag=0", R"({"flag":false})"},
      {"flag=yes", R"({"flag":"yes"})"},
      {"flag", R"({"flag":""})"},
      {"name=5", R"({"name":"5"})"},
      {"name=a+b%20c%2B", R"({"name":"a b c+"})"},
      {"name=a=b", R"({"name":"a=b"})"},
      {"name=%C3%A9", "{\"name\":\"\xc3\xa9\"}"},
      {"n%61me=x", R"({"name":"x"})"},
      {"tags=a", R"({"tags":["a"]})"},
      {"tags=a&tags=5", R"({"tags":["a","5"]})"},
      {"tags=", R"({"tags":[""]})"},
      {"tags=[\"a\",\"b\"]", R"({"tags":["a","b"]})"},
      {"tags=[a", R"({"tags":["[a"]})"},
      {"tags=a&tags=[\"b\"]", R"({"tags":["a","[\"b\"]"]})"},
      {"numbers=1&numbers=x", R"({"numbers":[1,"x"]})"},
      {"loose=1&loose=a", R"({"loose":["1","a"]})"},
      {"where={\"a\":1}", R"({"where":{"a":1}})"},
      {"where={\"a\":1,\"a\":2}", R"({"where":"{\"a\":1,\"a\":2}"})"},
      {"where=x", R"({"where":"x"})"},
      {"maybe=7", R"({"maybe":7})"},
      {"by_reference=7", R"({"by_reference":7})"},
      {"choice=2", R"({"choice":2})"},
      {"exactly=true", R"({"exactly":true})"},
      {"either=7", R"({"either":7})"},
      {"either=007", R"({"either":"007"})"},
      {"any=7", R"({"any":"7"})"},
      {"unknown=7", R"({"unknown":"7"})"},  // the schema refuses it
      {"=7", R"({"":"7"})"},
  };
  for (const auto& [query, input] : cases) EXPECT_EQ(assembled({}, query), input) << query;
  EXPECT_EQ(assembled({{"count", "5"}}, ""), R"({"count":5})");
}

TEST(InputForm, RefusesAFieldGivenTwice) {
  EXPECT_EQ(assembled({}, "name=a&name=b"), "422 invalid_input /name");
  EXPECT_EQ(assembled({{"name", "a"}}, "name=b"), "422 invalid_input /name");
  EXPECT_EQ(assembled({{"name", "a"}}, "", json{{"name", "a"}}), "422 invalid_input /name");
  EXPECT_EQ(assembled({}, "tags=a", json{{"tags", {"b"}}}), "422 invalid_input /tags");
  EXPECT_EQ(assembled({}, "where={\"a\":1}&where={}"), "422 invalid_input /where");
  EXPECT_EQ(assembled({}, "a/b~=1&a/b~=2"), "422 invalid_input /a~1b~0");
}

TEST(InputForm, RefusesBrokenText) {
  for (const char* query : {"name=%", "name=%4", "name=%zz", "%=x", "name=%FF", "name=\xff", "name=%C3"}) {
    EXPECT_EQ(assembled({}, query), "400 bad_query") << query;
  }
  EXPECT_EQ(assembled({{"name", "\xff"}}, ""), "400 bad_target");
  for (const json& body : {json::array(), json("x"), json(5), json(nullptr)}) {
    EXPECT_EQ(assembled({}, "", body), "422 invalid_input ") << body;
  }
}

TEST(InputForm, SurvivesSchemasThatLeadRoundAndRound) {
  json odd = schema(R"({"a": {"$ref": "#/$defs/loop"}, "b": true, "c": {"type": [5]}})");
  odd["$defs"]["loop"] = {{"anyOf", {{{"$ref", "#/$defs/loop"}}, {{"type", "integer"}}, {{"$ref", "#/$defs/none"}}}}};
  EXPECT_EQ(InputForm(odd).fill({}, "a=1&b=2&c=3", std::nullopt)->dump(), R"({"a":1,"b":"2","c":"3"})");
  odd = json::object();
  EXPECT_EQ(InputForm(odd).fill({}, "a=1", std::nullopt)->dump(), R"({"a":"1"})");
}

}  // namespace
}  // namespace berth::routing
