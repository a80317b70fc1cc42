// berth-check's made-up inputs: they fit, they reach the edges, the same seed makes the same.
#include "inputs.hpp"

#include <berth/schema.hpp>
#include <gtest/gtest.h>

#include <algorithm>

#include "fit.hpp"
#include "pattern_text.hpp"

namespace berth::check {
namespace {

Json wide() {
  return object({field("name", string().min_length(2).max_length(5)),
                 optional("count", integer().minimum(-3).maximum(9)), optional("ratio", number().minimum(0.25)),
                 optional("on", boolean()), optional("tags", array(string().max_length(3)).max_items(4)),
                 optional("mode", string().one_of({"a", "b"})), optional("any", anything()),
                 optional("inner", object({field("deep", string().pattern("^[a-f]{4}(-[0-9]+)?$"))}))});
}
bool any(const std::vector<Json>& all, const std::string& field, const Json& value) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Json& one) { return one.contains(field) && one[field] == value; });
}

TEST(InputsTest, AllFitTheirSchema) {
  const auto all = Inputs(wide(), 1).make(1000);
  EXPECT_GT(all.size(), 40u);
  for (const Json& one : all) EXPECT_EQ(misfit(one, wide()), std::nullopt) << one;
}

TEST(InputsTest, ReachTheEdges) {
  const auto all = Inputs(wide(), 1).make(1000);
  for (const int edge : {-3, 9, 0}) EXPECT_TRUE(any(all, "count", edge)) << edge;
  EXPECT_TRUE(any(all, "name", "aa"));
  EXPECT_TRUE(any(all, "name", "üüüüü"));
  EXPECT_TRUE(any(all, "tags", Json::array()));
  EXPECT_TRUE(any(all, "mode", "b"));
  EXPECT_TRUE(any(all, "any", nullptr));
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const Json& one) {
    return one["name"].get<std::string>().find('\x01') != std::string::npos;
  }));
}

// Many and long would together be more than any host lets in, and take a check its time.
TEST(InputsTest, ManyLongOnesAreNotAllLong) {
  const Json schema = object({field("words", array(string().max_length(200'000)).max_items(1000))});
  std::size_t most = 0, longest = 0;
  for (const Json& one : Inputs(schema, 1).make(20)) {
    most = std::max(most, one.at("words").size());
    longest = std::max(longest, one.at("words").dump().size());
    EXPECT_EQ(misfit(one, schema), std::nullopt);
  }
  EXPECT_EQ(most, 1000u);
  EXPECT_LT(longest, 8u << 20);
}

TEST(InputsTest, TheSameSeedMakesTheSame) {
  EXPECT_EQ(Inputs(wide(), 7).make(30), Inputs(wide(), 7).make(30));
  EXPECT_NE(Inputs(wide(), 7).make(30), Inputs(wide(), 8).make(30));
}

TEST(InputsTest, ThePlainOneHasTheRequiredFieldsAndTheirExamples) {
  const Schema schema = object({field("name", string().example("Ada")), optional("more", string())});
  EXPECT_EQ(*Inputs(schema, 1).plain(), (Json{{"name", "Ada"}}));
}

TEST(InputsTest, AFieldWithoutAValueIsNamed) {
  const Schema schema = object({field("name", string().pattern("^(?=never)made$"))});
  Inputs inputs(schema, 1);
  EXPECT_EQ(inputs.plain(), std::nullopt);
  EXPECT_NE(inputs.why().find("/name"), std::string::npos) << inputs.why();
  EXPECT_TRUE(inputs.make(10).empty());
}

TEST(PatternTextTest, WritesTextsThatMatch) {
  std::size_t turn = 0;
  const auto pick = [&turn](std::size_t count) { return turn++ % count; };
  for (const char* pattern : {"^[A-Za-z0-9_][A-Za-z0-9._-]*$", "^\\d{4}-\\d\\d$", "^(red|green|(dark )?blue)$",
                              "^a+b?c*$", "^[^/]{1,3}$", "\\.txt$", "^(?:x|y){2,}z$"}) {
    for (int i = 0; i < 20; ++i) {
      const auto text = text_for(pattern, pick);
      ASSERT_TRUE(text) << pattern;
      EXPECT_TRUE(matches(*text, pattern)) << pattern << ": " << *text;
    }
  }
  for (const char* pattern : {"^(?!no)", "(open", "[open", "a{3,1}", "\\bword\\b"})
    EXPECT_FALSE(text_for(pattern, pick)) << pattern;
}

TEST(FitTest, NamesThePlace) {
  const auto says = [](const Json& value, const std::string& words) {
    const auto wrong = misfit(value, wide());
    ASSERT_TRUE(wrong) << value;
    EXPECT_NE(wrong->find(words), std::string::npos) << *wrong;
  };
  says({{"name", "a"}}, "/name should be at least 2 characters");
  says({{"name", "abc"}, {"count", 10}}, "/count should be at most 9");
  says({{"name", "abc"}, {"count", 1.5}}, "/count should be of type integer");
  says({{"name", "abc"}, {"tags", {"a", "long"}}}, "/tags/1");
  says({{"name", "abc"}, {"mode", "c"}}, "/mode should be one of");
  says({{"name", "abc"}, {"inner", Json::object()}}, "/inner/deep should be there");
  says({{"name", "abc"}, {"other", 1}}, "/other should be absent");
  says(Json::array(), "it should be of type object");
}

TEST(FitTest, FormsOfWhichOneWillDo) {
  const Json schema{{"anyOf", {{{"type", "string"}}, {{"type", "integer"}, {"minimum", 3}}}}};
  EXPECT_EQ(misfit("a", schema), std::nullopt);
  EXPECT_EQ(misfit(3, schema), std::nullopt);
  EXPECT_NE(misfit(2, schema), std::nullopt);
}

}  // namespace
}  // namespace berth::check
