// How workers end, what is said of that, and what becomes of a kernel whose workers end again and again.
#include <thread>

#include "stage.hpp"

namespace kernel {
namespace {

using namespace std::chrono_literals;
using stage::Stage;
using How = Ending::How;

constexpr const char* die = "os.kill(os.getpid(), signal.SIGKILL)";

struct Waiting : stage::Trying {
  using Trying::Trying;
  bool waits() const override { return true; }
};

// Somebody may do that, and it has nothing to do with memory.
TEST(KernelEndsTest, AKillIsNoShortageOfMemory) {
  for (const bool counts : {true, false}) {
    Stage stage(berth::Json::array({"killed"}));
    stage.host.counts = counts;
    const auto seen = stage.cell(die)->end();
    EXPECT_EQ(seen.ending.how, How::died);
    EXPECT_EQ(seen.ending.reason, "it was ended by signal 9 (Killed)");
  }
}

TEST(KernelEndsTest, AShortageOfMemoryIsToldByItsCounter) {
  Stage stage(berth::Json::array({"killed"}));
  stage.cell("")->end();
  const auto task = stage.cell("os.mknod('" + stage.file("up") + "'); wait_for('" + stage.file("go") + "'); " + die);
  while (!std::filesystem::exists(stage.file("up"))) std::this_thread::sleep_for(1ms);
  ++stage.host.memory_hits;
  stage.make_file("go");
  EXPECT_EQ(task->end().ending.reason, "killed: memory limit 5 MB");
}

TEST(KernelEndsTest, WhatOthersWereKilledForBeforeIsNotTheWorkersEnd) {
  Stage stage(berth::Json::array({"killed"}));
  stage.cell("")->end();
  ++stage.host.memory_hits;
  std::this_thread::sleep_for(1100ms);  // longer than the last look is trusted
  EXPECT_EQ(stage.cell(die)->end().ending.reason, "it was ended by signal 9 (Killed)");
}

TEST(KernelEndsTest, WhatOthersWereKilledForDuringTheLastCellIsNotTheWorkersEnd) {
  Stage stage(berth::Json::array({"killed"}));
  const auto task = stage.cell("os.mknod('" + stage.file("up") + "'); wait_for('" + stage.file("go") + "')");
  while (!std::filesystem::exists(stage.file("up"))) std::this_thread::sleep_for(1ms);
  ++stage.host.memory_hits;
  stage.make_file("go");
  task->end();
  EXPECT_EQ(stage.cell(die)->end().ending.reason, "it was ended by signal 9 (Killed)");
}

// Where the host is slow to tell how many there were before.
TEST(KernelEndsTest, WhatIsNotKnownIsNotBlamed) {
  Stage stage(berth::Json::array({"killed"}));
  stage.cell("")->end();
  ++stage.host.memory_hits;
  std::this_thread::sleep_for(1100ms);
  stage.host.slow_looks = 1;
  EXPECT_EQ(stage.cell(die)->end().ending.reason, "it was ended by signal 9 (Killed)");
}

// Whoever asks is told why, with what was printed, and Python is not started again for each.
TEST(KernelEndsTest, WorkersThatAreNeverReadyAreNotMadeForEver) {
  Stage stage;
  stage.options.engine.preload = berth::Json::array({"stillborn"});
  const auto ask = [&stage] {
    const auto task = std::make_shared<stage::Trying>(true, "");
    stage.loop.wait_for([&] { stage.seat->kernel("")->run(task); });
    return task->end();
  };
  for (int i = 0; i < 6; ++i) {
    const auto seen = ask();
    EXPECT_EQ(seen.code, "kernel_down");
    EXPECT_NE(seen.why.find(i < 4 ? "the last of what it printed: why it ended" : "before they are ready"),
              std::string::npos)
        << i << ": " << seen.why;
  }
  EXPECT_EQ(stage.host.starts, 1);
}

// The breaker: those that end without having run anything.
TEST(KernelEndsTest, WorkersThatEndAgainAndAgainAreMadeNoMore) {
  Stage stage;
  stage.cell("")->end();
  for (int losses = 1; losses <= 4; ++losses) {
    const auto worker = stage.look(&Stage::worker);
    ::kill(worker->pid(), SIGKILL);
    while (losses < 4 ? stage.look(&Stage::worker) == worker : stage.state() != "none")
      std::this_thread::sleep_for(1ms);
  }
  const auto refused = stage.cell("")->end(), again = stage.cell("")->end();
  EXPECT_EQ(refused.code, "kernel_down");
  EXPECT_EQ(again.why, refused.why);
  EXPECT_NE(refused.why.find("again and again"), std::string::npos) << refused.why;
  stage::Seen seen;
  for (int i = 0; i < 100 && (seen = stage.cell("")->end()).refused; ++i) std::this_thread::sleep_for(100ms);
  EXPECT_EQ(seen.ending.how, How::done);
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
}

// What a cell does to its worker is its own, however often.
TEST(KernelEndsTest, CellsThatEndTheirWorkersAreNotRefused) {
  Stage stage;
  for (int i = 0; i < 8; ++i) EXPECT_EQ(stage.cell("os._exit(3)")->end().ending.how, How::died) << i;
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
}

// Nor is it the fault of those that wait behind it.
TEST(KernelEndsTest, WhoWaitsBehindCellsThatEndTheirWorkersIsNotRefused) {
  Stage stage;
  std::vector<std::shared_ptr<Waiting>> fatal;
  for (int i = 0; i < 6; ++i) fatal.push_back(std::make_shared<Waiting>(true, "os._exit(3)"));
  const auto last = std::make_shared<Waiting>(true, "");
  stage.loop.wait_for([&] {
    for (const auto& one : fatal) stage.kernel->run(one);
    stage.kernel->run(last);
  });
  for (const auto& one : fatal) EXPECT_EQ(one->end().ending.how, How::died);
  const auto seen = last->end();
  EXPECT_FALSE(seen.refused) << seen.why;
  EXPECT_EQ(seen.ending.how, How::done);
}

}  // namespace
}  // namespace kernel
