// The plugin as a whole, played as the host plays it, where a test must say what happens first.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mcp {
namespace {

using berth::Json;
using berth::check::Milliseconds;
using berth::check::Trial;

Json declared(const std::string& name) {
  return {{"name", name}, {"plugin", "a"}, {"summary", "x"}, {"kind", "call"}, {"scope", "read"}};
}
Json listed(std::initializer_list<Json> all) { return {{"operations", std::vector<Json>(all)}}; }

class PluginTest : public testing::Test {
 protected:
  void TearDown() override {
    m_trial.end();
    for (const auto& one : m_trial.breaches()) ADD_FAILURE() << one.rule << ": " << one.what;
  }
  berth::check::Services& services() { return m_trial.host().services(); }
  Json tools_of_all() {
    const Json all = Json::parse(m_trial.call("mcp.servers").body).at("servers");
    return all.at(0).at("tools");
  }
  // A client of HTTP+SSE: its stream of events, and where its messages go.
  struct Client {
    berth_call stream;
    std::string id;
  };
  Client client() {
    services().operation("host.operations", [](const Json&) { return listed({declared("a.b")}); });
    EXPECT_EQ(tools_of_all(), 1);
    const auto stream = m_trial.start("mcp.sse", {{"server", "all"}});
    const std::string first = said(stream);
    const auto at = first.find("client=") + 7;
    return {stream, first.substr(at, first.find('\n', at) - at)};
  }
  void say(const Client& client, const Json& message) {
    const berth::check::Body body(message.dump(), "application/json");
    const auto answer =
        m_trial.call("mcp.messages", {{"server", "all"}, {"client", client.id}}, &body, Milliseconds(0));
    EXPECT_EQ(answer.how, "finish") << answer.body;
  }
  void call_tool(const Client& client, int id) {
    say(client, {{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", {{"name", "a_b"}}}});
  }
  std::string said(berth_call stream) {
    std::string all;
    while (m_trial.answer(stream).full) m_trial.read_on(stream);
    for (const auto& chunk : m_trial.answer(stream).chunks) all += chunk;
    return all;
  }
  Trial m_trial{berth::check::load(BERTH_PLUGIN_FILE)};
};

TEST_F(PluginTest, WhatChangesDuringItsFirstLookIsLookedAtAgain) {
  int looks = 0;
  services().operation("host.operations",
                       [&looks](const Json&) { return ++looks == 1 ? listed({}) : listed({declared("a.b")}); });
  services().event("plugin.loaded");  // heard once the look has begun, and before its answer
  const auto call = m_trial.start("mcp.servers");
  ASSERT_TRUE(m_trial.finish(call, Milliseconds(5000)));
  m_trial.pass(Milliseconds(100));
  m_trial.turn();
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(tools_of_all(), 1);
}

TEST_F(PluginTest, WhoLeavesBeforeTheFirstLookIsOverIsNotAnsweredAsAStreamIs) {
  const auto call = m_trial.start("mcp.servers");
  m_trial.cancel(call);
  EXPECT_EQ(m_trial.answer(call).how, "fail");
}

TEST_F(PluginTest, NoSessionAndNoCallerTakesAllThatCanRun) {
  constexpr int of_a_session = 64, of_a_caller = 128;
  const auto first = client();
  for (int i = 0; i < of_a_session; ++i) call_tool(first, i);
  EXPECT_EQ(said(first.stream).find("under way"), std::string::npos);
  call_tool(first, of_a_session);
  EXPECT_NE(said(first.stream).find("too many requests are under way"), std::string::npos);
  Client last = first;
  for (int i = of_a_session; i < of_a_caller; ++i) {
    if (i % of_a_session == 0) last = client();
    call_tool(last, i);
  }
  EXPECT_EQ(said(last.stream).find("under way"), std::string::npos);
  const auto late = client();
  call_tool(late, 1);
  EXPECT_NE(said(late.stream).find("too many requests are under way"), std::string::npos);
  m_trial.turn();  // they end
  call_tool(late, 2);
  m_trial.turn();
  EXPECT_NE(said(late.stream).find("\"id\":2,\"result\""), std::string::npos);
}

}  // namespace
}  // namespace mcp
