// What of the host's answer becomes a line for the client.
#include "command/mcp_answer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace berth::command {
namespace {

using Strings = std::vector<std::string>;
using nlohmann::json;

const std::vector<std::pair<std::string, std::string>> events{{"Content-Type", "text/event-stream"}};

struct Heard {
  explicit Heard(json id)
      : answer(std::move(id), [this](const std::string& line, bool answers) {
          lines.push_back(line);
          answered += answers;
        }) {}
  // All of an answer at once.
  void hear(int status, const std::string& body, std::vector<std::pair<std::string, std::string>> fields = {}) {
    answer.begin({status, fields, {}});
    EXPECT_TRUE(status >= 400 || answer.take(body));
    answer.finish({status, fields, status < 400 ? "" : body});
  }
  Strings lines;
  int answered = 0;
  McpAnswer answer;
};

TEST(McpAnswer, IsPassedOnAsItCameInOneLine) {
  Heard one(7);
  one.hear(200, "{\"jsonrpc\":\"2.0\",\n \"id\":7, \"result\":{\"protocolVersion\":\"x\"}}\n",
           {{"Mcp-Session-Id", "s"}});
  EXPECT_EQ(one.lines, Strings{R"({"jsonrpc":"2.0",  "id":7, "result":{"protocolVersion":"x"}})"});
  EXPECT_TRUE(one.answer.answered());
  EXPECT_EQ(one.answer.version(), "x");
  EXPECT_EQ(one.answer.session(), "s");
}

TEST(McpAnswer, OfAStreamIsAnsweredByItsResultAlone) {
  Heard one("a");
  const std::string told = R"({"jsonrpc":"2.0","method":"notifications/x"})";
  const std::string other = R"({"jsonrpc":"2.0","id":"b","result":{}})";
  one.hear(200, "id: 1\ndata:\n\nid: 2\nretry: 5\ndata: " + told + "\n\ndata: " + other + "\n\n", events);
  EXPECT_EQ(one.lines, (Strings{told, other}));
  EXPECT_FALSE(one.answer.answered());
  EXPECT_EQ(one.answer.last_event(), "2");
  EXPECT_EQ(one.answer.retry(), std::chrono::milliseconds(5));
}

TEST(McpAnswer, IsGivenOnce) {
  Heard one(7);
  const std::string result = R"({"jsonrpc":"2.0","id":7,"result":{}})";
  const std::string told = R"({"jsonrpc":"2.0","method":"notifications/x"})";
  one.hear(200, "data: " + told + "\n\ndata: " + result + "\n\ndata: " + result + "\n\n", events);
  EXPECT_EQ(one.lines, (Strings{told, result}));
  EXPECT_EQ(one.answered, 1);
}

TEST(McpAnswer, WithoutAnIdIsGivenTheRequests) {
  const std::string refused = R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"m"}})";
  const std::string bare = R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"m"}})";
  for (const auto& body : {refused, bare}) {
    Heard ok(7), bad("x"), stream(8);
    ok.hear(200, body);
    bad.hear(400, body);
    stream.hear(200, "data: " + body + "\n\n", events);
    for (const auto& [heard, id] : {std::pair<Heard&, json>(ok, 7), {bad, "x"}, {stream, 8}}) {
      ASSERT_EQ(heard.lines.size(), 1u);
      EXPECT_EQ(json::parse(heard.lines[0])["id"], id);
      EXPECT_EQ(json::parse(heard.lines[0])["error"]["code"], -32600);
      EXPECT_TRUE(heard.answer.answered());
    }
  }
}

TEST(McpAnswer, ThatIsNoneIsRefusedOrLeftOut) {
  Heard problem(7), page(7), none(nullptr);
  problem.hear(401, R"({"title":"t","detail":"who are you?"})");
  EXPECT_EQ(json::parse(problem.lines.at(0))["error"]["message"], "who are you?");
  page.hear(200, "<html>");
  EXPECT_EQ(page.lines, Strings{});
  EXPECT_FALSE(page.answer.answered());
  none.hear(401, "{}");
  EXPECT_EQ(none.lines, Strings{});
}

}  // namespace
}  // namespace berth::command
