// What does not fit into an answer is in the workspace to the last byte, or the note says what is not, and why.
#include <berth/check/stand_in.hpp>
#include <berth/spill.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

namespace berth {
namespace {

class SpillTest : public testing::Test {
 protected:
  std::string path(const std::string& name) { return m_host.workspace().path() + "/output/things/" + name; }
  std::string content(const std::string& name) {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // As it is once all is written.
  std::string note(const std::shared_ptr<Spill>& spill) {
    std::promise<std::string> note;
    m_spiller.after([&] { note.set_value(spill->note()); });
    return note.get_future().get();
  }
  check::StandIn m_host;
  const Workspaces m_workspaces{m_host.api()};
  Spiller m_spiller{m_workspaces, "things"};
};

TEST_F(SpillTest, TheMiddleIsInAFileThatTheTextNames) {
  const auto spill = m_spiller.spill("main", "a", "stdout");
  Kept kept(1000, spill->taker());
  std::string all;
  for (int i = 0; i < 5000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    kept.add(line);
    all += line;
  }
  const std::string text = kept.text(note(spill)), middle = content("a.stdout.txt");
  EXPECT_NE(text.find(std::to_string(middle.size()) +
                      " bytes left out here: they are in /workspace/output/things/a.stdout.txt …\n"),
            std::string::npos)
      << text;
  const auto from = text.find("\n… "), to = text.find(" …\n") + std::string(" …\n").size();
  EXPECT_EQ(text.substr(0, from) + middle + text.substr(to), all);
}

TEST_F(SpillTest, NothingIsMadeForWhatFits) {
  const auto spill = m_spiller.spill("main", "a", "stdout");
  Kept kept(1000, spill->taker());
  kept.add("little");
  EXPECT_EQ(kept.text(note(spill)), "little");
  EXPECT_FALSE(std::filesystem::exists(path("")));
}

TEST_F(SpillTest, OneThatHasEndedHoldsNoFileOpenAndTakesNoMore) {
  const auto descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = descriptors();
  const auto spill = m_spiller.spill("main", "a", "stdout");
  spill->taker()("all");
  note(spill);
  EXPECT_EQ(descriptors(), before + 1);
  spill->end();
  spill->taker()(" and more");
  EXPECT_EQ(note(spill), ": they are in /workspace/output/things/a.stdout.txt");
  EXPECT_EQ(descriptors(), before);
  EXPECT_EQ(content("a.stdout.txt"), "all");
}

TEST_F(SpillTest, WhatWasThereIsReplaced) {
  std::filesystem::create_directory(path(""));
  std::ofstream(path("a.stdout.txt")) << "older, and longer";
  const auto spill = m_spiller.spill("main", "a", "stdout");
  spill->taker()("new");
  EXPECT_EQ(note(spill), ": they are in /workspace/output/things/a.stdout.txt");
  EXPECT_EQ(content("a.stdout.txt"), "new");
}

TEST_F(SpillTest, OfWhatIsTooMuchTheBeginIsThere) {
  m_host.workspace().quota = 1000;
  const auto spill = m_spiller.spill("main", "a", "stderr");
  for (int i = 0; i < 3; ++i) spill->taker()(std::string(60, static_cast<char>('a' + i)));
  EXPECT_EQ(note(spill),
            ": the first 100 of them are in /workspace/output/things/a.stderr.txt, the rest is lost, since such a file "
            "has 100 bytes at the most");
  EXPECT_EQ(content("a.stderr.txt"), std::string(60, 'a') + std::string(40, 'b'));
}

TEST_F(SpillTest, NoLinkIsFollowed) {
  const auto elsewhere = m_host.workspace().path() + "/upload";
  std::filesystem::create_symlink(elsewhere, m_host.workspace().path() + "/output/things");
  const auto spill = m_spiller.spill("main", "a", "stdout");
  spill->taker()("text");
  EXPECT_EQ(note(spill), ": they are lost, since /workspace/output/things cannot be written");
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
  std::filesystem::remove(m_host.workspace().path() + "/output/things");
  std::filesystem::create_directory(path(""));
  std::filesystem::create_symlink(elsewhere + "/b", path("b.stdout.txt"));
  const auto other = m_spiller.spill("main", "b", "stdout");
  other->taker()("text");
  EXPECT_NE(note(other).find("they are in"), std::string::npos);
  EXPECT_EQ(content("b.stdout.txt"), "text");
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
}

TEST_F(SpillTest, ASessionThatIsGoneLosesIt) {
  const auto spill = m_spiller.spill("other", "a", "stdout");
  spill->taker()("text");
  EXPECT_NE(note(spill).find("they are lost"), std::string::npos);
}

// A disk that takes no more: here it is a limit of this process.
TEST_F(SpillTest, ADiskThatIsFullGetsBackWhatItGave) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual{};
  ::getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit little{64u << 10, usual.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &little);
  const auto spill = m_spiller.spill("main", "a", "stdout");
  for (int i = 0; i < 10; ++i) spill->taker()(std::string(10'000, 'x'));
  const std::string said = note(spill);
  ::setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(said, ": they are lost, since the workspace has no room for them");
  EXPECT_EQ(content("a.stdout.txt"), "");
}

TEST_F(SpillTest, WhatComesTooFastIsLostAndNothingGrows) {
  std::promise<void> go;
  m_spiller.after([&go] { go.get_future().wait(); });
  const auto spill = m_spiller.spill("main", "a", "stdout");
  const std::string piece(1u << 20, 'x');
  spill->taker()(piece);
  EXPECT_FALSE(m_spiller.behind());
  for (int i = 0; i < 70; ++i) spill->taker()(piece);
  EXPECT_TRUE(m_spiller.behind());
  go.set_value();
  // Unless a file may have no more than was taken anyway.
  EXPECT_NE(note(spill).find("the rest is lost"), std::string::npos);
  EXPECT_LE(content("a.stdout.txt").size(), Spiller::most_waiting + piece.size());
}

TEST_F(SpillTest, WhatWasAddedIsDoneBeforeTheEnd) {
  bool done = false;
  m_spiller.after([&] { done = true; });
  m_spiller.wait();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace berth
