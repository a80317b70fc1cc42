// The plugin as a whole, played as the host plays it: each operation once, its answer as its schema says, all at once,
// and no rule of the boundary broken.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "fit.hpp"
#include "unit/service/folder.hpp"

namespace machine {
namespace {

using berth::Json;
using berth::check::Trial;

Json opened(const std::string& folder) {
  return {{"files", {"/usr/share", folder}},
          {"logs", folder},
          {"journals", {folder}},
          {"private_logs", true},
          {"command_lines", true}};
}

class PluginTest : public testing::Test {
 protected:
  PluginTest() {
    ::chmod(m_folder.path().c_str(), 0755);
    berth::test::put(m_folder.file("app.log"), "one\ntwo\n");
  }
  // Which is as its schema says.
  Json json(const std::string& name, const Json& input = Json::object()) {
    const auto answer = m_trial.call("system." + name, input);
    EXPECT_EQ(answer.how, "send") << name << ": " << answer.message;
    Json json = Json::parse(answer.body, nullptr, false);
    const Json schema = m_trial.operation("system." + name).at("output");
    EXPECT_EQ(berth::check::misfit(json, schema), std::nullopt) << name << " " << input << " " << json;
    return json;
  }
  std::string problem(const std::string& name, const Json& input = Json::object()) {
    return m_trial.call("system." + name, input).problem;
  }
  void TearDown() override {
    m_trial.end();
    for (const auto& one : m_trial.breaches()) ADD_FAILURE() << one.rule << ": " << one.what;
  }
  berth::test::Folder m_folder;
  Trial m_trial{berth::check::load(BERTH_PLUGIN_FILE), opened(m_folder.path())};
};

TEST_F(PluginTest, EveryOperationIsReadOnlyDescribedAndOffTheIoThread) {
  std::set<std::string> names;
  for (const Json& one : m_trial.manifest().at("operations")) {
    const std::string name = one.at("name");
    names.insert(name);
    EXPECT_EQ(one.at("scope"), "read") << name;
    EXPECT_EQ(one.value("blocking", false), true) << name;
    EXPECT_EQ(one.at("hints").value("read_only", false), true) << name;
    EXPECT_TRUE(one.contains("output")) << name;
    EXPECT_EQ(one.at("path").get<std::string>().substr(0, 8), "/system/") << name;
    const Json fields = one.at("input").value("properties", Json::object());
    for (const auto& [field, schema] : fields.items())
      EXPECT_TRUE(schema.contains("description")) << name << " " << field;
  }
  EXPECT_EQ(names.size(), 19u);
}

TEST_F(PluginTest, WhateverIsToldFitsItsSchema) {
  for (const char* name :
       {"information", "memory", "disks", "devices", "hardware", "interfaces", "connections", "ports"})
    json(name);
  json("cpu", {{"sample_ms", 10}});
  json("disks", {{"all", true}});
  json("processes", {{"sample_ms", 10}});
  json("processes", {{"sample_ms", 0}, {"sort", "memory"}, {"limit", 500}});
  const Json own = json("process", {{"pid", ::getpid()}});
  EXPECT_EQ(own.at("pid"), ::getpid());
  EXPECT_TRUE(own.contains("command"));
  EXPECT_GT(own.at("open_files"), 0);
  json("process", {{"pid", 1}});
  EXPECT_EQ(json("log", {{"path", "app.log"}, {"lines", 1}}).at("text"), "two\n");
  EXPECT_EQ(json("file", {{"path", m_folder.file("app.log")}}).at("size"), 8);
  EXPECT_EQ(json("files", {{"path", m_folder.path()}}).at("total"), 1);
  json("directories", {{"path", "/usr/share"}, {"limit", 3}});
  EXPECT_EQ(problem("journal"), "no_journal");
  EXPECT_EQ(problem("service_logs", {{"service", "x"}}), "no_journal");
  if (::access("/run/systemd/system", F_OK) != 0) {
    EXPECT_EQ(problem("services"), "no_systemd");
    EXPECT_EQ(problem("service", {{"service", "ssh"}}), "no_systemd");
  }
}

TEST(Page, SaysWhatEveryErrorMeans) {
  namespace fs = std::filesystem;
  const auto content = [](const fs::path& path) {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
  };
  const auto folder = fs::path(__FILE__).parent_path().parent_path().parent_path().parent_path() / "plugins/system";
  const std::string page = content(folder / "README.md");
  const std::regex error(R"re(Error\(\s*[1-5][0-9]{2},\s*"([a-z0-9_]+)")re");
  std::set<std::string> codes;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string text = file.path().extension() == ".cpp" ? content(file.path()) : std::string();
    for (std::sregex_iterator at(text.begin(), text.end(), error), end; at != end; ++at) codes.insert((*at)[1]);
  }
  EXPECT_GT(codes.size(), 30u);
  for (const auto& code : codes) EXPECT_NE(page.find("`" + code + "`"), std::string::npos) << code;
}

TEST_F(PluginTest, ManyAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i, &good] {
      for (int turn = 0; turn < 5; ++turn) {
        const char* what = i % 2 == 0 ? "processes" : "ports";
        const auto answer = m_trial.call(std::string("system.") + what, {{"limit", 5}});
        const Json told = Json::parse(answer.body, nullptr, false);
        good += answer.how == "send" && told.is_object() && told.contains(what) && told.contains("total") ? 1 : 0;
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(good, 40);
}

TEST(Closed, WithoutAWordOfTheOperatorNothingPrivateIsTold) {
  const berth::test::Folder folder;
  std::ofstream(folder.file("a.journal")) << "x";
  Trial trial(berth::check::load(BERTH_PLUGIN_FILE), {{"journals", {folder.path()}}});
  const Json own = Json::parse(trial.call("system.process", {{"pid", ::getpid()}}).body);
  EXPECT_FALSE(own.contains("command")) << own;
  EXPECT_FALSE(own.contains("program")) << own;
  EXPECT_EQ(trial.call("system.file", {{"path", "/etc/os-release"}}).problem, "not_listed");
  EXPECT_EQ(trial.call("system.journal", Json::object()).problem, "private_logs");
  trial.end();
}

}  // namespace
}  // namespace machine
