// What a host says of itself, read without trust: a stranger may answer anything.
#include "command/json_reading.hpp"

#include <gtest/gtest.h>

#include "command/commands.hpp"
#include "unit/command/scripted_host.hpp"

namespace berth::command {
namespace {

using nlohmann::json;
using test::answer;
using test::ScriptedHost;
using test::Wire;

TEST(JsonReading, FindsTexts) {
  EXPECT_EQ(text_at({{"a", "b"}}, "a"), "b");
  EXPECT_EQ(text_at({{"a", "b"}}, "c"), "");
  EXPECT_EQ(text_at({{"a", "b"}}, "c", "otherwise"), "otherwise");
  EXPECT_EQ(text_at({{"a", ""}}, "a", "otherwise"), "");
  for (const json& other : {json(5), json(), json::array({"a"}), json("a"), json{{"a", 5}}, json{{"a", nullptr}}})
    EXPECT_EQ(text_at(other, "a", "otherwise"), "otherwise") << other;
}

TEST(JsonReading, FindsListsOfObjects) {
  EXPECT_EQ(list_at(json::parse(R"({"a": [{"b": 1}, 5, null, [], {"c": 2}]})"), "a").dump(), R"([{"b":1},{"c":2}])");
  for (const json& other :
       {json(5), json(), json::array({"a"}), json{{"a", 5}}, json{{"a", {{"b", 1}}}}, json::object()})
    EXPECT_EQ(list_at(other, "a"), json::array()) << other;
}

service::Result<json> fetched(const std::string& bytes) {
  const ScriptedHost host([&](Wire& wire) {
    EXPECT_EQ(wire.head().find("GET /operations HTTP/1.1\r\n"), 0u);
    wire.send(bytes);
  });
  Client client({host.url(), ""});
  return fetch_list(client, "/operations", "operations");
}

int reported(const service::Error& error, std::string& words) {
  testing::internal::CaptureStderr();
  const int exit = report_list_error(error);
  words = testing::internal::GetCapturedStderr();
  return exit;
}

TEST(JsonReading, FetchesAList) {
  const auto list = fetched(answer(200, R"({"operations": [{"name": "a.b"}]})"));
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->dump(), R"([{"name":"a.b"}])");
}

TEST(JsonReading, KnowsAStranger) {
  for (const char* body : {"", "<html>", "[]", "{}", "{\"operations\"", "\"operations\""}) {
    const auto list = fetched(answer(200, body));
    ASSERT_FALSE(list) << body;
    EXPECT_EQ(list.error().code, "stranger") << body;
  }
  EXPECT_EQ(fetched(answer(302, R"({"operations": []})", "Location: /\r\n")).error().code, "stranger");
}

TEST(JsonReading, BearsAStrangersDepth) {
  const std::string deep = R"({"operations": [{"a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}]}";
  const auto list = fetched(answer(200, deep));
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, "stranger");
}

TEST(JsonReading, TellsWhyTheHostRefused) {
  std::string words;
  const auto refusal =
      fetched(answer(401, R"({"code": "no_token", "detail": "a token is wanted", "hint": "bring one"})"));
  ASSERT_FALSE(refusal);
  EXPECT_EQ(reported(refusal.error(), words), refused);
  EXPECT_EQ(words, "berth: a token is wanted (401 no_token)\n  bring one\n");
  EXPECT_EQ(reported(fetched(answer(503, "")).error(), words), failed);
  EXPECT_EQ(words, "berth: the host answered 503\n");
  EXPECT_EQ(reported(fetched("").error(), words), unreachable);
  EXPECT_EQ(reported(fetched(answer(200, "")).error(), words), failed);
  EXPECT_EQ(words, "berth: what answers there is no Berth host\n  name the host with --url\n");
}

}  // namespace
}  // namespace berth::command
