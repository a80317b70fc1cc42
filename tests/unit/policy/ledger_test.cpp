// What policies keep outlives the host, even one that was killed in the middle of a line.
#include "policy/ledger.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "../service/folder.hpp"
#include "ledger_kit.hpp"

namespace berth::policy {
namespace {

class LedgerTest : public testing::Test {
 protected:
  std::string path() const { return m_folder.file("p") + "/state.journal"; }
  std::string shown() const {
    LoneLedger ledger;
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
    LoneLedger ledger;
    ASSERT_FALSE(ledger.open(m_folder.file("p")));
    EXPECT_FALSE(ledger.keep("a", {{"p", "x", "1"}, {"p", "y", R"({"z":[]})"}}, {}));
    EXPECT_FALSE(ledger.keep("b", {{"p", "x", "2"}}, {}));
    EXPECT_FALSE(ledger.keep("a", {{"p", "x", ""}}, {}));
    EXPECT_FALSE(ledger.keep("a", {}, {{"steps", 1.5}}));
    EXPECT_FALSE(ledger.keep("a", {}, {{"steps", 1}}));
    ledger.forget("b");
  }
  EXPECT_EQ(shown(), R"(a/p/y={"z":[]} steps:2.50 )");
  EXPECT_EQ(shown(), R"(a/p/y={"z":[]} steps:2.50 )");  // and once it was written anew
}

// What was half written counts for nothing: neither what an answer keeps is there without what it charges.
TEST_F(LedgerTest, WhatAnAnswerKeepsAndChargesIsOneLine) {
  {
    LoneLedger ledger;
    ASSERT_FALSE(ledger.open(m_folder.file("p")));
    EXPECT_FALSE(ledger.keep("a", {{"p", "x", "1"}}, {{"steps", 1}}));
    EXPECT_FALSE(ledger.keep("a", {{"p", "x", "2"}}, {{"steps", 1}}));
  }
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 2);
  EXPECT_EQ(shown(), "a/p/x=1 steps:1.00 ");
}

TEST_F(LedgerTest, ATornLineCountsForNothingAndNothingElseIsLost) {
  {
    LoneLedger ledger;
    ASSERT_FALSE(ledger.open(m_folder.file("p")));
    ledger.keep("a", {{"p", "x", "1"}}, {});
  }
  std::ofstream(path(), std::ios::app) << R"({"session":"a","kept":[["p","x","2"]])";
  EXPECT_EQ(shown(), "a/p/x=1 ");
}

// No file of this program grows beyond so many bytes, as long as this is there.
class Narrow {
 public:
  explicit Narrow(std::uintmax_t bytes) : m_heard(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &m_before);
    rlimit narrow = m_before;
    narrow.rlim_cur = bytes;
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &narrow), 0);
  }
  Narrow(const Narrow&) = delete;
  ~Narrow() {
    ::setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_heard);
  }

 private:
  void (*m_heard)(int);
  rlimit m_before{};
};

TEST_F(LedgerTest, WhatComesAfterADiskThatWasFullIsKept) {
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  std::filesystem::create_directories(m_folder.file("q"));
  for (const std::uintmax_t fits : {0, 1, 20}) {  // bytes of the line; and never its newline
    ASSERT_FALSE(ledger.keep("a", {{"p", "x", "1"}}, {}));
    {
      const Narrow narrow(std::filesystem::file_size(path()) + fits);
      EXPECT_TRUE(ledger.keep("a", {{"p", "x", "2"}}, {}));
      EXPECT_TRUE(ledger.keep("a", {{"p", "x", "3"}}, {}));
    }
    const std::string value = std::to_string(10 + fits);
    EXPECT_FALSE(ledger.keep("a", {{"p", "x", value}}, {}));
    test::put(m_folder.file("q") + "/state.journal", test::content_of(path()));
    LoneLedger again;
    ASSERT_FALSE(again.open(m_folder.file("q")));
    ASSERT_EQ(again.entries().size(), 1u);
    EXPECT_EQ(again.entries()[0].value, value);
  }
}

TEST_F(LedgerTest, AFileThatGrowsIsWrittenAnew) {
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  const std::string large = "\"" + std::string(60'000, 'x') + "\"";
  for (int i = 0; i < 200; ++i) ASSERT_FALSE(ledger.keep("a", {{"p", "x", large}}, {}));
  EXPECT_LT(std::filesystem::file_size(path()), 5u << 20);
}

TEST_F(LedgerTest, ADiskThatTakesNoNewFileIsNotTriedAtEachLine) {
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  std::filesystem::rename(m_folder.file("p"), m_folder.file("q"));
  const std::string large = "\"" + std::string(60'000, 'x') + "\"";
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(ledger.keep("a", {{"p", "x", large}}, {}));
  EXPECT_GE(ledger.failures().size(), 1u);
  EXPECT_LE(ledger.failures().size(), 3u);
}

TEST_F(LedgerTest, WhatAllSessionsKeepHasABoundThatAnEndOfOneGivesBack) {
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  const std::string large = "\"" + std::string(1u << 20, 'x') + "\"";
  const auto keep = [&](int i) { return ledger.keep("s" + std::to_string(i), {{"p", "x", large}}, {}); };
  int kept = 0;
  while (kept < 100 && !keep(kept)) ++kept;
  EXPECT_EQ(kept, 31);
  EXPECT_FALSE(keep(3));  // in place of as much
  ledger.forget("s1");
  EXPECT_FALSE(keep(50));
  EXPECT_TRUE(keep(51));
  LoneLedger again;
  EXPECT_FALSE(again.open(m_folder.file("p")));
  EXPECT_EQ(again.sessions().size(), 31u);
}

TEST_F(LedgerTest, SessionsThatComeAndGoLeaveTheBoundWhereItIs) {
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  const std::string large = "\"" + std::string(1u << 20, 'x') + "\"";
  for (int i = 0; i < 31; ++i) ASSERT_FALSE(ledger.keep("s" + std::to_string(i), {{"p", "x", large}}, {}));
  const std::string passing(2000, 'n');  // a long name, of which little is kept
  for (int i = 0; i < 2000; ++i) {
    ASSERT_FALSE(ledger.keep(passing, {{"p", "x", "1"}}, {{"steps", 1}}));
    ledger.forget(passing);
  }
  EXPECT_TRUE(ledger.keep("one more", {{"p", "x", large}}, {}));
}

TEST_F(LedgerTest, WhatAKilledHostLeftHalfWrittenIsRemoved) {
  std::filesystem::create_directories(m_folder.file("p"));
  test::put(path() + ".new-0123", "half");
  test::put(m_folder.file("p") + "/other", "");
  LoneLedger ledger;
  ASSERT_FALSE(ledger.open(m_folder.file("p")));
  EXPECT_FALSE(std::filesystem::exists(path() + ".new-0123"));
  EXPECT_TRUE(std::filesystem::exists(m_folder.file("p") + "/other"));
}

TEST_F(LedgerTest, StrangeLinesAreLeftOut) {
  std::filesystem::create_directories(m_folder.file("p"));
  test::put(path(), "[]\nnonsense\n{\"session\":1}\n{\"session\":\"a\",\"kept\":[1,[2,3],[\"p\",\"k\",null]]}\n");
  EXPECT_EQ(shown(), "a/p/k=null ");
}

}  // namespace
}  // namespace berth::policy
