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

}  // namespace
}  // namespace mcp
