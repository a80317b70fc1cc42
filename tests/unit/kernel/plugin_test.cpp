// The plugin as a whole, played as the host plays it, where no Python can be started: every operation has one answer,
// none hangs, and no rule of the boundary is broken.
#include <berth/check/trial.hpp>
#include <berth/fd.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

namespace kernel {
namespace {

using berth::Json;
using berth::check::Answer;
using berth::check::Trial;

class PluginTest : public testing::Test {
 protected:
  Answer call(const char* name, const Json& input = Json::object()) {
    return m_trial.call(std::string("kernel.") + name, input);
  }
  void TearDown() override {
    m_trial.end();
    for (const auto& one : m_trial.breaches()) ADD_FAILURE() << one.rule << ": " << one.what;
  }
  explicit PluginTest(const Json& config = Json::object()) : m_trial(berth::check::load(BERTH_PLUGIN_FILE), config) {}
  Trial m_trial;
};
class BothTransportsTest : public PluginTest {
 protected:
  BothTransportsTest() : PluginTest({{"transports", {"ipc", "tcp"}}}) {}
};
class TcpTest : public PluginTest {
 protected:
  TcpTest() : PluginTest({{"transports", {"tcp"}}}) {}
};

TEST_F(PluginTest, WithoutPythonEachCellIsToldSo) {
  EXPECT_EQ(call("exec", {{"code", "1"}}).problem, "kernel_down");
  EXPECT_EQ(call("exec_stream", {{"code", "1"}}).problem, "kernel_down");
  EXPECT_EQ(call("exec_in", {{"code", "1"}, {"kernel", "default"}}).problem, "kernel_down");
  EXPECT_EQ(call("reset").problem, "kernel_down");
  EXPECT_EQ(call("variables").problem, "kernel_down");
  EXPECT_EQ(call("complete", {{"code", "a"}}).problem, "kernel_down");
  EXPECT_EQ(call("inspect", {{"code", "a"}}).problem, "kernel_down");
}

TEST_F(PluginTest, AnEngineThatIsNotAllowedIsNoDefault) {
  const Json config{{"engine", "jupyter:mine"}, {"engines", {"jupyter:theirs"}}};
  EXPECT_FALSE(Trial(berth::check::load(BERTH_PLUGIN_FILE), config).started());
  EXPECT_EQ(call("create", {{"engine", "nonsense"}}).problem, "no_such_engine");
  EXPECT_EQ(call("create", {{"engine", "jupyter:python3"}}).problem, "kernel_down");
}

TEST_F(PluginTest, WhatNeedsNoWorkerAnswers) {
  EXPECT_EQ(Json::parse(call("ping").body).at("pong"), true);
  EXPECT_EQ(Json::parse(call("interrupt").body).at("interrupted"), false);
  EXPECT_EQ(Json::parse(call("status").body).at("busy"), false);
  EXPECT_EQ(Json::parse(call("create", {{"name", "other"}}).body).at("kernel"), "other");
  EXPECT_EQ(call("create", {{"name", "other"}}).problem, "kernel_exists");
  EXPECT_EQ(call("create", {{"engine", "cobol"}}).problem, "no_such_engine");
  EXPECT_EQ(Json::parse(call("list").body).at("kernels").size(), 2u);
  EXPECT_EQ(Json::parse(call("delete", {{"kernel", "other"}}).body).at("deleted"), true);
  EXPECT_EQ(call("delete", {{"kernel", "other"}}).problem, "no_such_kernel");
  EXPECT_EQ(call("input", {{"id", "nobody"}}).problem, "no_such_cell");
}

TEST_F(PluginTest, NobodyHasATransportThatTheHostDoesNotAllow) {
  const Json tcp{{"transport", "tcp"}}, bridge{{"transport", "tcp"}, {"key", "long enough to be a key"}};
  EXPECT_EQ(call("connection", tcp).problem, "no_transport");
  EXPECT_EQ(call("connection_file", tcp).problem, "no_transport");
  EXPECT_EQ(call("bridge", bridge).problem, "no_transport");
  EXPECT_EQ(Json::parse(call("connection").body).at("transport"), "ipc");
  EXPECT_EQ(call("connection", tcp).problem, "no_transport");
}

TEST_F(TcpTest, IsWhatTheHostAllows) {
  EXPECT_EQ(Json::parse(call("connection").body).at("transport"), "tcp");
  EXPECT_EQ(call("connection", {{"transport", "ipc"}}).problem, "no_transport");
}

TEST_F(BothTransportsTest, AWireNeedsNoWorker) {
  const Json wire = Json::parse(call("connection", {{"transport", "tcp"}}).body);
  EXPECT_EQ(wire.at("ip"), "127.0.0.1");
  EXPECT_EQ(wire.at("key").get<std::string>().size(), 64u);
  EXPECT_EQ(Json::parse(call("connection_file").body).at("connection_file"), wire.at("connection_file"));
  EXPECT_EQ(call("connection", {{"transport", "ipc"}}).problem, "other_transport");
  EXPECT_EQ(Json::parse(call("debug").body).at("kernels")[0].at("connection_file"), wire.at("connection_file"));
  EXPECT_EQ(Json::parse(call("disconnect").body).at("closed"), true);
  EXPECT_EQ(Json::parse(call("disconnect").body).at("closed"), false);
  EXPECT_EQ(call("connection", {{"transport", "tcp"}}).how, "send");  // open when the plugin goes
}

TEST_F(BothTransportsTest, ABridgeEndsWithItsKernelAndItsCall) {
  const Json input{{"key", "long enough to be a key"}, {"transport", "tcp"}};
  const auto left = m_trial.start("kernel.bridge", input), ended = m_trial.start("kernel.bridge", input);
  EXPECT_EQ(Json::parse(call("delete", {{"kernel", "k2"}}).body).at("deleted"), true);
  EXPECT_TRUE(m_trial.finish(ended, std::chrono::seconds(30)));
  EXPECT_EQ(m_trial.answer(ended).how, "finish");
  m_trial.cancel(left);
  const auto is_there = [this] { return call("list").body.find("\"k1\"") != std::string::npos; };
  for (int i = 0; i < 1000 && is_there(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(is_there());
  EXPECT_EQ(call("bridge", {{"key", "long enough to be a key"}, {"kernel", "nobody"}}).problem, "no_such_kernel");
}

TEST_F(PluginTest, ASessionHasSomeWiresAndNotAll) {
  for (int i = 1; i <= 17; ++i) EXPECT_EQ(call("create").how, "send") << i;
  const auto open = [this](int i) { return call("connection_in", {{"kernel", "k" + std::to_string(i)}}).problem; };
  for (int i = 1; i <= 15; ++i) EXPECT_EQ(open(i), "") << i;
  const Json bridge{{"key", "long enough to be a key"}, {"kernel", "k17"}};
  m_trial.start("kernel.bridge", bridge);
  EXPECT_EQ(open(16), "too_many_wires");
  EXPECT_EQ(call("bridge", bridge).problem, "too_many_wires");
  EXPECT_EQ(open(15), "");  // it is there already
  EXPECT_EQ(Json::parse(call("disconnect_in", {{"kernel", "k1"}}).body).at("closed"), true);
  EXPECT_EQ(open(16), "");
}

TEST_F(PluginTest, DescriptorsAreLeftForOthers) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(call("status").problem, "");  // there is a kernel, and what the loop itself needs
  std::vector<berth::Fd> taken;
  for (int i = 0; i < 100; ++i) taken.emplace_back(::dup(0));
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(taken.back().get()) + 20;  // a sanitizer needs some, too
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  const std::string problem = call("connection").problem;
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(problem, "few_descriptors");
  EXPECT_EQ(call("connection").problem, "");
}

TEST_F(PluginTest, KernelsAreCounted) {
  for (int i = 0; i < 64; ++i) EXPECT_EQ(call("create").how, "send") << i;
  EXPECT_EQ(call("create").problem, "too_many_kernels");
}

TEST_F(PluginTest, ManyAtOnceAreAllTold) {
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([this] {
      for (int j = 0; j < 20; ++j) {
        const std::string problem = call("exec", {{"code", "1"}, {"wait", true}}).problem;
        EXPECT_TRUE(problem == "kernel_down" || problem == "busy") << problem;
      }
    });
  }
  for (auto& one : all) one.join();
}

}  // namespace
}  // namespace kernel
