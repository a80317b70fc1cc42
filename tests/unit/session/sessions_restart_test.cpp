// What a host that starts finds of the sessions of the one before, however that one ended.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "sessions_seat.hpp"

namespace berth::session {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST_F(SessionsTest, IsFoundAgain) {
  Wish wanted = wish("alice");
  wanted.labels = {{"who", "alice"}};
  wanted.ttl = 1234s;
  wanted.scope = Scope::admin;
  wanted.limits = {{"memory", "100MB"}};
  const auto made = all().create(wanted);
  ASSERT_TRUE(made);
  EXPECT_EQ(*all().next_turn("alice"), 1u);
  EXPECT_EQ(*all().next_turn("alice"), 2u);
  EXPECT_EQ(*all().next_turn("main"), 1u);
  const auto before = *all().workspace_of("alice");
  put(before.folder + "/output/kept", "kept");
  say(**all().jail_of("alice"), "true");
  const auto found = start();
  EXPECT_EQ(found.lost, (std::vector<std::string>{"alice"}));
  EXPECT_TRUE(found.broken.empty());
  const auto sight = all().find("alice");
  ASSERT_TRUE(sight);
  EXPECT_EQ(sight->record.turn, 2u);
  EXPECT_EQ(sight->record.labels, wanted.labels);
  EXPECT_EQ(sight->record.ttl, 1234s);
  EXPECT_EQ(sight->record.limits, made->record.limits);
  EXPECT_FALSE(sight->record.lost.empty());
  EXPECT_FALSE(sight->jail_open);
  EXPECT_EQ(m_tokens->find(made->secret)->scope, Scope::admin);
  EXPECT_EQ(*all().next_turn("main"), 2u);
  const auto after = *all().workspace_of("alice");
  EXPECT_EQ(after.folder, before.folder);
  EXPECT_EQ(after.user, before.user);
  const auto jail = all().jail_of("alice");
  ASSERT_TRUE(jail) << jail.error().message;
  EXPECT_EQ(say(**jail, "cat " + (*jail)->place("/workspace") + "/output/kept").output, "kept");
  EXPECT_TRUE(start().broken.empty());
}

TEST_F(SessionsTest, TellsOnceWhatWasLost) {
  make("alice");
  make("bob");
  say(**all().jail_of("alice"), "true");
  EXPECT_EQ(start().lost, (std::vector<std::string>{"alice"})) << "nothing ran in the other";
  EXPECT_TRUE(start().lost.empty()) << "nothing has run since";
  EXPECT_FALSE(all().find("alice")->record.lost.empty());
}

TEST_F(SessionsTest, ABrokenOneKeepsItsUserFromOthers) {
  if (!m_jails->isolation().changes_user) GTEST_SKIP() << "sessions have no users of their own here";
  make("alice");
  const auto user = all().workspace_of("alice")->user;
  put(record_of("alice"), "{");
  start();
  make("bob");
  EXPECT_NE(all().workspace_of("bob")->user, user);
}

TEST_F(SessionsTest, ABrokenRecordStopsNobodyAndIsNotDeleted) {
  make("alice");
  make("bob");
  put(record_of("alice"), "{\"id\": \"alice\"");
  fs::remove(record_of("bob"));
  const auto found = start();
  ASSERT_EQ(found.broken.size(), 2u);
  EXPECT_NE(found.broken[0].second.find("no JSON"), std::string::npos);
  EXPECT_NE(refusal("alice").find("503 session_broken"), std::string::npos);
  EXPECT_EQ(all().find("alice")->state, SeatState::broken);
  EXPECT_FALSE(all().jail_of("alice"));
  EXPECT_FALSE(all().workspace_of("bob"));
  EXPECT_TRUE(fs::exists(seat("alice")));
  ASSERT_FALSE(all().leave("bob", "was deleted")) << "whoever asks for it gets it";
  EXPECT_FALSE(all().remove("bob"));
  EXPECT_FALSE(fs::exists(seat("bob")));
}

TEST_F(SessionsTest, MainsRecordCanBeMadeAnew) {
  put(all().workspace_of("main")->folder + "/output/kept", "x");
  put(record_of("main"), "nonsense");
  EXPECT_EQ(start().broken.size(), 1u);
  EXPECT_EQ(all().find("main")->state, SeatState::broken);
  EXPECT_FALSE(all().jail_of("main"));
  fs::remove(record_of("main"));
  EXPECT_TRUE(start().broken.empty());
  ASSERT_TRUE(all().jail_of("main"));
  EXPECT_TRUE(fs::exists(all().workspace_of("main")->folder + "/output/kept"));
}

TEST_F(SessionsTest, SurvivesAHostThatIsKilled) {
  m_sessions.reset();
  const pid_t child = ::fork();
  if (child == 0) {
    start();
    make("alice");
    const auto process = (*all().jail_of("alice"))->spawn(shell("sleep 1000"));
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(start().lost, (std::vector<std::string>{"alice"}));
  ASSERT_TRUE(all().jail_of("alice"));
  ASSERT_FALSE(all().leave("alice", "was deleted"));
  const auto left = all().remove("alice");
  EXPECT_FALSE(left) << left->message;
}

}  // namespace
}  // namespace berth::session
