// Schemas and values that mean harm: endless, deep, slow, or all at once.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "unit/loader/schema_words.hpp"

namespace berth::loader {
namespace {

json nested(unsigned levels, const char* word) {
  json schema = json::object();
  for (unsigned i = 0; i < levels; ++i) schema = json{{word, std::move(schema)}};
  return schema;
}

TEST(Schema, RefusesSchemasWithoutEnd) {
  EXPECT_EQ(refusal(nested(60, "items")), "accepted");
  EXPECT_NE(refusal(nested(70, "items")), "accepted");
  EXPECT_NE(refusal(nested(100'000, "items")), "accepted");
  EXPECT_NE(refusal(nested(40, "not")), "accepted");
  EXPECT_NE(refusal({{"$ref", "#"}}), "accepted");
  EXPECT_NE(refusal({{"anyOf", {{{"$ref", "#"}}, {{"type", "null"}}}}}), "accepted");
  EXPECT_NE(
      refusal({{"$ref", "#/$defs/a"}, {"$defs", {{"a", {{"$ref", "#/$defs/b"}}}, {"b", {{"$ref", "#/$defs/a"}}}}}}),
      "accepted");
  EXPECT_EQ(refusal({{"items", {{"$ref", "#"}}}}), "accepted");
  json chain = {{"$ref", "#/$defs/d0"}}, steps = {{"$ref", "#/$defs/d0"}};
  for (int i = 0; i < 20'000; ++i) {
    const json next = {{"$ref", "#/$defs/d" + std::to_string(i + 1)}};
    chain["$defs"]["d" + std::to_string(i)] = next;
    steps["$defs"]["d" + std::to_string(i)]["items"] = next;
  }
  chain["$defs"]["d20000"] = steps["$defs"]["d20000"] = json::object();
  EXPECT_NE(refusal(chain), "accepted");
  EXPECT_NE(refusal(steps), "accepted");
}

// The deepest recursion that is let through, in schema and in value.
TEST(Schema, SurvivesTheDeepestThatItAccepts) {
  json deep = {{"items", {{"$ref", "#/$defs/d0"}}}};
  for (int i = 0; i < 120; ++i) {
    deep["$defs"]["d" + std::to_string(i)] = {{"items", {{"$ref", "#/$defs/d" + std::to_string(i + 1)}}}};
  }
  deep["$defs"]["d120"] = {{"type", "array"}};
  EXPECT_EQ(refusal(deep), "accepted");
  json chain = {{"items", {{"$ref", "#"}}}};
  for (int i = 0; i < 13; ++i) chain = {{"allOf", {std::move(chain)}}};
  auto schema = Schema::compile(chain);
  ASSERT_TRUE(schema) << schema.error().message;
  json value = json::array();
  for (int i = 0; i < 62; ++i) value = json::array({std::move(value)});
  std::thread([&] { EXPECT_TRUE(schema->check(value).empty()); }).join();
}

TEST(Schema, SurvivesDeepValues) {
  json value = json::array();
  for (int i = 0; i < 100'000; ++i) value = json::array({std::move(value)});
  for (const char* text : {"{}", R"({"items": {"$ref": "#"}})", R"({"uniqueItems": true})", R"({"enum": [1]})"}) {
    const auto misfits = made(text).check(value);
    ASSERT_EQ(misfits.size(), 1u) << text;
    EXPECT_EQ(misfits.front().expected, "nothing nested deeper than 64 levels");
  }
}

TEST(Schema, IsNotHung) {
  const std::string many(100'000, 'a');
  EXPECT_FALSE(made(R"({"pattern": "^(a+)+$"})").check(many + "!").empty());
  EXPECT_FALSE(made(R"({"type": "object", "propertyNames": {"pattern": "^(a+)+$"}})").check({{many + "!", 1}}).empty());
  EXPECT_FALSE(made(R"({"format": "date"})").check(std::string(1'000'000, '1')).empty());
  EXPECT_TRUE(made(R"({"format": "date"})").check(5).empty());
  json numbers = json::array();
  for (int i = 0; i < 200'000; ++i) numbers.push_back(i);
  EXPECT_TRUE(made(R"({"uniqueItems": true})").check(numbers).empty());
  EXPECT_EQ(verdict(made(R"({"items": {"type": "integer", "maximum": 199998}})"), numbers),
            "/199999: an integer of at most 199998, got the integer 199999");
  // Each step into the value doubles the work.
  json value = 1;
  for (int i = 0; i < 60; ++i) value = json::array({std::move(value)});
  const auto misfits =
      made(R"({"anyOf": [{"type": "array", "items": {"$ref": "#"}}, {"type": "array", "minItems": 1, "items":
      {"$ref": "#"}}]})")
          .check(value);
  ASSERT_EQ(misfits.size(), 1u);
  EXPECT_EQ(misfits.front().expected, "a value that can be checked in fewer than 303904 steps");
}

TEST(Schema, ServesManyThreads) {
  const Schema schema = made(clock_input);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&schema] {
      for (int n = 0; n < 500; ++n) EXPECT_EQ(schema.check({{"zone", "utc"}, {"count", n}}).empty(), n >= 1 && n <= 10);
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace berth::loader
