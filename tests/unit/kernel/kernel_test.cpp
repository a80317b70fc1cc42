// Queue, questions, healing and what is believed of a zygote: with workers that do what each test says.
#include <poll.h>
#include <sys/prctl.h>

#include <thread>

#include "stage.hpp"

namespace kernel {
namespace {

using namespace std::chrono_literals;
using stage::Stage;
using How = Ending::How;

TEST(KernelTest, ACellRunsAndSaysWhatItPrinted) {
  Stage stage;
  const auto seen = stage.cell("os.write(1, b'a'); os.write(2, b'b')")->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(seen.out + seen.err, "ab");
}

// A spoiled zygote names whom it likes; here one that has nothing to do with it, and it might be the host.
TEST(KernelTest, AStrangersHandleKillsNobody) {
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) ::pause();
  }
  {
    Stage stage(berth::Json::array({"stranger", std::to_string(stranger)}));
    EXPECT_EQ(stage.cell("")->end().code, "kernel_down");
  }
  EXPECT_EQ(::waitpid(stranger, nullptr, WNOHANG), 0);
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
}

TEST(KernelTest, AZygoteThatCannotBeStartedIsTriedAgain) {
  Stage stage;
  stage.host.refusals = 1;
  const auto ask = [&stage] {
    const auto task = std::make_shared<stage::Trying>(true, "");
    stage.loop.wait_for([&] { stage.seat->kernel("")->run(task); });
    return task->end();
  };
  EXPECT_EQ(ask().code, "too_many_processes");
  EXPECT_EQ(ask().ending.how, How::done);
}

TEST(KernelTest, WhyThereIsNoWorkerIsToldWithWhatToDo) {
  for (const auto& [mode, why] : {std::pair("full", "no more processes"), std::pair("gone", "has ended")}) {
    Stage stage(berth::Json::array({mode}));
    const auto seen = stage.cell("")->end();
    EXPECT_EQ(seen.code, "kernel_down");
    EXPECT_NE(seen.why.find(why), std::string::npos) << seen.why;
    EXPECT_NE(seen.hint, "") << seen.why;
  }
}

TEST(KernelTest, WhoComesTooLateIsToldWhatToDo) {
  Stage stage;
  const auto waiting = std::make_shared<stage::Trying>(true, "");
  stage.loop.wait_for([&] {
    stage.kernel->run(waiting);
    stage.kernel->close("the test wants it");
  });
  const auto ended = waiting->end(), late = stage.cell("")->end();
  EXPECT_EQ(ended.code, "kernel_ended");
  EXPECT_NE(ended.hint, "");
  EXPECT_EQ(late.code, "no_such_kernel");
  EXPECT_NE(late.hint, "");
}

// What was asked of it goes to the next one, which waits for no 150 s.
TEST(KernelTest, AZygoteThatStandsStillIsReplaced) {
  Stage stage;
  stage.options.engine.preload = berth::Json::array({"still", stage.file("still")});
  const auto ask = [&stage](const char* kernel) {
    const auto task = std::make_shared<stage::Trying>(true, "");
    stage.loop.wait_for([&] {
      if (std::string(kernel) == "other") stage.seat->add(kernel);
      stage.seat->kernel(kernel)->run(task);
    });
    return task;
  };
  EXPECT_EQ(ask("")->end().ending.how, How::done);
  stage.make_file("still");
  const auto waiting = ask("other");
  std::this_thread::sleep_for(500ms);  // until it stands
  std::filesystem::remove(stage.file("still"));
  EXPECT_EQ(waiting->end().ending.how, How::done);
  EXPECT_EQ(stage.host.starts, 2);
}

TEST(KernelTest, WhatAWorkerDoesNotReadIsBounded) {
  Stage stage;
  const auto task = stage.cell("os.kill(os.getpid(), signal.SIGSTOP)");
  while (!stage.look(&Stage::worker)) std::this_thread::sleep_for(1ms);
  for (int i = 0; i < 64; ++i)
    stage.loop.wait_for([&] { stage.kernel->say(task.get(), {{"answer", 1}, {"value", std::string(1u << 20, 'x')}}); });
  const auto seen = task->end();
  EXPECT_EQ(seen.ending.how, How::died);
  EXPECT_NE(seen.ending.reason.find("did not listen"), std::string::npos) << seen.ending.reason;
}

TEST(KernelTest, AQuestionCostsNoWorkerItsLife) {
  Stage stage;
  stage.cell("after.append(lambda: wait_for('" + stage.file("go") + "'))")->end();
  const auto worker = stage.look(&Stage::worker);
  std::this_thread::sleep_for(1100ms);  // longer than one that was heard is trusted
  const auto asked = stage.question()->end();
  EXPECT_EQ(asked.status, 504);
  const auto cell = stage.cell("os.write(1, b'well')");
  stage.make_file("go");
  const auto seen = cell->end();
  EXPECT_EQ(seen.out, "well");
  EXPECT_FALSE(seen.ending.restarted);
  EXPECT_EQ(stage.look(&Stage::worker), worker);
}

TEST(KernelTest, AQuestionThatIsBrokenOffKillsNobody) {
  Stage stage(berth::Json::array(), 60s);
  stage.cell("")->end();
  const auto worker = stage.look(&Stage::worker);
  const auto question = stage.question("os.mknod('" + stage.file("up") + "'); time.sleep(60)");
  while (!std::filesystem::exists(stage.file("up"))) std::this_thread::sleep_for(1ms);
  stage.loop.wait_for([&] { stage.kernel->interrupt(); });
  EXPECT_EQ(question->end().ending.how, How::interrupted);
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
  EXPECT_EQ(stage.look(&Stage::worker), worker);
}

TEST(KernelTest, ACellThatWaitsForItsWorkerIsInterruptedToo) {
  Stage stage;
  const auto task = std::make_shared<stage::Trying>(true, "os._exit(3)");
  stage.loop.wait_for([&] {
    stage.kernel->run(task);
    EXPECT_TRUE(stage.kernel->interrupt());
    EXPECT_FALSE(stage.kernel->interrupt());
  });
  EXPECT_EQ(task->end().ending.how, How::interrupted);
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_FALSE(seen.ending.restarted);
}

TEST(KernelTest, ACellWaitsBehindAQuestion) {
  Stage stage;
  stage.cell("")->end();
  const auto question = stage.question("wait_for('" + stage.file("go") + "')");
  const auto another = stage.question();
  const auto cell = stage.cell("");
  EXPECT_EQ(stage.cell("")->end().code, "busy");  // behind a cell
  stage.make_file("go");
  EXPECT_FALSE(question->end().refused);
  EXPECT_FALSE(another->end().refused);
  EXPECT_EQ(cell->end().ending.how, How::done);
}

TEST(KernelTest, WhatIsPrintedBetweenCellsGoesToTheNextCell) {
  Stage stage;
  stage.cell("after.append(lambda: (wait_for('" + stage.file("go") + "'), os.write(1, b'x'), os.write(2, b'y')))")
      ->end();
  stage.make_file("go");
  EXPECT_EQ(stage.question()->end().out, "");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.out, "x");
  EXPECT_EQ(seen.err, "y");
}

// Between a worker's end and the news of it.
TEST(KernelTest, NoCellIsGivenToAWorkerThatIsOver) {
  Stage stage;
  stage.cell("after.append(lambda: os._exit(3))")->end();
  const auto task = std::make_shared<stage::Trying>(true, "");
  for (bool over = false; !over;) {
    stage.loop.wait_for([&] {
      over = stage.worker->over();
      if (over) stage.kernel->run(task);
    });
  }
  const auto seen = task->end();
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_TRUE(seen.ending.restarted);
}

TEST(KernelTest, WhoWasGivenUpTakesNobodyWithIt) {
  Stage stage;
  stage.cell("after.append(lambda: os.kill(os.getpid(), signal.SIGSTOP))")->end();
  std::this_thread::sleep_for(1100ms);
  const auto given_up = stage.cell("");  // its worker is looked after
  stage.loop.wait_for([&] {
    stage.no_workers = true;
    stage.kernel->interrupt();
  });
  EXPECT_EQ(given_up->end().code, "kernel_down");
  stage.loop.wait_for([&] { stage.no_workers = false; });
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
}

// Somebody has to know that the namespace is a new one.
TEST(KernelTest, WhatNobodyHearsIsToldToTheNext) {
  Stage stage;
  stage.cell("")->end();
  const auto left =
      stage.cell("signal.signal(signal.SIGINT, signal.SIG_IGN); os.mknod('" + stage.file("up") + "'); time.sleep(60)");
  while (!std::filesystem::exists(stage.file("up"))) std::this_thread::sleep_for(1ms);
  stage.loop.wait_for([&] { stage.kernel->drop(left.get()); });
  EXPECT_EQ(left->end().ending.how, How::interrupted);
  const auto next = stage.cell("")->end();
  EXPECT_TRUE(next.ending.restarted);
  EXPECT_NE(next.ending.reason.find("nobody waits"), std::string::npos) << next.ending.reason;
  EXPECT_FALSE(stage.cell("")->end().ending.restarted);
}

// That nobody waits for one that was reset meanwhile says nothing of those behind it.
TEST(KernelTest, WhatOneHasHeardIsNoNewsToTheNext) {
  Stage stage;
  stage.cell("after.append(lambda: os.kill(os.getpid(), signal.SIGSTOP))")->end();
  std::this_thread::sleep_for(1100ms);
  const auto left = stage.cell("");  // its worker is looked after
  stage.loop.wait_for([&] {
    stage.kernel->drop(left.get());
    stage.kernel->reset([](auto, const auto&) {});
  });
  EXPECT_EQ(left->end().ending.how, How::interrupted);
  EXPECT_EQ(stage.cell("os._exit(3)")->end().ending.how, How::died);
  EXPECT_FALSE(stage.cell("")->end().ending.restarted);
}

// Its number may have been another's, whose end nobody has asked for.
TEST(KernelTest, ADeathIsOfTheWorkerThatDied) {
  Stage stage(berth::Json::array({"stale"}));
  const auto seen = stage.cell("os._exit(3)")->end();
  EXPECT_EQ(seen.ending.how, How::died);
  EXPECT_EQ(seen.ending.reason.find("signal 9"), std::string::npos) << seen.ending.reason;
}

}  // namespace
}  // namespace kernel
