// Kernels that are none of our own: over real ZeroMQ, with one that does what each test says.
#include <csignal>

#include "peer.hpp"

namespace kernel {
namespace {

using namespace std::chrono_literals;
using berth::Json;
using peer::ForeignStage;
using peer::state_of;
using How = Ending::How;

Json named(const std::vector<Json>& events, const char* name) {
  for (const auto& one : events)
    if (one.at("event") == name) return one;
  return {};
}

TEST(ForeignTest, ACellRunsAndTellsWhatItPutOut) {
  ForeignStage stage;
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
  ForeignStage stage;
  const auto seen = stage.cell("raise ValueError('no')")->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.ending.done.at("status"), "error");
  EXPECT_EQ(seen.ending.done.at("error").at("name"), "ValueError");
  EXPECT_EQ(seen.ending.done.at("error").at("plain"), Json::array({"where"}));
}

TEST(ForeignTest, WhatItBreaksOffIsAskedAgain) {
  ForeignStage stage;
  stage.cell("Turn.aborts = 3")->end();
  const auto seen = stage.cell("turn.out('at last')")->end();
  EXPECT_EQ(seen.ending.done.at("status"), "ok");
  EXPECT_EQ(seen.out, "at last");
}

TEST(ForeignTest, TheEndOfWhatItBrokeOffIsNotThatOfTheNextTry) {
  ForeignStage stage;
  stage.cell("Turn.aborts = 1")->end();
  const auto seen = stage
                        .cell(
                            "send(shell, turn.idents, 'execute_reply', {'status': 'ok'}, turn.header)\n"
                            "turn.reply = None\ntime.sleep(0.3)\nturn.out('late')")
                        ->end();
  EXPECT_EQ(seen.out, "late");
}

TEST(ForeignTest, AnEndThatIsLostOnItsWayIsFoundOut) {
  ForeignStage stage;
  EXPECT_EQ(stage.cell("turn.idle = False")->end().ending.how, How::done);
}

TEST(ForeignTest, InputIsAnsweredByWhoeverIsAsked) {
  ForeignStage stage;
  const auto asked = stage.cell("turn.out(turn.ask('who? '))", "me");
  EXPECT_EQ(asked->end().out, "me");
  EXPECT_EQ(named(asked->events(), "input_request").at("prompt"), "who? ");
  EXPECT_EQ(stage.cell("turn.out(repr(turn.ask('')))")->end().out, "'\\x04'");  // who may not be asked is not
}

TEST(ForeignTest, QuestionsAndWidgetsGoThrough) {
  ForeignStage stage;
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
  ForeignStage stage;
  stage.options.grace = 60s;
  const auto cell = stage.cell(stage.touch("up") + "time.sleep(600)");
  ASSERT_TRUE(stage.appears("up"));
  stage.loop.wait_for([&] { stage.kernel->interrupt(); });
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::interrupted);
  EXPECT_FALSE(seen.ending.restarted);
  EXPECT_EQ(stage.cell("")->end().ending.count, 2);
}

TEST(ForeignTest, ItIsInterruptedByMessageIfItSaysSo) {
  ForeignStage stage;
  stage.options.grace = 60s;
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

// The interrupt comes while the kernel does not heed any; it is waited for.
TEST(ForeignTest, ACellThatHasNotBegunIsInterruptedOnceItHas) {
  ForeignStage stage;
  stage.options.grace = 60s;
  stage.cell("Turn.deaf_for = 0.5")->end();
  const auto cell = stage.cell("Turn.deaf_for = 0\ntime.sleep(600)");
  stage.loop.wait_for([&] { EXPECT_TRUE(stage.kernel->interrupt()); });
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::interrupted);
  EXPECT_FALSE(seen.ending.restarted);
}

TEST(ForeignTest, WhatDoesNotEndIsKilledAndReplaced) {
  ForeignStage stage;
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
  ForeignStage stage;
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
  ForeignStage stage;
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
  ForeignStage stage;
  const auto cell =
      stage.cell(stage.touch("up") + "while not os.path.exists('" + stage.file("go") + "'):\n  time.sleep(0.01)\n");
  ASSERT_TRUE(stage.appears("up"));
  const auto state = [&] {
    Json facts;
    stage.loop.wait_for([&] { facts = stage.kernel->facts(); });
    return state_of(facts.at("pid").dump());
  };
  stage.loop.wait_for([&] { stage.kernel->hold(cell.get(), true); });
  EXPECT_TRUE(stage.happens([&] { return state() == 'T'; }));
  stage.write("go", "");
  stage.loop.wait_for([&] { stage.kernel->hold(cell.get(), false); });
  EXPECT_EQ(cell->end().ending.how, How::done);
}

TEST(ForeignTest, NothingButTheKernelsWordIsHeard) {
  ForeignStage stage;
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
  ForeignStage stage;
  const auto cell = stage.cell("turn.out('x' * (33 << 20))\nturn.out('after')");
  const auto seen = cell->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_FALSE(named(cell->events(), "left_out").is_null());
  EXPECT_EQ(seen.out, "after");
  EXPECT_NE(seen.err.find("left out"), std::string::npos);
  const auto reply = stage.cell("turn.reply['payload'] = ['x' * (33 << 20)]")->end();
  EXPECT_EQ(reply.ending.done.at("error").at("name"), "TooLong");
}

// What somebody prints in a hurry comes in one piece.
TEST(ForeignTest, AnOutputMayBeLargerThanAClientsRequest) {
  ForeignStage stage;
  EXPECT_EQ(stage.cell("turn.out('x' * (20 << 20))")->end().out.size(), 20u << 20);
}

}  // namespace
}  // namespace kernel
