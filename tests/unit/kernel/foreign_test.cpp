// Kernels that are none of our own: over real ZeroMQ, with one that does what each test says.
#include <csignal>

#include "peer.hpp"

namespace kernel {
namespace {

using namespace std::chrono_literals;
using berth::Json;
using peer::Stage;
using How = Ending::How;

Json named(const std::vector<Json>& events, const char* name) {
  for (const auto& one : events)
    if (one.at("event") == name) return one;
  return {};
}

TEST(ForeignTest, ACellRunsAndTellsWhatItPutOut) {
  Stage stage;
  const auto cell = stage.cell(
      "turn.out('a')\nturn.publish('stream', {'name': 'stderr', 'text': 'b'})\n"
      "turn.publish('display_data', {'data': {'text/plain': 'd'}, 'metadata': {}, 'transient': {'display_id': 'x'}})\n"
      "turn.publish('execute_result', {'data': {'text/plain': '2'}, 'metadata': {}, 'execution_count': 1})");
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.ending.done.at("status"), "ok");
  EXPECT_EQ(seen.ending.count, 1);
  EXPECT_EQ(seen.out, "a");
  EXPECT_EQ(seen.err, "b");
  EXPECT_EQ(named(cell->events(), "display").at("transient").at("display_id"), "x");
  EXPECT_EQ(named(cell->events(), "result").at("data").at("text/plain"), "2");
  EXPECT_EQ(stage.cell("")->end().ending.count, 2);
}

TEST(ForeignTest, ItsErrorIsTheCells) {
  Stage stage;
  const auto seen = stage.cell("raise ValueError('no')")->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.ending.done.at("status"), "error");
  EXPECT_EQ(seen.ending.done.at("error").at("name"), "ValueError");
  EXPECT_EQ(seen.ending.done.at("error").at("plain"), Json::array({"where"}));
}

TEST(ForeignTest, WhatItBreaksOffIsAskedAgain) {
  Stage stage;
  stage.cell("Turn.aborts = 3")->end();
  const auto seen = stage.cell("turn.out('at last')")->end();
  EXPECT_EQ(seen.ending.done.at("status"), "ok");
  EXPECT_EQ(seen.out, "at last");
}

TEST(ForeignTest, AnEndThatIsLostOnItsWayIsFoundOut) {
  Stage stage;
  EXPECT_EQ(stage.cell("turn.idle = False")->end().ending.how, How::done);
}

TEST(ForeignTest, InputIsAnsweredByWhoeverIsAsked) {
  Stage stage;
  const auto asked = stage.cell("turn.out(turn.ask('who? '))", "me");
  EXPECT_EQ(asked->end().out, "me");
  EXPECT_EQ(named(asked->events(), "input_request").at("prompt"), "who? ");
  EXPECT_EQ(stage.cell("turn.out(repr(turn.ask('')))")->end().out, "'\\x04'");  // who may not be asked is not
}

TEST(ForeignTest, QuestionsAndWidgetsGoThrough) {
  Stage stage;
  const auto complete = stage.ask({{"request", "complete"}, {"code", "pe"}, {"cursor_pos", 2}})->end();
  EXPECT_EQ(complete.ending.done.at("matches"), Json::array({"peer"}));
  const auto comm = stage.ask({{"request", "comm"}, {"type", "comm_msg"}, {"content", {{"comm_id", "c"}}}});
  EXPECT_EQ(comm->end().ending.done.at("status"), "ok");
  EXPECT_EQ(named(comm->events(), "comm").at("content").at("data"), "heard");
  const auto variables = stage.ask({{"request", "variables"}})->end();
  EXPECT_EQ(variables.ending.done.at("status"), "error");
  EXPECT_NE(variables.ending.done.at("error").at("value").get<std::string>().find("variables"), std::string::npos);
}

TEST(ForeignTest, ItIsInterruptedBySignal) {
  Stage stage;
  const auto cell = stage.cell(stage.touch("up") + "time.sleep(600)");
  ASSERT_TRUE(stage.appears("up"));
  stage.loop.wait_for([&] { stage.kernel->interrupt(); });
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::interrupted);
  EXPECT_FALSE(seen.ending.restarted);
  EXPECT_EQ(stage.cell("")->end().ending.count, 2);
}

TEST(ForeignTest, ItIsInterruptedByMessageIfItSaysSo) {
  Stage stage;
  stage.spec("polite", {{"argv", {stage.file("kernel"), "{connection_file}"}}, {"interrupt_mode", "message"}});
  stage.add("jupyter:polite");
  const auto cell =
      stage.cell("signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + stage.touch("up") + "turn.wait_for_interrupt()");
  ASSERT_TRUE(stage.appears("up"));
  stage.loop.wait_for([&] { stage.kernel->interrupt(); });
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::interrupted);
  EXPECT_FALSE(seen.ending.restarted);
}

TEST(ForeignTest, WhatDoesNotEndIsKilledAndReplaced) {
  Stage stage;
  const auto cell =
      stage.cell("signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + stage.touch("up") + "time.sleep(600)");
  ASSERT_TRUE(stage.appears("up"));
  stage.loop.wait_for([&] { stage.kernel->interrupt(); });
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::interrupted);
  EXPECT_TRUE(seen.ending.restarted);
  EXPECT_EQ(stage.cell("")->end().ending.count, 1);
}

TEST(ForeignTest, ADeadOneIsReplacedAndTheCallerToldSo) {
  Stage stage;
  const auto seen = stage.cell("turn.out('so far'); time.sleep(0.2); os._exit(3)")->end();
  EXPECT_EQ(seen.ending.how, How::died);
  EXPECT_EQ(seen.out, "so far");
  EXPECT_NE(seen.ending.reason.find("exit code 3"), std::string::npos) << seen.ending.reason;
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
  // Between two cells.
  pid_t pid = 0;
  stage.loop.wait_for([&] { pid = stage.kernel->facts().at("pid").get<pid_t>(); });
  ASSERT_GT(pid, 0);
  ::kill(pid, SIGKILL);
  const auto next = stage.cell("")->end();
  EXPECT_EQ(next.ending.count, 1);
  EXPECT_TRUE(next.ending.restarted);
  EXPECT_NE(next.ending.reason.find("signal 9"), std::string::npos) << next.ending.reason;
}

TEST(ForeignTest, AResetIsANewProcess) {
  Stage stage;
  stage.cell("")->end();
  std::promise<Kernel::Pids> pids;
  stage.loop.wait_for([&] {
    stage.kernel->reset([&pids](Kernel::Pids both, const std::optional<berth::Error>&) { pids.set_value(both); });
  });
  const auto both = pids.get_future().get();
  EXPECT_GT(both.now, 0);
  EXPECT_NE(both.now, both.old);
  EXPECT_EQ(stage.cell("")->end().ending.count, 1);
}

TEST(ForeignTest, WhoeverListensSlowlyStopsIt) {
  Stage stage;
  const auto cell =
      stage.cell(stage.touch("up") + "while not os.path.exists('" + stage.file("go") + "'):\n  time.sleep(0.01)\n");
  ASSERT_TRUE(stage.appears("up"));
  const auto state = [&] {
    pid_t pid = 0;
    stage.loop.wait_for([&] { pid = stage.kernel->facts().at("pid").get<pid_t>(); });
    std::string all;
    std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), all);
    return all.at(all.rfind(')') + 2);
  };
  stage.loop.wait_for([&] { stage.kernel->hold(cell.get(), true); });
  for (int i = 0; i < 6000 && state() != 'T'; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(state(), 'T');
  stage.write("go", "");
  stage.loop.wait_for([&] { stage.kernel->hold(cell.get(), false); });
  EXPECT_EQ(cell->end().ending.how, How::done);
}

TEST(ForeignTest, NothingButTheKernelsWordIsHeard) {
  Stage stage;
  const auto seen =
      stage
          .cell(
              "turn.publish('stream', {'name': 'stdout', 'text': 'forged'}, key='another')\n"
              "iopub.send_multipart([b'no', b'message'])\nshell.send_multipart([*turn.idents, b''])\n"
              "send(shell, turn.idents, 'execute_reply', {'status': 'ok'}, {'msg_id': 'of nobody'})\nturn.out('real')")
          ->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.out, "real");
}

TEST(ForeignTest, AnOutputThatIsTooLargeIsLeftOut) {
  Stage stage;
  const auto seen = stage.cell("turn.out('x' * (33 << 20))\nturn.out('after')")->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.out, "after");
  EXPECT_NE(seen.err.find("left out"), std::string::npos);
  const auto reply = stage.cell("turn.reply['payload'] = ['x' * (33 << 20)]")->end();
  EXPECT_EQ(reply.ending.done.at("error").at("name"), "TooLong");
}

TEST(ForeignTest, ItsConnectionFileIsItsOwnAndGoes) {
  Stage stage;
  EXPECT_EQ(stage
                .cell("turn.out(oct(facts_mode) + str(os.path.exists('/proc/self/fd/3') and "
                      "os.readlink('/proc/self/fd/3').startswith('socket')))")
                ->end()
                .out.substr(0, 5),
            "0o600");
  const auto seen = stage.cell("while os.path.exists(sys.argv[1]):\n  time.sleep(0.01)")->end();
  EXPECT_EQ(seen.ending.how, How::done);
}

TEST(ForeignTest, WhoAsksForAKernelspecThatIsNotThereIsToldWhichAre) {
  Stage stage;
  stage.add("jupyter:nowhere");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.status, 422);
  EXPECT_EQ(seen.code, "no_such_engine");
}

TEST(ForeignTest, AKernelspecThatIsBrokenIsRefused) {
  Stage stage;
  int number = 0;
  for (const Json& content : {Json("text"), Json{{"argv", Json::array()}}, Json{{"argv", {7}}}, Json{{"argv", "ls"}},
                              Json{{"argv", {"/no/such/program"}}}, Json{{"argv", {"true"}}, {"env", {{"A", 1}}}}}) {
    const std::string name = "broken" + std::to_string(++number);
    stage.spec(name, content);
    stage.add("jupyter:" + name);
    EXPECT_EQ(stage.cell("")->end().code, "bad_kernelspec") << content;
  }
}

TEST(ForeignTest, WhatDoesNotComeUpIsNotTriedAgainAtOnce) {
  Stage stage;
  stage.spec("bad", {{"argv", {"/bin/sh", "-c", "echo no luck; exit 4"}}});
  stage.add("jupyter:bad");
  EXPECT_EQ(stage.cell("")->end().code, "kernel_down");
  EXPECT_EQ(stage.cell("")->end().code, "kernel_down");
  EXPECT_EQ(stage.host.starts, 1);
}

TEST(ForeignTest, TheKernelspecsEnvironmentIsItsOwn) {
  Stage stage;
  stage.spec("Env", {{"argv", {stage.file("kernel"), "{connection_file}"}}, {"env", {{"OWN", "${HOME}/x"}}}});
  stage.add("jupyter:env");  // as Jupyter has it, names are the same in any letters
  EXPECT_EQ(stage.cell("turn.out(str(os.environ['OWN'] == os.environ['HOME'] + '/x'))")->end().out, "True");
}

TEST(ForeignTest, OnlyThoseThatAreAllowedAreHad) {
  Stage stage;
  stage.options.any_engine = false;
  stage.options.engines = {"other"};
  std::string code;
  stage.loop.wait_for([&] {
    try {
      stage.seat->add("", "jupyter:peer");
    } catch (const berth::Error& error) {
      code = error.code();
    }
  });
  EXPECT_EQ(code, "no_such_engine");
  EXPECT_EQ(stage.host.starts, 0);
}

TEST(ForeignTest, ItSaysWhatItIs) {
  Stage stage;
  stage.cell("")->end();
  Json about, debug;
  stage.loop.wait_for([&] {
    about = stage.seat->engine(stage.kernel->id());
    debug = stage.kernel->debug();
  });
  EXPECT_EQ(about.at("name"), "jupyter:peer");
  EXPECT_EQ(about.at("language"), "peerish");
  EXPECT_EQ(debug.at("spec").at("display_name"), "Peer");
}

// What connects is a program of the jail's, and so may be anybody.
TEST(ForeignTest, WhoSpeaksAnotherLanguageIsNotWaitedFor) {
  Stage stage;
  stage.write("stranger", R"py(#!/usr/bin/python3
import json, socket, sys
facts = json.load(open(sys.argv[1]))
ends = []
for number in range(1, 6):
    ends.append(socket.socket(socket.AF_UNIX))
    ends[-1].bind(f"{facts['ip']}-{number}")
    ends[-1].listen()
for one in ends:
    other, _ = one.accept()
    other.send(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000)
    ends.append(other)
)py");
  ::chmod(stage.file("stranger").c_str(), 0755);
  stage.spec("stranger", {{"argv", {stage.file("stranger"), "{connection_file}"}}});
  stage.add("jupyter:stranger");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.code, "kernel_down");
}

}  // namespace
}  // namespace kernel
