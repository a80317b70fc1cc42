// Sessions from their making to their end, with real jails.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "sessions_seat.hpp"

namespace berth::session {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST_F(SessionsTest, MainIsThereAndStays) {
  EXPECT_EQ(all().count(), 1u);
  EXPECT_EQ(refusal("main"), "");
  const auto error = all().leave("main", "was deleted");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 409);
  EXPECT_EQ(error->code, "main_session");
  ASSERT_TRUE(all().workspace_of("main"));
}

TEST_F(SessionsTest, MakesAWorkspaceAJailAndAToken) {
  const std::string secret = make("alice");
  const auto who = m_tokens->find(secret);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->scope, Scope::run);
  EXPECT_EQ(who->session, "alice");
  const auto workspace = all().workspace_of("alice");
  ASSERT_TRUE(workspace);
  const auto jail = all().jail_of("alice");
  ASSERT_TRUE(jail);
  EXPECT_EQ((*jail)->user(), workspace->user);
  const std::string place = (*jail)->place("/workspace");
  EXPECT_EQ(say(**jail, "cd " + place + " && echo hi >output/a && cat output/a; echo no >upload/b").output.substr(0, 3),
            "hi\n");
  EXPECT_EQ(test::content_of(workspace->folder + "/output/a"), "hi\n");
  EXPECT_FALSE(fs::exists(workspace->folder + "/upload/b")) << "upload/ is not the agent's";
  const auto usage = all().usage("alice");
  ASSERT_TRUE(usage);
  EXPECT_TRUE(usage->jail);
  EXPECT_GT(usage->disk.files, 4u);
}

TEST_F(SessionsTest, RefusesWhatIsNoSession) {
  make("alice");
  EXPECT_EQ(code_of(wish("alice")), "session_exists");
  EXPECT_EQ(code_of(wish("main")), "session_exists");
  for (const char* id : {"Alice", "a/b", "..", "-a", "a.b"}) EXPECT_EQ(code_of(wish(id)), "invalid_input") << id;
  Wish more = wish("bob");
  more.limits = {{"memory", "2GB"}};
  const auto made = all().create(more);
  ASSERT_FALSE(made);
  ASSERT_EQ(made.error().misfits.size(), 1u);
  EXPECT_EQ(made.error().misfits[0].pointer, "/limits/memory");
  EXPECT_EQ(made.error().misfits[0].expected, "a size from 16 MB to 500 MB");
  Wish wild = wish("bob");
  wild.limits = {{"memory", -1}, {"processes", 1.5}, {"cpu", "many"}, {"tmp", {1}}, {"luck", 7}};
  wild.ttl = 0s;
  wild.labels = {{"a b", "x"}, {"long", std::string(300, 'x')}};
  const auto none = all().create(wild);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().misfits.size(), 8u);
  EXPECT_FALSE(fs::exists(seat("bob")));
  Wish less = wish("bob");
  less.limits = {{"memory", "100MB"}, {"cpu", 0.5}, {"disk", 5'000'000}};
  const auto bob = all().create(less);
  ASSERT_TRUE(bob) << bob.error().message;
  EXPECT_EQ(bob->record.limits.memory, 100'000'000u);
  EXPECT_EQ(all().workspace_of("bob")->quota, 5'000'000u);
}

TEST_F(SessionsTest, SaysNoOnceThereAreTooMany) {
  for (int i = 0; i < 5; ++i) make("s" + std::to_string(i));
  clock.advance(3000s);
  const auto sixth = all().create(wish("sixth"));
  ASSERT_FALSE(sixth);
  EXPECT_EQ(sixth.error().status, 429);
  ASSERT_TRUE(sixth.error().retry_after);
  EXPECT_LE(*sixth.error().retry_after, 600s) << "then the first of them expires";
  EXPECT_GE(*sixth.error().retry_after, 590s);
  ASSERT_FALSE(all().leave("s3", "was deleted"));
  ASSERT_FALSE(all().remove("s3"));
  make("sixth");
}

TEST_F(SessionsTest, NothingIsLeftOfOneThatWasDeleted) {
  const std::string secret = make("alice");
  const auto given = m_tokens->create("helper", Scope::run, "alice", std::nullopt);
  ASSERT_TRUE(given);
  const auto jail = *all().jail_of("alice");
  const auto process = jail->spawn(shell("sleep 1000 & sleep 1000"));
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_FALSE(all().leave("alice", "was deleted"));
  EXPECT_FALSE(knows(secret)) << "from that moment on";
  EXPECT_NE(refusal("alice").find("410 session_gone: the session \"alice\" was deleted"), std::string::npos);
  EXPECT_FALSE(all().jail_of("alice"));
  EXPECT_TRUE(all().leave("alice", "was deleted")) << "it is going already";
  const auto left = all().remove("alice");
  EXPECT_FALSE(left) << left->message;
  const auto end = (*process)->wait(0ms);
  ASSERT_TRUE(end) << "its process has ended";
  EXPECT_EQ(end->words, "killed: the session was deleted");
  EXPECT_FALSE(jail->spawn(shell("true"))) << "whoever holds the jail still starts nothing in it";
  EXPECT_FALSE(fs::exists(seat("alice")));
  EXPECT_FALSE(knows(given->secret));
  EXPECT_EQ(fs::directory_iterator(m_folder.file("sessions"))->path().filename(), "main");
  EXPECT_NE(refusal("alice").find("410"), std::string::npos);
  make("alice");  // another may have the name
  EXPECT_EQ(refusal("alice"), "");
  EXPECT_FALSE(knows(secret));
}

TEST_F(SessionsTest, SaysWhatIsLeft) {
  if (::geteuid() != 0) GTEST_SKIP() << "a process of the session's user, outside of its jail, wants root";
  if (!m_jails->isolation().changes_user) GTEST_SKIP() << "sessions have no users of their own here";
  make("alice");
  const uid_t user = all().workspace_of("alice")->user;
  const pid_t stray = ::fork();
  if (stray == 0) {
    if (::setresuid(user, user, user) == 0) ::pause();
    ::_exit(1);
  }
  struct stat about {};
  for (int i = 0; i < 2000 && about.st_uid != user; ++i) {
    ::stat(("/proc/" + std::to_string(stray)).c_str(), &about);
    std::this_thread::sleep_for(5ms);
  }
  ASSERT_FALSE(all().leave("alice", "was deleted"));
  const auto left = all().remove("alice");
  ASSERT_TRUE(left);
  EXPECT_NE(left->message.find("process " + std::to_string(stray)), std::string::npos) << left->message;
  EXPECT_NE(refusal("alice").find("503 session_broken"), std::string::npos);
  ::kill(stray, SIGKILL);
  ::waitpid(stray, nullptr, 0);
  ASSERT_FALSE(all().leave("alice", "was deleted")) << "once more";
  EXPECT_FALSE(all().remove("alice"));
}

TEST_F(SessionsTest, ExpiresWithoutACall) {
  Wish brief = wish("brief");
  brief.ttl = 60s;
  ASSERT_TRUE(all().create(brief));
  make("alice");
  clock.advance(59s);
  EXPECT_TRUE(all().idle().empty());
  auto stay = all().stay("brief");
  clock.advance(100s);
  EXPECT_TRUE(all().idle().empty()) << "a call goes on in it";
  stay = nullptr;
  clock.advance(59s);
  EXPECT_TRUE(all().idle().empty()) << "the time begins with the end of a call";
  clock.advance(2s);
  EXPECT_EQ(all().idle(), (std::vector<std::string>{"brief"}));
  clock.advance(std::chrono::hours(1000));
  EXPECT_EQ(all().idle().size(), 2u) << "main never does";
}

TEST_F(SessionsTest, NamesWhatWasMeant) {
  make("alice");
  EXPECT_NE(refusal("alise").find("did you mean alice?"), std::string::npos);
  EXPECT_EQ(refusal("alise", "").find("alice"), std::string::npos) << "not to whoever shows no token";
  EXPECT_NE(refusal("alise").find("404 session_not_found"), std::string::npos);
  ASSERT_FALSE(all().leave("alice", "was deleted"));
  EXPECT_EQ(refusal("alice").substr(0, 16), "410 session_gone");
  EXPECT_EQ(refusal("alice", "").substr(0, 21), "404 session_not_found") << "nor how one went";
  EXPECT_FALSE(all().jail_of("alise"));
  EXPECT_FALSE(all().workspace_of("../main"));
}

TEST_F(SessionsTest, AHundredAtOnce) {
  settings.most = 100;
  start();
  std::atomic<int> made{0}, turned{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i)
    threads.emplace_back([&, i] {
      const std::string id = "s" + std::to_string(i);
      if (all().create(wish(id))) ++made;
      if (all().next_turn(id)) ++turned;
      if (i % 2 == 0 && !all().leave(id, "was deleted")) all().remove(id);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 100);
  EXPECT_EQ(turned, 100);
  EXPECT_EQ(all().count(), 51u);
  std::set<uid_t> users;
  for (const auto& sight : all().all()) users.insert(sight.record.user);
  EXPECT_EQ(users.size(), m_jails->isolation().changes_user ? 51u : 1u);
}

TEST_F(SessionsTest, OneNameForOneOfManyThatWantIt) {
  std::atomic<int> made{0}, gone{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (all().create(wish("alice"))) ++made;
      all().jail_of("alice");
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  threads.clear();
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (!all().leave("alice", "was deleted") && !all().remove("alice")) ++gone;
      all().jail_of("alice");
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(gone, 1);
  EXPECT_FALSE(fs::exists(seat("alice")));
}

// Put there by somebody else: a backup, perhaps.
TEST_F(SessionsTest, WhatLiesInItsPlaceIsNotTakenAway) {
  fs::create_directories(seat("bob"));
  put(seat("bob") + "/precious", "kept");
  EXPECT_NE(code_of(wish("bob")), "");
  EXPECT_TRUE(fs::exists(seat("bob") + "/precious"));
  EXPECT_EQ(all().count(), 1u);
}

}  // namespace
}  // namespace berth::session
