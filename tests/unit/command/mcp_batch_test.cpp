// Batches of messages, in the one revision that has them.
#include "command/mcp_batch.hpp"

#include <map>
#include <semaphore>

#include "unit/command/mcp_client.hpp"

namespace berth::command {
namespace {

using namespace berth::test;

json part(const json& id, const std::string& method) { return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}}; }

bool is_batch(const json& one) { return one.is_array(); }

bool of_2025_03_26(Wire& wire, const Asked& asked) {
  if (asked.method() != "initialize") return usual(wire, asked);
  return reply(wire, asked, {{"protocolVersion", "2025-03-26"}}, "Mcp-Session-Id: s\r\n");
}

TEST(McpBatch, IsAnsweredTogetherOnceAllOfItIs) {
  std::counting_semaphore<> go_on(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    EXPECT_FALSE(asked.message.is_array());
    if (asked.method() == "slow") go_on.acquire();
    if (asked.method() != "events") return of_2025_03_26(wire, asked);
    begin_events(wire);
    wire.send(R"(data: {"jsonrpc":"2.0","method":"told"})"
              "\n\ndata: " +
              result(asked) + "\n\n");
    return false;
  });
  McpClient client(host.url());
  client.begin();
  client.say({part(1, "slow"),
              part(2, "ping"),
              7,
              part(3, "initialize"),
              part(4, "events"),
              {{"jsonrpc", "2.0"}, {"method", "notifications/x"}},
              json::array({part(5, "ping")})});
  client.hear("told");
  client.ask(6, "ping");
  client.hear(6);
  EXPECT_FALSE(client.heard(is_batch));
  go_on.release();
  const auto all = client.until(is_batch);
  std::map<json, std::string> kinds;
  for (const auto& one : all) kinds[one["id"]] += one.contains("result") ? "result " : "error ";
  EXPECT_EQ(kinds, (std::map<json, std::string>{
                       {nullptr, "error error "}, {1, "result "}, {2, "result "}, {3, "error "}, {4, "result "}}));
}

TEST(McpBatch, IsNotAnsweredForWhatWasCancelled) {
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() != "silent") return of_2025_03_26(wire, asked);
    wire.to_the_end();
    return false;
  });
  McpClient client(host.url());
  client.begin();
  json silent = part(1, "silent");
  silent["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";
  client.say({silent, part(2, "ping")});
  client.tell("notifications/cancelled", {{"requestId", 1}});
  const auto all = client.until(is_batch);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["id"], 2);
}

TEST(McpBatch, IsTakenOnceItsRevisionIsAgreedTo) {
  std::counting_semaphore<> go_on(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() != "initialize") return usual(wire, asked);
    begin_events(wire);
    wire.send("data: " + result(asked, {{"protocolVersion", "2025-03-26"}}) + "\n\n");
    go_on.acquire();  // the client has the answer, and its stream goes on
    return false;
  });
  McpClient client(host.url());
  client.begin();
  client.say({part(1, "tools/list"), part(2, "tools/list")});
  EXPECT_TRUE(client.until([](const json& one) { return one.is_array() || one.contains("error"); }).is_array());
  go_on.release();
}

TEST(McpBatch, IsRefusedInOtherRevisionsWithTheIdsOfItsRequests) {
  const McpHost host([](Wire& wire, const Asked& asked) { return usual(wire, asked); });
  McpClient client(host.url());
  client.begin();
  client.say({part(1, "ping"), part("b", "ping"), {{"method", "notifications/x"}}});
  for (const json& id : {json(1), json("b")}) EXPECT_EQ(client.hear(id)["error"]["code"], -32600);
  client.say(json::array({{{"method", "notifications/x"}}}));
  EXPECT_TRUE(client.hear(nullptr).contains("error"));
}

TEST(McpBatch, IsSaidInSeveralLinesBeforeOneIsTooLong) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const service::UniqueFd in(ends[0]), out(ends[1]);
  McpOutput output(out.get(), -1, 0ms);
  {
    McpBatch batch(output, 5);
    for (const char* one : {"11", "22", "33"}) batch.add(one);
    McpBatch(output).add("4");
    const McpBatch none(output);
  }
  char bytes[100];
  const auto got = ::read(in.get(), bytes, sizeof bytes);
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(got)), "[11,22]\n[4]\n[33]\n");
}

}  // namespace
}  // namespace berth::command
