// The plugin as a whole, played as the host plays it: every operation once, all at once, and no rule of the boundary
// broken.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace workspace {
namespace {

using berth::Json;
using berth::check::Answer;
using berth::check::Trial;

class PluginTest : public testing::Test {
 protected:
  Answer call(const char* name, const Json& input) { return m_trial.call(std::string("workspace.") + name, input); }
  Json json(const char* name, const Json& input) {
    const Answer answer = call(name, input);
    EXPECT_EQ(answer.how, "send") << name << ": " << answer.message;
    return Json::parse(answer.body, nullptr, false);
  }
  void TearDown() override {
    m_trial.end();
    for (const auto& one : m_trial.breaches()) ADD_FAILURE() << one.rule << ": " << one.what;
  }
  Trial m_trial{berth::check::load(BERTH_PLUGIN_FILE)};
};

TEST_F(PluginTest, EveryOperationOnce) {
  EXPECT_EQ(json("write", {{"path", "output/a.txt"}, {"content", "one\n"}}).at("created"), true);
  EXPECT_EQ(json("append", {{"path", "/workspace/output/a.txt"}, {"content", "two\n"}}).at("size"), 8);
  EXPECT_EQ(
      json("edit", {{"path", "output/a.txt"}, {"edits", {{{"old_text", "two"}, {"new_text", "2"}}}}}).at("replaced"),
      1);
  EXPECT_EQ(json("read", {{"path", "output/a.txt"}}).at("text"), "one\n2\n");
  EXPECT_EQ(json("mkdir", {{"path", "output/d"}}).at("created"), true);
  EXPECT_EQ(json("copy", {{"from", "output/a.txt"}, {"to", "output/d/b.txt"}}).at("copied"), 1);
  EXPECT_EQ(json("move", {{"from", "output/d/b.txt"}, {"to", "deploy/b.txt"}}).at("path"), "/workspace/deploy/b.txt");
  EXPECT_EQ(json("list", {{"path", "output"}}).at("total"), 2);
  EXPECT_EQ(json("tree", Json::object()).at("entries"), 7);
  EXPECT_EQ(json("stat", {{"path", "deploy/b.txt"}}).at("size"), 6);
  EXPECT_EQ(json("delete", {{"path", "output/d"}, {"recursive", true}}).at("deleted"), 1);
  EXPECT_EQ(call("read", {{"path", "../etc"}}).problem, "bad_path");
}

TEST_F(PluginTest, ManyAtOnce) {
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([this, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string path = "output/" + std::to_string(i) + "/" + std::to_string(j);
        EXPECT_EQ(call("write", {{"path", path}, {"content", path}}).how, "send");
        EXPECT_EQ(Json::parse(call("read", {{"path", path}}).body).at("text"), path);
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(json("tree", {{"path", "output"}}).at("entries"), 8 + 160);
}

TEST(PluginAloneTest, AQuotaAndAliasesOfTheHostCount) {
  Trial trial(berth::check::load(BERTH_PLUGIN_FILE), Json::object(), [](berth::check::StandIn& host) {
    host.workspace().quota = 100'000;
    host.workspace().aliases = {"/mnt/agent"};
  });
  EXPECT_EQ(trial.call("workspace.write", {{"path", "/mnt/agent/output/a"}, {"content", "x"}}).how, "send");
  const std::string large(90'000, 'x');
  EXPECT_EQ(trial.call("workspace.write", {{"path", "output/b"}, {"content", large}}).problem, "quota_exceeded");
  EXPECT_EQ(trial.call("workspace.read", {{"path", "/mnt/other/output/a"}}).problem, "bad_path");
}

}  // namespace
}  // namespace workspace
