// The plugin as a host has it: what its streams, transfers and stores answer, and what becomes of them when clients
// leave.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "unit/service/folder.hpp"

namespace workspace {
namespace {

namespace fs = std::filesystem;
using berth::Json;
using berth::check::Answer;
using berth::check::Body;
using berth::check::Trial;
using namespace std::chrono_literals;

struct WideTest : testing::Test {
  void begin(std::uint64_t quota = 0) {
    trial = std::make_unique<Trial>(berth::check::load(BERTH_PLUGIN_FILE), Json::object(),
                                    [quota](berth::check::StandIn& host) { host.workspace().quota = quota; });
    ASSERT_TRUE(trial->started());
  }
  void TearDown() override {
    if (!trial) return;
    trial->end();
    for (const auto& breach : trial->breaches()) ADD_FAILURE() << breach.rule << ": " << breach.what;
  }
  std::string at(const std::string& path) { return trial->host().workspace().path() + "/" + path; }
  void file(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(at(path)).parent_path());
    berth::test::put(at(path), content);
  }
  static Json last(const Answer& answer) { return Json::parse(answer.chunks.at(answer.chunks.size() - 1)); }
  std::unique_ptr<Trial> trial;
};

TEST_F(WideTest, ASearchAnswersEventsAndAnEnd) {
  begin();
  file("output/a.txt", "one\nneedle\n");
  file("output/b\\x.txt", "needle");
  const auto found = trial->call("workspace.search", {{"pattern", "needle"}});
  ASSERT_EQ(found.chunks.size(), 3u);
  EXPECT_EQ(found.names[0], "match");
  EXPECT_EQ(Json::parse(found.chunks[0]),
            (Json{{"path", "/workspace/output/a.txt"}, {"line", 2}, {"column", 1}, {"text", "needle"}}));
  EXPECT_EQ(Json::parse(found.chunks[1])["path"], "/workspace/output/b\\\\x.txt");
  EXPECT_EQ(last(found)["found"], 2);
  EXPECT_EQ(trial->call("workspace.search", {{"path", "output/a.txt"}, {"pattern", "ne*dle"}}).chunks.size(), 2u);
  EXPECT_EQ(trial->call("workspace.search", {{"path", "output/none"}}).status, 404);
  EXPECT_EQ(trial->call("workspace.search", {{"pattern", "("}}).problem, "bad_pattern");
  EXPECT_EQ(trial->call("workspace.search", {{"path", "output/../.."}}).status, 422);
}

TEST_F(WideTest, ASearchEndsWhenItsClientLeaves) {
  begin();
  std::string lines;
  for (int i = 0; i < 200'000; ++i) lines += "needle\n";
  file("output/many", lines);
  const auto call = trial->start("workspace.search", {{"pattern", "needle"}, {"limit", 100'000}});
  ASSERT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.full; }, 10s));
  EXPECT_LT(trial->answer(call).sent, 100'000u);  // it waits for its reader
  trial->cancel(call);
  EXPECT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.over(); }, 10s));
}

TEST_F(WideTest, AWatchTellsUntilItsClientLeaves) {
  begin();
  const auto call = trial->start("workspace.watch", {{"path", "output"}});
  ASSERT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.sent == 1; }, 10s));
  file("output/x", "1");
  ASSERT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.sent >= 2; }, 10s));
  EXPECT_EQ(trial->answer(call).names[1], "created");
  EXPECT_EQ(Json::parse(trial->answer(call).chunks[1])["path"], "/workspace/output/x");
  trial->cancel(call);
  EXPECT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.over(); }, 10s));
  EXPECT_EQ(trial->call("workspace.watch", {{"path", "output/x"}}).status, 422);
}

TEST_F(WideTest, AFolderIsSentInPiecesAndAnUnfinishedOneLeavesNothing) {
  begin();
  for (int i = 0; i < 6; ++i) file("output/f" + std::to_string(i), std::string(3'000'000, 'a'));
  const auto whole = trial->call("workspace.download", {{"path", "output"}}, nullptr, 60s);
  EXPECT_EQ(whole.how, "finish");
  EXPECT_EQ(whole.head->type, "application/x-tar");
  EXPECT_EQ(whole.head->name, "output.tar");
  const auto call = trial->start("workspace.download", {{"path", "output"}});
  ASSERT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.full; }, 10s));
  trial->cancel(call);
  EXPECT_TRUE(trial->host().until(
      call, [](const Answer& answer) { return answer.over(); }, 10s));
  EXPECT_EQ(trial->answer(call).how, "finish");
}

// Each of them has a thread of the plugin's, and a session so many; what is no search and no folder is none of them.
TEST_F(WideTest, SlowReadersHaveABound) {
  begin();
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "needle\n";
  file("output/many", lines);
  const auto full = [](const Answer& answer) { return answer.full; };
  std::vector<berth_call> all;
  for (int i = 0; i < 32; ++i) {
    all.push_back(trial->start("workspace.search", {{"pattern", "needle"}}));
    ASSERT_TRUE(trial->host().until(all.back(), full, 20s));
  }
  EXPECT_EQ(trial->call("workspace.search", {{"pattern", "needle"}}).problem, "too_many_readers");
  EXPECT_EQ(trial->call("workspace.download", {{"path", "output"}}).problem, "too_many_readers");
  EXPECT_EQ(trial->call("workspace.download", {{"path", "output/many"}}).how, "file");
  trial->cancel(all.back());
  for (int tries = 0; tries < 1000; ++tries) {
    if (trial->call("workspace.search", {{"pattern", "needle"}, {"limit", 1}}).how == "finish") return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "whoever left still has a place";
}

TEST_F(WideTest, WatchesHaveABound) {
  begin();
  for (int i = 0; i < 16; ++i) {
    const auto call = trial->start("workspace.watch", {{"path", "output"}});
    ASSERT_TRUE(trial->host().until(
        call, [](const Answer& answer) { return answer.sent == 1; }, 20s));
  }
  const auto refused = trial->call("workspace.watch", {{"path", "output"}});
  EXPECT_EQ(refused.problem, "too_many_watches");
  EXPECT_EQ(refused.status, 503);
}

TEST_F(WideTest, AFileIsGivenToTheHost) {
  begin();
  file("output/page.html", "<p>");
  const auto sent = trial->call("workspace.download", {{"path", "/workspace/output/page.html"}});
  EXPECT_EQ(sent.body, "<p>");
  EXPECT_FALSE(sent.head->page);
  EXPECT_EQ(sent.head->name, "page.html");
  ASSERT_EQ(::mkfifo(at("output/pipe").c_str(), 0600), 0);
  EXPECT_EQ(trial->call("workspace.download", {{"path", "output/pipe"}}).status, 422);
  fs::create_symlink("/etc/passwd", at("output/out"));
  EXPECT_EQ(trial->call("workspace.download", {{"path", "output/out"}}).status, 403);
}

TEST_F(WideTest, TheSiteIsDeployAlone) {
  begin();
  file("deploy/index.html", "<p>");
  file("deploy/.env", "secret");
  file("output/secret", "secret");
  fs::create_symlink("../output/secret", at("deploy/out"));
  const auto page = trial->call("workspace.deploy.file", {{"path", "index.html"}});
  EXPECT_EQ(page.body, "<p>");
  EXPECT_TRUE(page.head->page);
  EXPECT_EQ(page.head->type, "text/html; charset=utf-8");
  const auto root = trial->call("workspace.deploy");
  ASSERT_EQ(root.how, "finish");
  EXPECT_NE(root.chunks[0].find("/sessions/main/workspace/site/index.html"), std::string::npos);
  EXPECT_TRUE(root.head->page);
  for (const char* path : {".env", "out", "none", "../output/secret", "a/../.env"})
    EXPECT_GE(trial->call("workspace.deploy.file", {{"path", path}}).status, 404) << path;
}

TEST_F(WideTest, UploadsKeepToTheQuota) {
  begin(1 << 20);
  const Body small("hello", "text/plain", "hello.txt"), large(std::string(900'000, 'x')),
      huge(std::string(2'000'000, 'x'));
  EXPECT_EQ(Json::parse(trial->call("workspace.upload", Json::object(), &small).body)["path"],
            "/workspace/upload/hello.txt");
  EXPECT_EQ(trial->call("workspace.upload", {{"path", "huge"}}, &huge).problem, "quota_exceeded");
  EXPECT_EQ(trial->call("workspace.upload", {{"path", "one"}}, &large).how, "send");
  EXPECT_EQ(trial->call("workspace.upload", {{"path", "two"}}, &large).status, 507);
  EXPECT_EQ(trial->call("workspace.upload", {{"path", "one"}}, &small).problem, "exists");
  EXPECT_EQ(trial->call("workspace.upload", {{"path", "one"}, {"overwrite", true}}, &small).how, "send");
  for (const char* path : {"/workspace/output/x", "../x", "/workspace/upload"})
    EXPECT_EQ(trial->call("workspace.upload", {{"path", path}}, &small).status, 422) << path;
  EXPECT_EQ(std::distance(fs::directory_iterator(at("upload")), fs::directory_iterator()), 2);
}

TEST_F(WideTest, StoresGrowAndAreVerified) {
  begin();
  const auto first =
      Json::parse(trial->call("workspace.store.append", {{"store", "citations"}, {"record", {{"a", 1}}}}).body);
  EXPECT_EQ(first["n"], 1);
  EXPECT_EQ(
      Json::parse(trial->call("workspace.store.verify", {{"store", "citations"}, {"n", 1}, {"sha256", first["sha256"]}})
                      .body)["good"],
      true);
  EXPECT_EQ(trial->call("workspace.store.verify", {{"store", "citations"}, {"n", 1}}).status, 422);
  EXPECT_EQ(
      Json::parse(trial->call("workspace.store.read", {{"store", "citations"}}).body)["records"][0]["record"]["a"], 1);
  EXPECT_EQ(Json::parse(trial->call("workspace.store.list").body)["stores"], Json::array({"citations"}));
  EXPECT_EQ(trial->call("workspace.store.read", {{"store", "none"}}).status, 404);
  berth::test::put(at(".store/citations.jsonl"), "{}\n");
  EXPECT_EQ(Json::parse(trial->call("workspace.store.verify", {{"store", "citations"}}).body)["broken"]["what"],
            "altered");
}

}  // namespace
}  // namespace workspace
