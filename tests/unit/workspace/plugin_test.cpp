// The plugin as a whole, played as the host plays it: every operation once, all at once, and no rule of the boundary
// broken.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "fit.hpp"
#include "unit/service/folder.hpp"

namespace workspace {
namespace {

using berth::Json;
using berth::check::Answer;
using berth::check::Body;
using berth::check::Trial;

class PluginTest : public testing::Test {
 protected:
  Answer call(const char* name, const Json& input, const Body* body = nullptr) {
    return m_trial.call(std::string("workspace.") + name, input, body);
  }
  // Which is as its schema says.
  Json json(const char* name, const Json& input = Json::object(), const Body* body = nullptr) {
    const Answer answer = call(name, input, body);
    EXPECT_EQ(answer.how, "send") << name << ": " << answer.message;
    Json json = Json::parse(answer.body, nullptr, false);
    const Json schema = m_trial.operation(std::string("workspace.") + name).value("output", Json{{"type", "null"}});
    EXPECT_EQ(berth::check::misfit(json, schema), std::nullopt) << name << " " << input;
    return json;
  }
  std::string at(const std::string& path) { return m_trial.host().workspace().path() + "/" + path; }
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

TEST_F(PluginTest, WhateverIsAnsweredIsDescribed) {
  for (const Json& one : m_trial.manifest().at("operations")) {
    const std::string kind = one.value("kind", "call");
    EXPECT_EQ(one.contains("output"), kind == "call" || kind == "upload") << one.at("name");
  }
  berth::test::put(at("output/text"), "one\ntwo\n" + std::string(300'000, 'x') + "\n\xff");
  for (const char* part : {R"({"head": 1})", R"({"tail": 1, "as": "text"})", R"({"from_line": 2, "lines": 1})",
                           R"({"from_line": 3})", R"({"from": 1, "bytes": 5})", R"({"from": 300008})", R"({})"}) {
    Json input = Json::parse(part);
    input["path"] = "output/text";
    json("read", input);
  }
  berth::test::put(at("output/image"), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(json("read", {{"path", "output/image"}}).at("kind"), "image");
  std::filesystem::create_symlink("text", at("output/link"));
  std::filesystem::create_symlink("/usr", at("output/out"));
  ASSERT_EQ(::mkfifo(at("output/pipe").c_str(), 0600), 0);
  for (const char* path : {"", "output", "output/text", "output/link", "output/out", "output/pipe"})
    json("stat", {{"path", path}});
  EXPECT_TRUE(json("list", {{"path", "output"}, {"limit", 2}}).contains("next"));
  json("list", {{"path", "output"}, {"sort", "size"}});
  EXPECT_EQ(json("tree", {{"limit", 4}}).at("truncated"), true);
  EXPECT_EQ(json("copy", {{"from", "output"}, {"to", "deploy/o"}, {"recursive", true}}).at("left_out"), 1);
  json("move", {{"from", "deploy/o"}, {"to", "deploy/p"}});
  json("move", {{"from", "output/link"}, {"to", "output/other"}});
  json("write", {{"path", "output/a"}, {"content", "a"}});
  const Json edits{{{"old_text", "a"}, {"new_text", "b"}}};
  EXPECT_EQ(json("edit", {{"path", "output/a"}, {"edits", edits}, {"dry_run", true}}).at("dry_run"), true);
  const Body file("x", "text/plain", "x.txt");
  EXPECT_EQ(json("upload", Json::object(), &file).at("size"), 1);
}

TEST_F(PluginTest, WhateverIsAnsweredOfStoresIsDescribed) {
  for (int i = 0; i < 3; ++i) json("store.append", {{"store", "s"}, {"record", {{"i", i}}}});
  EXPECT_EQ(json("store.read", {{"store", "s"}, {"count", 2}}).at("next"), 3);
  EXPECT_EQ(json("store.list").at("stores"), Json::array({"s"}));
  EXPECT_EQ(json("store.verify", {{"store", "s"}}).at("good"), true);
  const std::string good = berth::test::content_of(at(".store/s.jsonl"));
  berth::test::put(at(".store/s.jsonl"), good + "{");
  EXPECT_EQ(json("store.verify", {{"store", "s"}}).at("broken").at("what"), "torn");
  EXPECT_EQ(json("store.read", {{"store", "s"}}).at("torn"), true);
  EXPECT_TRUE(json("store.append", {{"store", "s"}, {"record", 1}}).contains("repaired"));
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
    host.workspace().aliases = {"/desk"};
  });
  EXPECT_EQ(trial.call("workspace.write", {{"path", "/desk/output/a"}, {"content", "x"}}).how, "send");
  const std::string large(98'000, 'x');
  EXPECT_EQ(trial.call("workspace.write", {{"path", "output/b"}, {"content", large}}).problem, "quota_exceeded");
  EXPECT_EQ(trial.call("workspace.read", {{"path", "/mnt/other/output/a"}}).problem, "bad_path");
}

}  // namespace
}  // namespace workspace
