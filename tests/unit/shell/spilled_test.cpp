// What does not fit into an answer, or into a stream whose command nobody may hold back any more, is in a file that the
// text names; or the text says that it is lost.
#include <sys/mount.h>

#include <fstream>
#include <iterator>

#include "played.hpp"

namespace shell {
namespace {

void play_spilled(StandIn& host) {
  host.programs().program("flood", [](const SeenProgram&) { return PlayedProgram{std::string(300'000, 'x'), "", 0}; });
  host.programs().program("deluge", [](const SeenProgram&) {
    return PlayedProgram{std::string(3u << 20, 'x'), "", 0};
  });
}

class SpilledTest : public Played {
 protected:
  SpilledTest() : Played({{"output_cap", 100'000}}, play_spilled) {}
  std::string content(const std::string& name) {
    std::ifstream file(m_trial.host().workspace().path() + "/output/commands/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // The file that a text names for what is left out there.
  static std::string spilled_by(const std::string& text) {
    const std::string folder = "/workspace/output/commands/";
    const auto at = text.find(folder);
    return at == std::string::npos ? "" : text.substr(at + folder.size(), text.find(' ', at) - at - folder.size());
  }
  static std::string streamed(const Answer& answer) {
    std::string all;
    for (std::size_t i = 0; i < answer.names.size(); ++i)
      if (answer.names[i] == "stream") all += Json::parse(answer.chunks[i])["text"].get<std::string>();
    return all;
  }
};

TEST_F(SpilledTest, TooMuchOutputIsCut) {
  const Json done = json("run", {{"argv", {"flood"}}});
  EXPECT_EQ(done["truncated"], true);
  const std::string text = done["stdout"];
  EXPECT_LE(text.size(), 160'000u);
  const std::string name = spilled_by(text);
  EXPECT_NE(name, "");
  EXPECT_EQ(text.find("left out here: they are in /workspace/output/commands/" + name), text.find("left out here"));
  const auto from = text.find("\n… "), to = text.find(" …\n") + std::string(" …\n").size();
  EXPECT_EQ(text.substr(0, from) + content(name) + text.substr(to), std::string(300'000, 'x'));
}

TEST_F(SpilledTest, TooMuchOfABackgroundProcessIsInAFileThatIsNamed) {
  json("run", {{"argv", {"flood"}}, {"background", true}});
  EXPECT_EQ(json("wait", {{"process", "p1"}, {"timeout", 5}})["truncated"], true);
  const Json done = json("process", {{"process", "p1"}});
  EXPECT_NE(done["stdout"].get<std::string>().find("they are in /workspace/output/commands/p1.stdout.txt"),
            std::string::npos);
  const std::string text = done["stdout"];
  const auto from = text.find("\n… "), to = text.find(" …\n") + std::string(" …\n").size();
  EXPECT_EQ(from + content("p1.stdout.txt").size() + text.size() - to, 300'000u);
}

TEST_F(SpilledTest, WithoutAPlaceForItTheAnswerComesAllTheSame) {
  std::ofstream(m_trial.host().workspace().path() + "/output/commands") << "in the way";
  const Json done = json("run", {{"argv", {"flood"}}});
  EXPECT_EQ(done["status"], "completed");
  EXPECT_NE(done["stdout"].get<std::string>().find("bytes left out here: they are lost, since"), std::string::npos);
}

// A disk without room for one more name.
TEST_F(SpilledTest, WhereTheDiskIsFullTheTextSaysSo) {
  const std::string output = m_trial.host().workspace().path() + "/output";
  if (::mount("berth-test", output.c_str(), "tmpfs", 0, "nr_inodes=1") != 0) GTEST_SKIP() << "nothing can be mounted";
  const Json done = json("run", {{"argv", {"flood"}}});
  ::umount2(output.c_str(), MNT_DETACH);
  EXPECT_NE(done["stdout"].get<std::string>().find("they are lost, since the workspace has no room for them"),
            std::string::npos)
      << done["stdout"].get<std::string>().substr(49'000, 2000);
}

// Once its time is over nothing holds it back any more, so what nobody reads is not all kept.
TEST_F(SpilledTest, ASlowReaderMissesWhatComesAfterTheTime) {
  m_trial.host().room(1);
  const auto slow = m_trial.start("shell.stream", {{"argv", {"deluge"}}, {"timeout", 1}});
  m_trial.turn();
  m_trial.pass(1s);
  m_trial.turn();
  for (int i = 0; i < 1000 && !m_trial.finish(slow, 5ms); ++i) m_trial.pass(1ms);
  const Answer answer = m_trial.answer(slow);
  ASSERT_TRUE(answer.over());
  const std::string all = streamed(answer);
  const auto note = all.find("\n… ");
  ASSERT_NE(note, std::string::npos);
  EXPECT_GT(note, 0u);
  EXPECT_EQ(all.find_first_not_of('x'), note);
  EXPECT_EQ(note + content(spilled_by(all)).size(), 3u << 20);
  EXPECT_EQ(Json::parse(answer.chunks.back())["truncated"], true);
}

}  // namespace
}  // namespace shell
