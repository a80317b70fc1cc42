// The plugin as a whole, played as the host plays it: every operation has one answer, none hangs, and no rule of the
// boundary is broken. Programs are the test's; what bash does is script_test's and the scenarios' matter.
#include <thread>
#include <vector>

#include "played.hpp"

namespace shell {
namespace {

void play_plugin(StandIn& host) {
  host.programs().program("tool", [](const SeenProgram& seen) {
    return PlayedProgram{"out:" + seen.input, "err", seen.arguments.size() > 1 ? 3 : 0};
  });
  host.programs().program("flood", [](const SeenProgram&) { return PlayedProgram{std::string(300'000, 'x'), "", 0}; });
  host.programs().program("/bin/bash", [](const SeenProgram&) { return PlayedProgram{}; });
}

class PluginTest : public Played {
 protected:
  PluginTest() : Played({{"output_cap", 100'000}}, play_plugin) {}
};

TEST_F(PluginTest, AProgramRunsAndIsTold) {
  const Json done = json("run", {{"argv", {"tool"}}, {"stdin", "fed"}});
  EXPECT_EQ(done["status"], "completed");
  EXPECT_EQ(done["stdout"], "out:fed");
  EXPECT_EQ(done["stderr"], "err");
  EXPECT_EQ(done["returncode"], 0);
  EXPECT_EQ(done["cwd"], "/workspace");
  EXPECT_EQ(done["truncated"], false);
  EXPECT_EQ(json("run", {{"argv", {"tool", "more"}}})["status"], "failed");
  const auto started = m_trial.host().programs().started();
  ASSERT_EQ(started.size(), 2u);
  EXPECT_EQ(started[0].session, "main");
  EXPECT_EQ(started[0].folder, "/workspace");
  EXPECT_EQ(started[1].arguments, (std::vector<std::string>{"tool", "more"}));
}

TEST_F(PluginTest, WhatIsNoCommandIsRefused) {
  EXPECT_EQ(call("run").problem, "command_or_argv");
  EXPECT_EQ(call("run", {{"command", "x"}, {"argv", {"x"}}}).problem, "command_or_argv");
  EXPECT_EQ(call("run", {{"argv", {""}}}).problem, "command_or_argv");
  EXPECT_EQ(call("run", {{"command", std::string("a\0b", 3)}}).problem, "zero_byte");
  EXPECT_EQ(call("run", {{"argv", {"tool", std::string("\0", 1)}}}).problem, "zero_byte");
  EXPECT_EQ(call("stream").problem, "command_or_argv");
  EXPECT_EQ(call("cd", {{"path", std::string("\0", 1)}}).problem, "zero_byte");
  EXPECT_EQ(call("env", {{"key", "A"}, {"value", std::string("\0", 1)}}).problem, "zero_byte");
  EXPECT_EQ(call("env", {{"key", "A"}, {"value", std::string(99'999, 'x') + std::string(40'000, 'x')}}).problem,
            "too_large");
}

TEST_F(PluginTest, WhatCannotBeStartedIsToldSo) {
  const Answer answer = call("run", {{"argv", {"nothing"}}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.problem, "not_started");
  EXPECT_NE(answer.message.find("nothing"), std::string::npos);
  EXPECT_EQ(call("stream", {{"argv", {"nothing"}}}).problem, "not_started");
}

// This bash says nothing of its state.
TEST_F(PluginTest, AShellThatSaysNothingIsToldSo) {
  EXPECT_EQ(json("run", {{"command", "x"}})["state_kept"], false);
  EXPECT_EQ(call("cwd").problem, "no_shell");
  EXPECT_EQ(call("variables").problem, "no_shell");
  EXPECT_EQ(call("env", {{"key", "A"}, {"value", "1"}}).problem, "no_shell");
  EXPECT_EQ(call("reset").problem, "no_shell");
  EXPECT_EQ(json("cd", {{"path", "/x"}})["cwd"], "/workspace");
}

TEST_F(PluginTest, AStreamTellsAllOfIt) {
  const Answer answer = call("stream", {{"argv", {"flood"}}});
  EXPECT_EQ(answer.how, "finish");
  ASSERT_GE(answer.names.size(), 3u);
  EXPECT_EQ(answer.names.front(), "status");
  EXPECT_EQ(answer.names.back(), "status");
  std::string all;
  for (std::size_t i = 0; i < answer.names.size(); ++i)
    if (answer.names[i] == "stream") all += Json::parse(answer.chunks[i])["text"].get<std::string>();
  EXPECT_EQ(all, std::string(300'000, 'x'));
  EXPECT_EQ(Json::parse(answer.chunks.back())["status"], "completed");
  EXPECT_EQ(Json::parse(answer.chunks.back())["truncated"], false);
}

TEST_F(PluginTest, ASlowReaderGetsAllOfIt) {
  m_trial.host().room(1);
  const Answer answer = call("stream", {{"argv", {"flood"}}});
  EXPECT_EQ(answer.how, "finish");
  std::size_t size = 0;
  for (std::size_t i = 0; i < answer.names.size(); ++i)
    if (answer.names[i] == "stream") size += Json::parse(answer.chunks[i])["text"].get<std::string>().size();
  EXPECT_EQ(size, 300'000u);
}

TEST_F(PluginTest, AReaderWhoLeavesIsLetGo) {
  m_trial.host().room(1);
  const auto streamed = m_trial.start("shell.stream", {{"argv", {"flood"}}});
  const auto waited = m_trial.start("shell.run", {{"argv", {"tool"}}});
  m_trial.cancel(streamed);
  m_trial.cancel(waited);
  m_trial.turn();
  EXPECT_TRUE(m_trial.answer(streamed).over());
  EXPECT_TRUE(m_trial.answer(waited).over());
  const auto gone = m_trial.start("shell.run", {{"argv", {"tool"}}}, nullptr, true);
  EXPECT_TRUE(m_trial.answer(gone).over());
  m_trial.turn();
}

TEST_F(PluginTest, ABackgroundProcessLives) {
  const Json begun = json("run", {{"argv", {"tool"}}, {"background", true}});
  EXPECT_EQ(begun["status"], "running");
  EXPECT_EQ(begun["id"], "p1");
  EXPECT_EQ(json("processes")["processes"][0]["status"], "running");
  const auto waiting = m_trial.start("shell.wait", {{"process", "p1"}, {"timeout", 5}});
  EXPECT_FALSE(m_trial.answer(waiting).over());
  const auto leaving = m_trial.start("shell.wait", {{"process", "p1"}});
  m_trial.cancel(leaving);
  EXPECT_TRUE(m_trial.answer(leaving).over());
  ASSERT_TRUE(m_trial.finish(waiting, 5s));
  const Json done = Json::parse(m_trial.answer(waiting).body);
  EXPECT_EQ(done["status"], "completed");
  EXPECT_EQ(done["stdout"], "out:");
  EXPECT_EQ(done["stdout_bytes"], 4);
  EXPECT_EQ(json("process", {{"process", "p1"}})["returncode"], 0);
  EXPECT_EQ(json("wait", {{"process", "p1"}})["status"], "completed");
  EXPECT_EQ(call("signal", {{"process", "p1"}}).problem, "process_ended");
  const auto told = m_trial.host().services().published();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].topic, "shell.process_ended");
  EXPECT_EQ(told[0].session, "main");
  EXPECT_EQ(told[0].data["id"], "p1");
  EXPECT_EQ(json("delete", {{"process", "p1"}})["deleted"], true);
  EXPECT_EQ(call("process", {{"process", "p1"}}).problem, "no_such_process");
}

TEST_F(PluginTest, PatienceEnds) {
  json("run", {{"argv", {"tool"}}, {"background", true}});
  const auto waiting = m_trial.start("shell.wait", {{"process", "p1"}, {"timeout", 5}});
  EXPECT_EQ(Json::parse(m_trial.call("shell.wait", {{"process", "p1"}, {"timeout", 0}}).body)["status"], "running");
  m_trial.pass(5s);
  EXPECT_EQ(Json::parse(m_trial.answer(waiting).body)["status"], "running");
}

TEST_F(PluginTest, SoManyThatEndedAreRemembered) {
  for (int i = 0; i < 100; ++i) {
    json("run", {{"argv", {"tool"}}, {"background", true}});
    m_trial.turn();
  }
  const Json all = json("processes")["processes"];
  EXPECT_EQ(all.size(), 64u);
  EXPECT_EQ(all[0]["id"], "p37");
  EXPECT_EQ(all[63]["id"], "p100");
}

TEST_F(PluginTest, SoManyMayRun) {
  for (int i = 0; i < 64; ++i) json("run", {{"argv", {"tool"}}, {"background", true}});
  EXPECT_EQ(call("run", {{"argv", {"tool"}}}).problem, "too_many_commands");
  EXPECT_EQ(call("stream", {{"argv", {"tool"}}}).problem, "too_many_commands");
  EXPECT_EQ(call("terminal_make").problem, "too_many_commands");
  EXPECT_EQ(call("cwd").problem, "too_many_commands");
  m_trial.turn();
  EXPECT_EQ(json("run", {{"argv", {"tool"}}})["status"], "completed");
}

TEST_F(PluginTest, ATerminalIsMadeAndEnds) {
  EXPECT_EQ(json("terminal_make", {{"rows", 10}})["rows"], 10);
  EXPECT_EQ(json("terminals")["terminals"].size(), 1u);
  EXPECT_EQ(json("terminal_resize", {{"terminal", "default"}, {"rows", 5}, {"columns", 6}})["columns"], 6);
  EXPECT_EQ(json("terminal_type", {{"terminal", "default"}, {"text", "ls\r"}})["terminal"], "default");
  EXPECT_EQ(json("terminal_look", {{"terminal", "default"}})["output"], "");
  EXPECT_EQ(call("terminal_look", {{"terminal", "other"}}).problem, "no_such_terminal");
  EXPECT_EQ(json("terminal_delete", {{"terminal", "default"}})["deleted"], true);
  EXPECT_EQ(call("terminal_delete", {{"terminal", "default"}}).problem, "no_such_terminal");
  m_trial.turn();
  EXPECT_EQ(json("terminals")["terminals"].size(), 0u);
}

TEST_F(PluginTest, SocketsComeAndGo) {
  const auto one = m_trial.start("shell.terminal", {{"rows", 10}, {"columns", 20}});
  const auto two = m_trial.start("shell.terminal", {{"rows", 30}, {"columns", 40}, {"view", true}});
  EXPECT_EQ(json("terminals")["terminals"][0]["viewers"], 2);
  EXPECT_EQ(json("terminals")["terminals"][0]["rows"], 10);  // who only looks changes nothing
  const auto three = m_trial.start("shell.terminal", {{"rows", 33}});
  EXPECT_EQ(json("terminals")["terminals"][0]["rows"], 33);
  EXPECT_EQ(json("terminals")["terminals"][0]["columns"], 20);  // of which nothing was said
  m_trial.cancel(three);
  m_trial.message(one, "ls\r");
  m_trial.message(two, "rm\r");
  m_trial.cancel(one);
  EXPECT_TRUE(m_trial.answer(one).over());
  EXPECT_EQ(json("terminals")["terminals"][0]["viewers"], 1);
  json("terminal_delete", {{"terminal", "default"}});
  ASSERT_TRUE(m_trial.finish(two, 5s));
  EXPECT_EQ(m_trial.answer(two).code, 1000u);
  EXPECT_NE(m_trial.answer(two).body, "");
}

TEST_F(PluginTest, WhatIsNotReadIsNotTakenForEver) {
  const auto one = m_trial.start("shell.terminal");
  const std::string much(6u << 20, 'x');
  for (int i = 0; i < 4 && !m_trial.answer(one).over(); ++i) m_trial.message(one, much);
  EXPECT_EQ(m_trial.answer(one).code, 4000u);
  EXPECT_EQ(call("terminal_type", {{"terminal", "default"}, {"text", much}}).problem, "not_read");
}

TEST_F(PluginTest, ViewersAreCounted) {
  for (int i = 0; i < 32; ++i) EXPECT_FALSE(m_trial.answer(m_trial.start("shell.terminal")).over());
  EXPECT_EQ(m_trial.answer(m_trial.start("shell.terminal")).problem, "too_many_viewers");
}

TEST_F(PluginTest, WithTheSessionAllOfItEnds) {
  json("run", {{"argv", {"tool"}}, {"background", true}});
  json("terminal_make");
  const auto looks = m_trial.start("shell.terminal");
  m_trial.host().services().event("session.deleted", {}, "other");
  m_trial.turn();
  EXPECT_EQ(json("processes")["processes"].size(), 1u);
  EXPECT_FALSE(m_trial.answer(looks).over());
  m_trial.host().services().event("session.deleted", {}, "main");
  ASSERT_TRUE(m_trial.finish(looks, 5s));
  EXPECT_EQ(json("processes")["processes"].size(), 0u);
  EXPECT_EQ(json("terminals")["terminals"].size(), 0u);
}

TEST_F(PluginTest, ManyAtOnceAreAllTold) {
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i)
    all.emplace_back([this] {
      for (int j = 0; j < 20; ++j) EXPECT_EQ(json("run", {{"argv", {"tool"}}})["status"], "completed");
    });
  for (auto& one : all) one.join();
}

}  // namespace
}  // namespace shell
