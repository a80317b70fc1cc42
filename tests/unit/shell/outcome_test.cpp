// Each end has its own status and words.
#include "outcome.hpp"

#include <gtest/gtest.h>

namespace shell {
namespace {

using namespace std::chrono_literals;

berth::End end(const char* cause, int code, int signal, const char* words) {
  berth::End end;
  end.cause = cause;
  end.code = code;
  end.signal = signal;
  end.words = words;
  end.wall = 1500us;
  return end;
}

TEST(OutcomeTest, ExitCodes) {
  const auto well = outcome_of(end("exited", 0, 0, "ended with exit code 0"), Why::nothing, 30s);
  EXPECT_EQ(well.status, "completed");
  EXPECT_EQ(facts_of(well),
            (berth::Json{{"status", "completed"}, {"returncode", 0}, {"timing_ms", 1.5}, {"timed_out", false}}));
  const auto failed = outcome_of(end("exited", 7, 0, "ended with exit code 7"), Why::nothing, 30s);
  EXPECT_EQ(failed.status, "failed");
  EXPECT_EQ(failed.returncode, 7);
  EXPECT_EQ(failed.reason, "");
}

TEST(OutcomeTest, TimeLimits) {
  const auto late = outcome_of(end("stopped", -1, 15, "stopped by signal 15"), Why::timeout, 1500ms);
  EXPECT_EQ(late.status, "timeout");
  EXPECT_EQ(late.returncode, -15);
  EXPECT_TRUE(late.timed_out);
  EXPECT_EQ(late.reason, "stopped: the time limit of 1.5 s was reached");
  EXPECT_EQ(outcome_of(end("stopped", 0, 0, "stopped, with exit code 0"), Why::timeout, 2s).status, "timeout");
  EXPECT_EQ(outcome_of(end("stopped", 0, 0, ""), Why::timeout, 2s).reason,
            "stopped: the time limit of 2 s was reached");
  // It was through just before.
  EXPECT_EQ(outcome_of(end("exited", 0, 0, "ended with exit code 0"), Why::timeout, 2s).status, "completed");
}

TEST(OutcomeTest, KilledByOthers) {
  const auto killed = outcome_of(end("killed", -1, 9, "was killed by signal 9 (Killed)"), Why::nothing, 30s);
  EXPECT_EQ(killed.status, "killed");
  EXPECT_EQ(killed.returncode, -9);
  EXPECT_EQ(killed.reason, "was killed by signal 9 (Killed)");
  const auto memory = outcome_of(end("memory_limit", -1, 9, "killed: memory limit 500 MB"), Why::nothing, 30s);
  EXPECT_EQ(memory.status, "killed");
  EXPECT_EQ(memory.reason, "killed: memory limit 500 MB");
  EXPECT_EQ(outcome_of(end("stopped", -1, 9, "x"), Why::session, 30s).reason, "stopped: the session has ended");
  EXPECT_EQ(outcome_of(end("stopped", -1, 9, "x"), Why::deleted, 30s).reason, "stopped: somebody deleted it");
}

TEST(OutcomeTest, ALimitThatAChildHitIsTold) {
  const char* words = "ended with exit code 137; meanwhile the session hit its memory limit 500 MB";
  const auto outcome = outcome_of(end("exited", 137, 0, words), Why::nothing, 30s);
  EXPECT_EQ(outcome.status, "failed");
  EXPECT_EQ(outcome.reason, words);
}

TEST(OutcomeTest, WhyItNeverBegan) {
  const auto folder = not_started(false, "cannot enter the folder of ls: No such file or directory");
  EXPECT_EQ(folder.status(), 503);
  EXPECT_NE(folder.hint().find("/shell/cd"), std::string::npos);
  const auto program = not_started(false, "cannot run nothing: No such file or directory");
  EXPECT_EQ(program.status(), 422);
  EXPECT_EQ(program.hint().find("/shell/cd"), std::string::npos);
  EXPECT_EQ(not_started(true, "cannot run /bin/bash: No such file or directory").status(), 503);
  for (const char* other : {"too many calls wait", "the jail cannot start: Resource temporarily unavailable"}) {
    EXPECT_EQ(not_started(false, other).status(), 503);
    EXPECT_EQ(not_started(false, other).hint().find("/shell/cd"), std::string::npos);
    EXPECT_NE(not_started(false, other).hint(), "");
  }
}

TEST(OutcomeTest, WhatNeverBegan) {
  const auto outcome = outcome_of(end("not_started", -1, 0, "cannot run x"), Why::nothing, 30s);
  EXPECT_FALSE(outcome.started);
  EXPECT_EQ(outcome.reason, "cannot run x");
  EXPECT_FALSE(outcome.returncode);
}

}  // namespace
}  // namespace shell
