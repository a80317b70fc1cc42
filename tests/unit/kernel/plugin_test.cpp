// The plugin as a whole, played as the host plays it, where no Python can be started: every operation has one answer,
// none hangs, and no rule of the boundary is broken.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>

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
  Trial m_trial{berth::check::load(BERTH_PLUGIN_FILE)};
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
