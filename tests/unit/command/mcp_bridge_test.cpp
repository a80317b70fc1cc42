// What becomes of each request between a client that speaks in lines and a host that may do anything.
#include "command/mcp_bridge.hpp"

#include <poll.h>

#include <atomic>
#include <semaphore>

#include "unit/command/mcp_client.hpp"

namespace berth::command {
namespace {

using namespace berth::test;

TEST(McpBridge, TakesUpAStreamThatBroke) {
  std::string id;
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (is_call(asked, "long")) {
      begin_events(wire);
      wire.send("retry: 1\nid: 1-1\ndata:\n\n");
      return false;
    }
    if (asked.verb != "GET" || asked.field("last-event-id") != "1-1") return usual(wire, asked);
    begin_events(wire);
    wire.send(R"(data: {"jsonrpc":"2.0","id":1,"result":{"session":")" + asked.field("mcp-session-id") + "\"}}\n\n");
    return false;
  });
  McpClient client(host.url());
  client.begin();
  client.ask(1, "tools/call", tool("long"));
  EXPECT_EQ(client.hear(1)["result"]["session"], "s");
}

TEST(McpBridge, RefusesWhatCannotBeTakenUp) {
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (!asked.message.contains("params") || !asked.message["params"].contains("name")) return usual(wire, asked);
    const std::string name = asked.message["params"]["name"];
    if (name == "mute") return false;
    if (name == "short") return wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{") && false;
    if (name == "page") return wire.send(answer(200, "<html>"));
    if (name == "nothing") return wire.send(answer(202, ""));
    begin_events(wire);
    wire.send(name == "known" ? "retry: 1\nid: 1-1\ndata:\n\n" : "data:\n\n");
    return false;
  });
  McpClient client(host.url());
  client.begin();
  for (const char* name : {"mute", "short", "page", "nothing", "known", "unknown"}) {
    client.ask(name, "tools/call", tool(name));
    EXPECT_TRUE(client.hear(name).contains("error")) << name;
    EXPECT_EQ(client.answers(name), 1u) << name;
  }
}

TEST(McpBridge, OpensTheStreamForWhatTheHostSaysAgain) {
  std::atomic<int> opened = 0;
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.verb != "GET") return usual(wire, asked);
    const int count = ++opened;
    if (count == 2) return wire.send(answer(404, R"({"title":"a host that has just begun"})"));
    begin_events(wire);
    const std::string last = asked.field("last-event-id");
    wire.send("retry: 1\nid: 1-" + std::to_string(count) + R"(
data: {"jsonrpc":"2.0","method":"n)" +
              std::to_string(count) + R"(","params":{"last":")" + last + "\"}}\n\n");
    if (count > 2) wire.to_the_end();
    return false;
  });
  McpClient client(host.url());
  client.begin();
  EXPECT_EQ(client.hear("n1")["params"]["last"], "");
  EXPECT_EQ(client.hear("n3")["params"]["last"], "1-1");
}

TEST(McpBridge, OpensASessionThatIsLostAnewAndOnce) {
  std::atomic<int> begun = 0, calls = 0;
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() == "initialize") return usual(wire, asked, "s" + std::to_string(++begun));
    if (asked.verb == "POST" && asked.field("mcp-session-id") != "s2")
      return wire.send(answer(404, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no session"}})"));
    if (asked.method() == "tools/call") ++calls;
    return usual(wire, asked);
  });
  McpClient client(host.url());
  client.ask("begin", "initialize", {{"protocolVersion", "2025-11-25"}});
  for (int i = 0; i < 20; ++i) client.ask(i, "tools/call", tool("any"));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(client.hear(i).contains("result"));
  client.hear("notifications/tools/list_changed");
  EXPECT_EQ(begun, 2);
  EXPECT_EQ(calls, 20);
  EXPECT_EQ(client.answers("begin"), 1u);
}

TEST(McpBridge, RefusesWhatNoHostHears) {
  McpClient client("http://127.0.0.1:1");
  client.ask("begin", "initialize", {{"protocolVersion", "2025-11-25"}});
  client.ask(1, "tools/list");
  client.ask_modern(2, "tools/list");
  for (const json& id : {json("begin"), json(1), json(2)}) EXPECT_TRUE(client.hear(id).contains("error"));
}

TEST(McpBridge, GivesWhatTheHostRefusedWithoutAnIdTheRequests) {
  const McpHost host([&](Wire& wire, const Asked&) {
    return wire.send(answer(200, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"what?"}})"));
  });
  McpClient client(host.url());
  client.ask_modern("mine", "tools/list");
  EXPECT_EQ(client.hear("mine")["error"]["message"], "what?");
}

// Told to a client that reads it, or not, a step at a time: what the host could send is what the bridge has taken.
TEST(McpBridge, TakesNoMoreFromTheHostWhileItsClientDoesNotRead) {
  constexpr std::size_t piece = 1u << 20, pieces = 48;
  std::counting_semaphore<> stuck(0), over(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.message["id"] == 1) return reply(wire, asked, std::string(piece, 'x'));
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(pieces * piece) + "\r\n\r\n");
    std::size_t sent = 0;
    while (sent < pieces && wire.send_now(std::string(piece, ' '))) ++sent;
    EXPECT_LT(sent, pieces);
    stuck.release();
    over.acquire();
    return false;
  });
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const service::UniqueFd in(ends[0]), out(ends[1]);
  McpOutput output(out.get(), -1, 0ms);
  McpBridge bridge({host.url(), "", "", 10s}, "/mcp", output);
  bridge.take(R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})");
  pollfd begun{in.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&begun, 1, 10'000), 1);  // and has no room for the rest
  bridge.take(R"({"jsonrpc":"2.0","id":2,"method":"server/discover"})");
  stuck.acquire();
  over.release();
  bridge.finish(0ms);
}

TEST(McpBridge, BeginsASessionThoughMuchWaitsForIt) {
  std::counting_semaphore<> go_on(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() == "ping") go_on.acquire();
    return usual(wire, asked);
  });
  McpClient client(host.url());
  for (int i = 0; i < 100; ++i) client.ask(i, "ping");
  client.ask("begin", "initialize", {{"protocolVersion", "2025-11-25"}});
  go_on.release(100);
  for (int i = 0; i < 100; ++i) client.hear(i);
  client.hear("begin");
}

TEST(McpBridge, HoldsNoMoreThanItMayThoughAllOfItIsSmall) {
  std::counting_semaphore<> go_on(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    go_on.acquire();
    return usual(wire, asked);
  });
  McpClient client(host.url(), 1);
  for (int i = 0; i < 17'000; ++i) client.ask_modern(i, "tools/list");
  go_on.release();
  EXPECT_NE(client.hear(16'999)["error"]["message"].dump().find("too much"), std::string::npos);
  go_on.release(17'000);
}

TEST(McpBridge, RefusesABeginningThatBreaksOff) {
  const McpHost host([](Wire& wire, const Asked&) {
    begin_events(wire);
    wire.send("retry: 1\nid: 1-1\ndata:\n\n");
    return false;
  });
  McpClient client(host.url());
  client.ask("begin", "initialize", {{"protocolVersion", "2025-11-25"}});
  EXPECT_TRUE(client.hear("begin").contains("error"));
}

TEST(McpBridge, EndsThoughSomethingIsUnderWay) {
  std::counting_semaphore<> asked_for(0), closed(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.verb == "DELETE") closed.release();
    if (asked.method() != "subscriptions/listen" && asked.verb != "GET") return usual(wire, asked);
    begin_events(wire);
    asked_for.release();
    wire.to_the_end();
    return false;
  });
  McpClient client(host.url());
  client.begin();
  client.ask_modern(1, "subscriptions/listen");
  asked_for.acquire();
  asked_for.acquire();
  client.finish(1ms);
  EXPECT_TRUE(closed.try_acquire());  // the session is given back
  EXPECT_EQ(client.answers(1), 0u);
}

TEST(McpBridge, WaitsForWhatIsUnderWayAWhile) {
  std::counting_semaphore<> go_on(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    go_on.acquire();
    return usual(wire, asked);
  });
  McpClient client(host.url());
  client.ask_modern(1, "tools/list");
  std::thread later([&] { go_on.release(); });
  client.finish(1min);
  later.join();
  EXPECT_EQ(client.answers(1), 1u);
}

}  // namespace
}  // namespace berth::command
