// Operations as tools, prompts and resources; their answers as content.
#include "catalogue.hpp"

#include <gtest/gtest.h>

#include "content.hpp"
#include "groups.hpp"

namespace mcp {
namespace {

Json operation(const std::string& name, const Json& more = Json::object()) {
  Json one{{"name", name},
           {"plugin", name.substr(0, name.find('.'))},
           {"summary", "Does " + name},
           {"kind", "call"},
           {"scope", "run"},
           {"input", {{"type", "object"}}}};
  one.update(more);
  return one;
}

const Viewer runner{"alice", Scope::run}, reader{"bob", Scope::read};

TEST(Catalogue, AToolIsItsDeclaration) {
  const Catalogue all(Json::array({operation(
      "a.b.c", {{"description", "More."}, {"output", {{"type", "object"}}}, {"hints", {{"destructive", true}}}})}));
  const Offer* tool = all.find(Offer::As::tool, "a_b_c", runner);
  ASSERT_TRUE(tool);
  EXPECT_EQ(tool->shown["title"], "Does a.b.c");
  EXPECT_EQ(tool->shown["description"], "Does a.b.c. More.");
  EXPECT_EQ(tool->shown["outputSchema"]["type"], "object");
  EXPECT_EQ(tool->shown["annotations"]["destructiveHint"], true);
  EXPECT_EQ(tool->shown["annotations"]["readOnlyHint"], false);
}

TEST(Catalogue, ShowsWhatItsViewerMayCall) {
  const Catalogue all(Json::array(
      {operation("a.run"), operation("a.up", {{"kind", "upload"}}), operation("a.open", {{"scope", "open"}}),
       operation("a.mine", {{"denied", {"alice"}}}), operation("a.http", {{"kind", "http"}})}));
  EXPECT_TRUE(all.find(Offer::As::tool, "a_run", runner));
  EXPECT_FALSE(all.find(Offer::As::tool, "a_run", reader));
  EXPECT_FALSE(all.find(Offer::As::tool, "a_mine", runner));
  EXPECT_EQ(all.offers().size(), 2u);
}

TEST(Catalogue, TagsMakePromptsAndResources) {
  const Json prompt{
      {"tags", {"prompt"}},
      {"input", {{"type", "object"}, {"properties", {{"x", {{"description", "An x"}}}}}, {"required", {"x"}}}}};
  const Json file{{"tags", {"resource"}}, {"scope", "read"}, {"input", {{"type", "object"}, {"x-uri", "t://{a}/b"}}}};
  const Catalogue all(Json::array({operation("a.p", prompt), operation("a.r", file)}));
  const Offer* one = all.find(Offer::As::prompt, "a_p", runner);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->shown["arguments"], Json::array({{{"name", "x"}, {"required", true}, {"description", "An x"}}}));
  const auto found = all.resource("t://7/b", reader);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->second, (Json{{"a", "7"}}));
  EXPECT_FALSE(all.resource("t://7/c", reader));
  EXPECT_FALSE(all.resource("t:///b", reader));
}

TEST(Catalogue, AUriFitsItsTemplateOrNot) {
  EXPECT_EQ(fit("f:///{path...}", "f:///a/b"), (Json{{"path", "a/b"}}));
  EXPECT_FALSE(fit("f:///{path...}", "f:///"));
  EXPECT_FALSE(fit("f:///{a}", "f:///a/b"));
  EXPECT_FALSE(fit("f:///{a", "f:///a"));
  EXPECT_EQ(fit("f:///x", "f:///x"), Json::object());
}

TEST(Groups, ABudgetLeavesOutputSchemasOutFirstAndThenTools) {
  Json many = Json::array();
  for (int i = 0; i < 20; ++i)
    many.push_back(operation("z.o" + std::to_string(i),
                             {{"output", {{"type", "object"}, {"description", std::string(300, 'x')}}}}));
  many.push_back(operation("kernel.exec"));
  const Catalogue all(many);
  std::vector<const Offer*> offers;
  for (const auto& one : all.offers()) offers.push_back(&one);
  EXPECT_EQ(within(offers, 0).offers.size(), 21u);
  EXPECT_TRUE(within(offers, 1'000'000).outputs);
  const Shown less = within(offers, 2000);
  EXPECT_FALSE(less.outputs);
  EXPECT_LT(less.offers.size(), 21u);
  EXPECT_EQ(less.offers.front()->name, "kernel_exec");
}

TEST(Content, AnAnswerIsTextAndStructuredContent) {
  const Catalogue all(Json::array({operation("a.b")}));
  const Offer& offer = all.offers().front();
  const Json result = tool_result(offer, {{"x", 1}});
  EXPECT_EQ(result["structuredContent"], (Json{{"x", 1}}));
  EXPECT_EQ(result["content"], Json::array({{{"type", "text"}, {"text", "{\"x\":1}"}}}));
  EXPECT_FALSE(tool_result(offer, Json::array()).contains("structuredContent"));
}

TEST(Content, PicturesStandBesideTheText) {
  const Catalogue all(Json::array({operation("a.b")}));
  const std::string data(100, 'A');
  const Json result = tool_result(all.offers().front(), {{"shown", {{{"image/png", data}}}}});
  ASSERT_EQ(result["content"].size(), 2u);
  EXPECT_EQ(result["content"][1], (Json{{"type", "image"}, {"mimeType", "image/png"}, {"data", data}}));
  EXPECT_EQ(result["content"][0]["text"].get<std::string>().find(data), std::string::npos);
  EXPECT_EQ(result["structuredContent"]["shown"][0]["image/png"], data);
}

TEST(Content, AFailureSaysWhatToDo) {
  const Json result = tool_failure({404, "no_file", "there is none", "look again"});
  EXPECT_EQ(result["isError"], true);
  EXPECT_EQ(result["content"][0]["text"], "there is none (no_file)\nWhat to do: look again");
}

TEST(Content, FilesAreWhatTheirTypeSays) {
  const Catalogue all(Json::array({operation("a.b")}));
  const Offer& offer = all.offers().front();
  EXPECT_EQ(tool_file(offer, "image/png", "x", "abc")["content"][0]["data"], "YWJj");
  EXPECT_EQ(tool_file(offer, "text/plain", "x", "a\xff")["content"][0]["text"], "a\xef\xbf\xbd");
  EXPECT_EQ(tool_file(offer, "application/zip", "x.zip", "a")["content"][0]["resource"]["uri"], "berth:///a.b/x.zip");
}

}  // namespace
}  // namespace mcp
