// What policies keep outlives the host, even one that was killed in the middle of a line.
#include "policy/ledger.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "../service/folder.hpp"

namespace berth::policy {
namespace {

class LedgerTest : public testing::Test {
 protected:
  std::string path() const { return m_folder.file("p") + "/state.journal"; }
  std::string shown() const {
    Ledger ledger;
    EXPECT_FALSE(ledger.open(m_folder.file("p")));
    std::string all;
    for (const auto& one : ledger.entries())
      all += one.session + "/" + one.policy + "/" + one.key + "=" + one.value + " ";
    for (const auto& [name, total] : ledger.charged("a")) all += name + ":" + std::to_string(total).substr(0, 4) + " ";
    return all;
  }
  const test::Folder m_folder;
};

TEST_F(LedgerTest, WhatWasChangedIsThereAgain) {
  {
    Ledger ledger;
    ASSERT_FALSE(ledger.open(m_folder.file("p")));
    EXPECT_FALSE(ledger.change("a", {{"p", "x", "1"}, {"p", "y", R"({"z":[]})"}}));
    EXPECT_FALSE(ledger.change("b", {{"p", "x", "2"}}));
    EXPECT_FALSE(ledger.change("a", {{"p", "x", ""}}));
    EXPECT_FALSE(ledger.charge("a", {{"steps", 1.5}}));
    EXPECT_FALSE(ledger.charge("a", {{"steps", 1}}));
    ledger.forget("b");
  }
  EXPECT_EQ(shown(), R"(a/p/y={"z":[]} steps:2.50 )");
  EXPECT_EQ(shown(), R"(a/p/y={"z":[]} steps:2.50 )");  // and once it was written anew
}

TEST_F(LedgerTest, ATornLineCountsForNothingAndNothingElseIsLost) {
  {
    Ledger ledger;
    ASSERT_FALSE(ledger.open(m_folder.file("p")));
    ledger.change("a", {{"p", "x", "1"}});
  }
  std::ofstream(path(), std::ios::app) << R"({"session":"a","kept":[["p","x","2"]])";
  EXPECT_EQ(shown(), "a/p/x=1 ");
}

TEST_F(LedgerTest, AFileThatGrowsIsWrittenAnew) {
  Ledger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  const std::string large = "\"" + std::string(60'000, 'x') + "\"";
  for (int i = 0; i < 200; ++i) ASSERT_FALSE(ledger.change("a", {{"p", "x", large}}));
  EXPECT_LT(std::filesystem::file_size(path()), 5u << 20);
}

TEST_F(LedgerTest, ADiskThatTakesNoNewFileIsNotTriedAtEachLine) {
  Ledger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  std::filesystem::rename(m_folder.file("p"), m_folder.file("q"));
  const std::string large = "\"" + std::string(60'000, 'x') + "\"";
  int failed = 0;
  for (int i = 0; i < 200; ++i) failed += ledger.change("a", {{"p", "x", large}}) ? 1 : 0;
  EXPECT_GE(failed, 1);
  EXPECT_LE(failed, 3);
}

TEST_F(LedgerTest, WhatAllSessionsKeepHasABoundThatAnEndOfOneGivesBack) {
  Ledger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  const std::string large = "\"" + std::string(1u << 20, 'x') + "\"";
  const auto keep = [&](int i) { return ledger.change("s" + std::to_string(i), {{"p", "x", large}}); };
  int kept = 0;
  while (kept < 100 && !keep(kept)) ++kept;
  EXPECT_EQ(kept, 31);
  EXPECT_FALSE(keep(3));  // in place of as much
  ledger.forget("s1");
  EXPECT_FALSE(keep(50));
  EXPECT_TRUE(keep(51));
  Ledger again;
  EXPECT_FALSE(again.open(m_folder.file("p")));
  EXPECT_EQ(again.sessions().size(), 31u);
}

TEST_F(LedgerTest, StrangeLinesAreLeftOut) {
  std::filesystem::create_directories(m_folder.file("p"));
  test::put(path(), "[]\nnonsense\n{\"session\":1}\n{\"session\":\"a\",\"kept\":[1,[2,3],[\"p\",\"k\",null]]}\n");
  EXPECT_EQ(shown(), "a/p/k=null ");
}

}  // namespace
}  // namespace berth::policy
