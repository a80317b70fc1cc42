// A reset is for good, whatever ran at the time; and where the end of a session may have been missed, nothing of its
// past is left. This bash says of itself what the test wants it to say.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "played.hpp"

namespace shell {
namespace {

using namespace std::string_literals;

// Into every file that waits for it.
void tell(const std::string& text) {
  for (const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(one.path(), ignored).string().rfind("/memfd:shell-state", 0) != 0) continue;
    const int fd = std::stoi(one.path().filename());
    struct stat known {};
    if (::fstat(fd, &known) != 0 || known.st_size != 0) continue;
    EXPECT_EQ(::pwrite(fd, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
}

bool has(const SeenProgram& seen, const std::string& variable) {
  for (const auto& one : seen.environment)
    if (one == variable) return true;
  return false;
}

// The first command exports X; others leave all as they find it.
void play_reset(StandIn& host) {
  host.programs().program("/bin/bash", [bashes = std::make_shared<int>(0)](const SeenProgram& seen) {
    const bool first = (*bashes)++ == 0;
    const std::string folder = seen.folder + "\n\0"s, set = first || has(seen, "X=1") ? "X=1\0"s : "";
    const bool asked = first || !has(seen, "PATH=/bin");
    tell((asked ? folder + "PATH=/bin\0\0"s : "") + folder + "PATH=/bin\0"s + set + "\0"s);
    return PlayedProgram{};
  });
  host.programs().program("tool", [](const SeenProgram&) { return PlayedProgram{}; });
}

class ResetTest : public Played {
 protected:
  ResetTest() : Played(Json::object(), play_reset) {}
};

TEST_F(ResetTest, WhatRanBeforeBringsNothingBack) {
  EXPECT_EQ(json("run", {{"command", "export X=1"}})["state_kept"], true);
  EXPECT_EQ(json("variables")["env"]["X"], "1");
  const auto old = m_trial.start("shell.run", {{"command", ":"}});
  const auto reset = m_trial.start("shell.reset");
  ASSERT_TRUE(m_trial.finish(old, 5s));
  ASSERT_TRUE(m_trial.finish(reset, 5s));
  EXPECT_EQ(Json::parse(m_trial.answer(old).body)["state_kept"], false);
  EXPECT_FALSE(json("variables")["env"].contains("X"));
  EXPECT_EQ(json("variables")["env"]["PATH"], "/bin");
}

// Whoever asked at the time is told of the new shell.
TEST_F(ResetTest, WhoAsksMeanwhileIsAnswered) {
  const auto asks = m_trial.start("shell.variables");
  const auto reset = m_trial.start("shell.reset");
  ASSERT_TRUE(m_trial.finish(asks, 5s));
  ASSERT_TRUE(m_trial.finish(reset, 5s));
  EXPECT_EQ(m_trial.answer(asks).how, "send") << m_trial.answer(asks).message;
  EXPECT_EQ(m_trial.answer(reset).how, "send") << m_trial.answer(reset).message;
}

// Nobody knows whose end it was.
TEST_F(ResetTest, WhereAnEndWasMissedThePastIsForgotten) {
  json("run", {{"command", "export X=1"}});
  json("run", {{"argv", {"tool"}}, {"background", true}});
  m_trial.turn();
  json("terminal_make");
  EXPECT_EQ(json("processes")["processes"].size(), 1u);
  m_trial.host().services().event("events.lost", {{"lost", 1}}, "");
  m_trial.turn();
  EXPECT_FALSE(json("variables")["env"].contains("X"));
  EXPECT_EQ(json("processes")["processes"].size(), 0u);
  EXPECT_EQ(json("terminals")["terminals"].size(), 1u);  // what runs goes on
}

}  // namespace
}  // namespace shell
