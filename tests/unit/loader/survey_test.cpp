// Which file stands behind a name: the host's own keep theirs, whatever strangers lay beside them.
#include "loader/survey.hpp"

#include <gtest/gtest.h>

#include "plugin_folder.hpp"

namespace berth::loader {
namespace {

using test::put;

class SurveyTest : public testing::Test {
 protected:
  SurveyTest() { m_choice.own_folders = {m_own.path()}; }

  // That by all and that by name are one and the same.
  Candidate clock() const {
    const auto all = survey(m_choice);
    EXPECT_EQ(all.size(), 1u);
    const auto one = survey_one(m_choice, "clock");
    EXPECT_TRUE(one);
    EXPECT_EQ(one->found.library_file, all[0].found.library_file);
    EXPECT_EQ(one->found.namesakes, all[0].found.namesakes);
    EXPECT_EQ(one->wish, all[0].wish);
    EXPECT_EQ(one->shut_out, all[0].shut_out);
    return all[0];
  }
  void expect_own(const std::vector<std::string>& namesakes) const {
    const auto one = clock();
    EXPECT_EQ(one.found.library_file, m_own.library);
    EXPECT_TRUE(one.found.first_party);
    EXPECT_FALSE(one.shut_out);
    EXPECT_FALSE(one.bad);
    EXPECT_EQ(one.found.namesakes, namesakes);
  }

  const test::PluginFolder m_own, m_theirs;
  Choice m_choice;
};

TEST_F(SurveyTest, AStrangerDoesNotTakeThePlaceOfTheHostsOwn) {
  m_choice.folders = {m_theirs.path()};
  expect_own({m_theirs.library});
  m_choice.safe = true;
  expect_own({m_theirs.library});
  m_choice.safe = false;
  m_choice.trust.must_be_signed = TrustRules::Signed::third_party;
  expect_own({m_theirs.library});
  m_choice.wishes["clock"].config = {{"zone", "UTC"}};
  expect_own({m_theirs.library});
  EXPECT_EQ(clock().wish.config, m_choice.wishes["clock"].config);
}

TEST_F(SurveyTest, NorDoesOneThatIsBroken) {
  m_choice.folders = {m_theirs.path()};
  put(m_theirs.manifest, "garbage");
  expect_own({m_theirs.library});
  m_choice.safe = true;
  expect_own({m_theirs.library});
}

TEST_F(SurveyTest, WhatLeadsToTheHostsOwnIsNoStranger) {
  const test::Folder other;
  std::filesystem::create_directory_symlink(m_own.path(), other.file("link"));
  m_choice.folders = {other.file("link"), m_own.path()};
  expect_own({});
}

TEST_F(SurveyTest, AmongStrangersTheFolderThatIsNamedFirstWins) {
  m_choice.own_folders = {};
  m_choice.folders = {m_theirs.path(), m_own.path()};
  EXPECT_EQ(clock().found.library_file, m_theirs.library);
  EXPECT_TRUE(clock().found.namesakes.empty());
}

TEST_F(SurveyTest, AFileThatIsNamedTakesItsPlaceButNotInSafeMode) {
  Wish& wish = m_choice.wishes["clock"];
  wish.file = m_theirs.library;
  wish.config = {{"theirs", true}};
  m_choice.process.threads = 7;
  EXPECT_EQ(clock().found.library_file, m_theirs.library);
  EXPECT_FALSE(clock().found.first_party);
  EXPECT_EQ(clock().wish.config, wish.config);
  m_choice.safe = true;
  expect_own({});
  EXPECT_TRUE(clock().wish.config.empty());  // which was said of the other
  EXPECT_TRUE(clock().wish.file.empty());
  EXPECT_EQ(clock().wish.process.threads, 7u);
  wish.enabled = false;
  EXPECT_TRUE(clock().shut_out);
}

TEST_F(SurveyTest, AFileOfAnotherNameStaysOutInSafeMode) {
  m_choice.own_folders = {};
  m_choice.wishes["clock"].file = m_theirs.library;
  m_choice.safe = true;
  EXPECT_TRUE(clock().shut_out);
}

}  // namespace
}  // namespace berth::loader
