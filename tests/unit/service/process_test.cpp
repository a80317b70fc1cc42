// Child processes: what they inherit, how they are heard, and that a slow reader loses nothing.
#include <gtest/gtest.h>

#include "service/process/lines.hpp"
#include "unit/service/process_kit.hpp"

namespace berth::service {
namespace {

TEST_F(ProcessTest, IsHeardAndItsEndIsTold) {
  const auto heard = run(shell("echo one; echo two >&2; printf three; exit 7"));
  EXPECT_EQ(heard.output, "one\nthree");
  EXPECT_EQ(heard.errors, "two\n");
  EXPECT_EQ(heard.end->words, "ended with exit code 7");
  EXPECT_EQ(heard.end->code, 7);
  EXPECT_EQ(heard.end->output, 13u);
  EXPECT_GT(heard.end->peak_memory, 100'000u);
  const auto killed = run(shell("kill -SEGV $$"));
  EXPECT_EQ(killed.end->words, "was killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(name_of(killed.end->cause), "killed");
  auto together = shell("echo a; echo b >&2; echo c");
  together.together = true;
  EXPECT_EQ(run(std::move(together)).output, "a\nb\nc\n");
}

TEST_F(ProcessTest, LinesAreCutAtTheirEndOrWhenTheyNeverEnd) {
  std::vector<std::string> got;
  Lines lines([&](std::string_view line) { got.emplace_back(line); });
  lines.add("on");
  lines.add("e\n\ntwo\n" + std::string(5000, 'x') + "\nlast");
  lines.end();
  EXPECT_EQ(got, (std::vector<std::string>{"one", "two", std::string(4096, 'x'), std::string(904, 'x'), "last"}));
}

TEST_F(ProcessTest, InheritsWhatItIsGivenAndNothingElse) {
  const UniqueFd leak(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  const auto look = "cd /proc/self/fd; for fd in *; do [ -e $fd ] && echo $fd; done; env | grep -v PWD";
  EXPECT_EQ(run(shell(look)).output, "0\n1\n2\nPATH=/usr/bin:/bin\n");
  // Numbers that ours have already, crossed over, with gaps between.
  int pipes[2][2];
  ASSERT_EQ(::pipe2(pipes[0], O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(pipes[1], O_CLOEXEC), 0);
  auto plan = shell("echo seven >&7; read line <&" + std::to_string(std::min(pipes[0][1], 9)) +
                    "; echo $line; cd /proc/self/fd; echo *");
  const int number = std::min(pipes[0][1], 9);
  plan.order.files.push_back({UniqueFd(pipes[0][1]), 7});
  plan.order.files.push_back({UniqueFd(pipes[1][0]), number});
  ASSERT_EQ(::write(pipes[1][1], "hello\n", 6), 6);
  ::close(pipes[1][1]);
  if (number != 7) {
    const auto heard = run(std::move(plan));
    EXPECT_EQ(heard.output.substr(0, 6), "hello\n") << heard.errors;
    char text[16];
    EXPECT_EQ(::read(pipes[0][0], text, sizeof text), 6);
  }
  ::close(pipes[0][0]);
}

TEST_F(ProcessTest, StartsInItsFolderWithItsSignalsAndItsOwnGroup) {
  auto plan = shell(
      "pwd; ps -o pgid= -p $$ | tr -d ' '; echo $$; grep SigBlk /proc/self/status; grep SigIgn /proc/self/status");
  plan.order.folder = "/usr/bin";
  const auto heard = run(std::move(plan));
  std::istringstream lines(heard.output);
  std::string folder, group, pid, word, blocked, ignored;
  lines >> folder >> group >> pid >> word >> blocked >> word >> ignored;
  EXPECT_EQ(folder, "/usr/bin");
  EXPECT_EQ(group, pid);
  EXPECT_EQ(blocked, "0000000000000000");
  EXPECT_EQ(ignored, "0000000000000000");  // though we ignore SIGPIPE
}

TEST_F(ProcessTest, ThatCannotBeStartedSaysWhy) {
  const auto why = [this](Order order) {
    Child::Plan plan;
    plan.order = std::move(order);
    auto child = Child::spawn(loop, launcher, std::move(plan), {});
    return child ? std::string("started") : child.error().message;
  };
  run(shell("true"));  // the loop has its own descriptors then
  const auto before = open_descriptors();
  EXPECT_EQ(why({"no-such-program", {"x"}, {}, {}, {}, false, false, {}}),
            "cannot start no-such-program: No such file or directory");
  EXPECT_EQ(why({"/etc/passwd", {"x"}, {}, {}, {}, false, false, {}}), "cannot start /etc/passwd: Permission denied");
  EXPECT_EQ(why({"true", {"true"}, {}, "/no/such/folder", {}, false, false, {}}),
            "cannot start true: No such file or directory");
  EXPECT_EQ(why({"", {}, {}, {}, {}, false, false, {}}),
            "cannot start a program without a name: No such file or directory");
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children(), 0u);
}

TEST_F(ProcessTest, ReadsWhatItIsGivenAndNoFasterThanItLikes) {
  auto plan = shell("sleep 0.2; wc -c; sleep 0.1");
  plan.input = true;
  Heard heard;
  const auto child = spawn(std::move(plan), heard);
  for (int i = 0; i < 50; ++i) child->write(std::string(100'000, 'x'));
  EXPECT_LE(heard.taken, 200'000u);  // a pipe's worth, while it sleeps
  child->close_input();
  EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_EQ(heard.taken, 5'000'000u);
  EXPECT_EQ(std::stoul(heard.output), 5'000'000u);
  child->write("late");
  EXPECT_EQ(heard.taken, 5'000'004u);
}

TEST_F(ProcessTest, ThatDoesNotReadLosesWhatItWasGivenAtItsEnd) {
  auto plan = shell("exec 0</dev/null; exit 0");
  plan.input = true;
  Heard heard;
  const auto child = spawn(std::move(plan), heard);
  child->write(std::string(1'000'000, 'x'));
  EXPECT_TRUE(until([&] { return heard.end.has_value() && heard.taken == 1'000'000u; }));
}

TEST_F(ProcessTest, IsStoppedByAReaderThatDoesNotReadAndLosesNothing) {
  Heard heard;
  heard.paused = true;
  const auto child = spawn(shell("head -c 1000000 /dev/zero; echo end"), heard);
  EXPECT_TRUE(until([&] { return heard.pieces > 0; }));
  loop.context().run_for(100ms);
  EXPECT_EQ(heard.pieces, 1u);
  EXPECT_FALSE(heard.end);
  EXPECT_TRUE(until([&] {
    child->resume(Outlet::output);
    return heard.end.has_value();
  }));
  EXPECT_EQ(heard.output.size(), 1'000'004u);
}

TEST_F(ProcessTest, WhatItWroteBeforeItsEndIsHeardHoweverLate) {
  Heard heard;
  heard.paused = true;
  const auto child = spawn(shell("echo one; sleep 0.05; echo two; exit 3"), heard);
  EXPECT_TRUE(until([&] { return heard.pieces > 0; }));
  loop.context().run_for(200ms);
  EXPECT_FALSE(heard.end);
  heard.paused = false;
  child->resume(Outlet::output);
  EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_EQ(heard.output, "one\ntwo\n");
}

TEST_F(ProcessTest, DoesNotOutliveItsOutputHeldByOthers) {
  // In a session of its own it survives its group's end, and holds the pipe.
  const auto heard =
      run(shell("setsid sh -c 'while :; do echo still here; sleep 0.01; [ -e /proc/'$$' ] || exit; done' & sleep 0.1; "
                "echo done"));
  EXPECT_EQ(heard.end->code, 0);
  EXPECT_NE(heard.output.find("done\n"), std::string::npos);
}

}  // namespace
}  // namespace berth::service
