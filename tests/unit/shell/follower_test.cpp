// Who follows a process has all that it wrote, in order and in whole characters; who is behind is told what it misses,
// and costs nothing.
#include "follower.hpp"

#include "played.hpp"

namespace shell {
namespace {

TEST(FollowerPlaceTest, OnlyWhatIsOneIsRead) {
  const auto place = Follower::read("12.345");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->out, 12u);
  EXPECT_EQ(place->err, 345u);
  for (const char* other :
       {"", "12", ".", "1.", ".1", "1.2.3", "-1.2", "1.+2", " 1.2", "r-1-7", "99999999999999999999.0"})
    EXPECT_FALSE(Follower::read(other)) << other;
}

// 3 bytes each; the pieces that programs write are parted anywhere.
std::string characters(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += "\u4e2d";
  return all;
}

void play_follower(StandIn& host) {
  host.programs().program("tool", [](const SeenProgram&) { return PlayedProgram{"out", "err", 3}; });
  host.programs().program("much", [](const SeenProgram&) { return PlayedProgram{characters(10'000), "", 0}; });
  host.programs().program("flood", [](const SeenProgram&) { return PlayedProgram{characters(300'000), "", 0}; });
}

class FollowerTest : public Played {
 protected:
  FollowerTest() : Played({{"output_cap", 100'000}}, play_follower) {}
  void begin(const char* program) { json("run", {{"argv", {program}}, {"background", true}}); }
  // All events, each with what it is.
  static std::vector<std::pair<std::string, Json>> events(const Answer& answer) {
    std::vector<std::pair<std::string, Json>> all;
    for (std::size_t i = 0; i < answer.names.size(); ++i)
      all.emplace_back(answer.names[i], Json::parse(answer.chunks[i]));
    return all;
  }
  static std::string text(const Answer& answer, const char* name) {
    std::string all;
    for (const auto& [what, data] : events(answer))
      if (what == "stream" && data["name"] == name) all += data["text"].get<std::string>();
    return all;
  }
};

TEST_F(FollowerTest, AllOfItComesAndThenItsEnd) {
  begin("tool");
  const auto follows = m_trial.start("shell.follow", {{"process", "p1"}});
  EXPECT_FALSE(m_trial.answer(follows).over());
  ASSERT_TRUE(m_trial.finish(follows, 5s));
  const Answer answer = m_trial.answer(follows);
  EXPECT_EQ(answer.how, "finish");
  const auto all = events(answer);
  EXPECT_EQ(all.front().first, "status");
  EXPECT_EQ(all.front().second["status"], "running");
  EXPECT_EQ(text(answer, "stdout"), "out");
  EXPECT_EQ(text(answer, "stderr"), "err");
  EXPECT_EQ(all.back().first, "status");
  EXPECT_EQ(all.back().second["status"], "failed");
  EXPECT_EQ(all.back().second["returncode"], 3);
  EXPECT_EQ(answer.ids.back(), "3.3");
}

TEST_F(FollowerTest, OfOneThatHasEndedTheRestComesFromAPlaceOn) {
  begin("tool");
  json("wait", {{"process", "p1"}, {"timeout", 5}});
  const Answer answer = m_trial.call("shell.follow", {{"process", "p1"}, {"stdout", 2}, {"stderr", 3}});
  const auto all = events(answer);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].second, (Json{{"name", "stdout"}, {"at", 2}, {"text", "t"}}));
  EXPECT_EQ(answer.ids[0], "3.3");
  EXPECT_EQ(all[1].second["status"], "failed");
  // Behind its end there is nothing more to tell.
  EXPECT_EQ(events(m_trial.call("shell.follow", {{"process", "p1"}, {"stdout", 99}, {"stderr", 99}})).size(), 1u);
}

TEST_F(FollowerTest, NoCharacterIsTorn) {
  begin("much");
  const auto follows = m_trial.start("shell.follow", {{"process", "p1"}});
  ASSERT_TRUE(m_trial.finish(follows, 5s));
  std::uint64_t at = 0;
  for (const auto& [what, data] : events(m_trial.answer(follows))) {
    if (what != "stream") continue;
    EXPECT_EQ(data["at"], at);
    EXPECT_EQ(data["text"].get<std::string>().find("\ufffd"), std::string::npos);
    at += data["text"].get<std::string>().size();
  }
  EXPECT_EQ(at, 30'000u);
}

// However little is kept of it.
TEST_F(FollowerTest, WhoKeepsUpMissesNothing) {
  Trial trial(berth::check::load(BERTH_PLUGIN_FILE), {{"output_cap", 1024}}, play_follower);
  trial.host().room(10'000);
  trial.call("shell.run", {{"argv", {"much"}}, {"background", true}});
  const auto follows = trial.start("shell.follow", {{"process", "p1"}});
  ASSERT_TRUE(trial.finish(follows, 5s));
  EXPECT_EQ(text(trial.answer(follows), "stdout"), characters(10'000));
  EXPECT_EQ(Json::parse(trial.call("shell.process", {{"process", "p1"}}).body)["truncated"], true);
}

TEST_F(FollowerTest, WhoStallsIsToldWhatItMissesAndHoldsNothing) {
  m_trial.host().room(1);
  begin("flood");
  const auto slow = m_trial.start("shell.follow", {{"process", "p1"}});
  json("wait", {{"process", "p1"}, {"timeout", 5}});  // it went on and ended meanwhile
  EXPECT_EQ(m_trial.answer(slow).chunks.size(), 1u);
  ASSERT_TRUE(m_trial.finish(slow, 5s));
  const Answer answer = m_trial.answer(slow);
  std::uint64_t told = 0, left_out = 0;
  for (const auto& [what, data] : events(answer)) {
    if (what == "status") continue;
    EXPECT_EQ(data["at"], told + left_out);
    if (what == "left_out") left_out += data["bytes"].get<std::uint64_t>();
    if (what == "stream") told += data["text"].get<std::string>().size();
  }
  EXPECT_GT(left_out, 700'000u);
  EXPECT_LT(told, 160'000u);
  EXPECT_GT(told, 90'000u);
  EXPECT_EQ(events(answer).back().second["stdout_bytes"], 900'000);
  EXPECT_EQ(events(answer).back().second["status"], "completed");
}

TEST_F(FollowerTest, WhoLeavesDisturbsNobody) {
  begin("tool");
  const auto leaves = m_trial.start("shell.follow", {{"process", "p1"}});
  const auto stays = m_trial.start("shell.follow", {{"process", "p1"}});
  m_trial.cancel(leaves);
  EXPECT_TRUE(m_trial.answer(leaves).over());
  EXPECT_TRUE(m_trial.answer(m_trial.start("shell.follow", {{"process", "p1"}}, nullptr, true)).over());
  ASSERT_TRUE(m_trial.finish(stays, 5s));
  EXPECT_EQ(text(m_trial.answer(stays), "stdout"), "out");
  EXPECT_EQ(json("process", {{"process", "p1"}})["status"], "failed");
}

TEST_F(FollowerTest, TheyAreCountedAndThoseWhoLeaveMakeRoom) {
  begin("tool");
  std::vector<berth_call> all;
  for (int i = 0; i < 32; ++i) all.push_back(m_trial.start("shell.follow", {{"process", "p1"}}));
  const Answer refused = m_trial.answer(m_trial.start("shell.follow", {{"process", "p1"}}));
  EXPECT_EQ(refused.problem, "too_many_followers");
  EXPECT_NE(refused.hint, "");
  m_trial.cancel(all[7]);
  EXPECT_FALSE(m_trial.answer(m_trial.start("shell.follow", {{"process", "p1"}})).over());
  for (const auto one : all) EXPECT_TRUE(m_trial.finish(one, 5s));
}

TEST_F(FollowerTest, OneThatIsDeletedOrNeverWasIsToldSo) {
  begin("tool");
  const auto follows = m_trial.start("shell.follow", {{"process", "p1"}});
  json("delete", {{"process", "p1"}});
  ASSERT_TRUE(m_trial.finish(follows, 5s));
  EXPECT_EQ(events(m_trial.answer(follows)).back().first, "status");
  EXPECT_EQ(m_trial.call("shell.follow", {{"process", "p1"}}).problem, "no_such_process");
  json("run", {{"argv", {"nothing"}}, {"background", true}});
  const Answer never = m_trial.call("shell.follow", {{"process", "p2"}});
  EXPECT_EQ(events(never).back().second["status"], "failed");
  EXPECT_NE(events(never).back().second["reason"].get<std::string>(), "");
}

}  // namespace
}  // namespace shell
