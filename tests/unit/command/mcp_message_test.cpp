// What a client's message says that the way to the host depends on, and how what fails is told.
#include "command/mcp_message.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

using Kind = McpMessage::Kind;

std::string modern(const std::string& method, const std::string& params) {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + method +
         R"(","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"},)" + params + "}}";
}

Fields fields_of(const std::string& line) { return modern_fields(read_mcp(line)); }

TEST(McpMessage, IsARequestANotificationOrAResponse) {
  const auto request = read_mcp(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
  EXPECT_EQ(request.kind, Kind::request);
  EXPECT_EQ(request.id, "a");
  EXPECT_FALSE(request.modern);
  const auto cancel = read_mcp(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
  EXPECT_EQ(cancel.kind, Kind::notification);
  EXPECT_EQ(cancel.cancels, 7);
  EXPECT_EQ(read_mcp(R"({"jsonrpc":"2.0","id":1,"result":{}})").kind, Kind::response);
  EXPECT_EQ(read_mcp(R"({"jsonrpc":"2.0","id":1,"error":{}})").kind, Kind::response);
}

TEST(McpMessage, IsRefusedWhenItIsNone) {
  for (const char* line : {"{", "", "nothing"}) EXPECT_EQ(read_mcp(line).code, mcp_parse_error) << line;
  EXPECT_EQ(read_mcp(R"({"id":7,"method":"x","params":{})").id, 7);
  for (const char* line : {"[]", "7", "{}", R"({"id":1})", R"({"id":{},"method":"x"})", R"({"result":{}})"}) {
    EXPECT_EQ(read_mcp(line).kind, Kind::wrong) << line;
    EXPECT_EQ(read_mcp(line).code, mcp_invalid_request) << line;
  }
  EXPECT_EQ(read_mcp(std::string(5000, '[')).code, mcp_parse_error);
}

TEST(McpMessage, MayBeABatch) {
  const auto batch = read_mcp(R"([{"id":1,"method":"ping"},7])");
  EXPECT_EQ(batch.kind, Kind::batch);
  EXPECT_EQ(batch.batch.size(), 2u);
}

TEST(McpMessage, OfTheNewEraIsRepeatedInFields) {
  const auto call = fields_of(modern("tools/call", R"("name":"kernel_exec")"));
  EXPECT_EQ(
      call,
      (Fields{{"Mcp-Method", "tools/call"}, {"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", "kernel_exec"}}));
  EXPECT_EQ(fields_of(modern("resources/read", R"("uri":"a:b","name":"no")")).back().second, "a:b");
  EXPECT_EQ(fields_of(modern("tools/list", R"("name":"no")")).size(), 2u);
  EXPECT_TRUE(read_mcp(R"({"id":1,"method":"server/discover"})").modern);
}

TEST(McpMessage, GoesInBase64WhereAFieldCannotCarryIt) {
  const auto name = [](const std::string& text) {
    return fields_of(modern("tools/call", "\"name\":\"" + text + "\"")).back().second;
  };
  EXPECT_EQ(name("Hello, 世界"), "=?base64?SGVsbG8sIOS4lueVjA==?=");
  EXPECT_EQ(name(" padded "), "=?base64?IHBhZGRlZCA=?=");
  EXPECT_EQ(name("line1\\nline2"), "=?base64?bGluZTEKbGluZTI=?=");
  EXPECT_EQ(name("=?base64?literal?="), "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
  EXPECT_EQ(fields_of(R"({"id":1,"method":"server/discover\r\nX: y"})").size(), 1u);
  const auto method = fields_of(modern("a\\r\\nX-Evil: y", R"("x":1)")).front().second;
  EXPECT_EQ(method.find('\n'), std::string::npos);
}

TEST(McpMessage, OfAnErrorSaysWhatToDo) {
  const auto error = nlohmann::json::parse(mcp_error(7, service::Error{0, "unreachable", "no host", "start one"}));
  EXPECT_EQ(error["id"], 7);
  EXPECT_EQ(error["error"]["message"], "no host (start one)");
  Client::Answer answer{401, {}, R"({"detail":"no token","hint":"send one","code":"no_token"})"};
  EXPECT_EQ(nlohmann::json::parse(mcp_problem("x", answer))["error"]["message"], "no token (send one)");
  answer.body = "<html>";
  EXPECT_EQ(nlohmann::json::parse(mcp_problem("x", answer))["error"]["message"], "the host answered 401");
}

}  // namespace
}  // namespace berth::command
