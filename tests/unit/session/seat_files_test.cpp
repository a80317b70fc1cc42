// Sessions on disk: whole or not at all, whenever the host is killed.
#include "session/seat_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "../service/folder.hpp"

namespace berth::session {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::Folder;
using test::put;

Record record_of(const std::string& id) {
  Record record;
  record.id = id;
  record.created = "2026-01-31T12:00:00.000Z";
  record.ttl = std::chrono::seconds(90);
  record.labels = {{"who", "alice"}, {"odd", "\"\n\xc3\xa9"}};
  record.turn = 7;
  record.user = ::geteuid();
  record.sha256 = std::string(64, 'a');
  record.scope = Scope::read;
  record.limits.memory = 123'000'000;
  record.limits.cores = 0.5;
  return record;
}

mode_t mode_of(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

TEST(Record, ComesBackAsItWas) {
  const Record record = record_of("alice");
  const auto again = Record::parse("alice", record.text());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->text(), record.text());
  EXPECT_EQ(again->limits, record.limits);
  EXPECT_EQ(again->scope, Scope::read);
}

TEST(Record, SaysWhatIsWrongWithIt) {
  const std::string good = record_of("alice").text();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::pair<std::string, const char*> cases[] = {
      {"", "no JSON"},
      {"[]", "no JSON object"},
      {good.substr(0, good.size() / 2), "no JSON"},
      {"{}", "id is not the folder's name"},
      {with("\"alice\"", "\"bob\""), "id is not the folder's name"},
      {with("\"turn\": 7", "\"turn\": -7"), "turn is not a whole number"},
      {with("\"turn\": 7", "\"turn\": 7.5"), "turn is not a whole number"},
      {with("\"ttl\": 90", "\"ttl\": \"90\""), "ttl is not a whole number"},
      {with("123000000", "\"much\""), "limits.memory is no good"},
      {with("123000000", "-1"), "limits.memory is no good"},
      {with("\"labels\": {", "\"labels\": {\"x\": 1,"), "the label x is not text"},
      {with("aaaa", "zzzz"), "token is not 64 hex digits"},
      {with("\"read\"", "\"root\""), "scope is not"},
      {with("2026-01", "2026-99"), "created is not like"},
  };
  for (const auto& [text, why] : cases) {
    const auto parsed = Record::parse("alice", text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(why), std::string::npos) << parsed.error().message << " for " << text;
  }
}

TEST(Record, KnowsWhatASessionMayBeCalled) {
  for (const char* good : {"a", "main", "s0-b_c", "0"}) EXPECT_TRUE(is_session_id(good)) << good;
  for (const char* bad : {"", "-a", "_a", ".new-x", "A", "a b", "a/b", "..", "a.b", "\xc3\xa9"})
    EXPECT_FALSE(is_session_id(bad)) << bad;
  EXPECT_TRUE(is_session_id(std::string(48, 'a')));
  EXPECT_FALSE(is_session_id(std::string(49, 'a')));
}

TEST(SeatFiles, MakesAWorkspaceThatOthersCannotReach) {
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(false));
  ASSERT_FALSE(files.make(record_of("alice")));
  EXPECT_EQ(mode_of(folder.file("sessions")), 0700u);
  EXPECT_EQ(mode_of(files.seat("alice")), 0700u);
  EXPECT_EQ(mode_of(files.record_file("alice")), 0600u);
  for (const char* name : {"", "/upload", "/output", "/deploy", "/.store"})
    EXPECT_EQ(mode_of(files.workspace("alice") + name), 0755u) << name;
  const auto all = files.all();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].record);
}

// A program in the jail writes what the workspace's root shows, where it may write.
TEST(SeatFiles, TheTodoLeadsToOutputAndIsMended) {
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(false));
  Record record = record_of("alice");
  record.user = ::geteuid() == 0 ? 54321 : ::geteuid();
  ASSERT_FALSE(files.make(record));
  const std::string todo = files.workspace("alice") + "/.todo.jsonl", there = files.workspace("alice") + "/output/";
  const auto good = [&] { return fs::is_symlink(todo) && fs::read_symlink(todo) == "output/.todo.jsonl"; };
  EXPECT_TRUE(good());
  put(todo, "1");
  EXPECT_EQ(content_of(there + ".todo.jsonl"), "1");
  const auto mended = [&] { return !files.mend(record) && good(); };
  EXPECT_TRUE(mended());
  fs::remove(todo);
  EXPECT_TRUE(mended());
  fs::remove(todo);
  fs::create_symlink("upload/x", todo);
  EXPECT_TRUE(mended());
  EXPECT_EQ(content_of(there + ".todo.jsonl"), "1");
  // A file of an earlier host is kept: in its place, if that is free, and beside it otherwise.
  fs::remove(todo);
  fs::remove(there + ".todo.jsonl");
  put(todo, "2");
  EXPECT_TRUE(mended());
  EXPECT_EQ(content_of(there + ".todo.jsonl"), "2");
  struct stat about {};
  ASSERT_EQ(::stat((there + ".todo.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_uid, record.user);
  fs::remove(todo);
  put(todo, "3");
  EXPECT_TRUE(mended());
  EXPECT_EQ(content_of(there + ".todo.jsonl"), "2");
  EXPECT_EQ(std::distance(fs::directory_iterator(there), fs::directory_iterator()), 2);
}

TEST(SeatFiles, MakesNoSessionTwice) {
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(false));
  ASSERT_FALSE(files.make(record_of("alice")));
  put(files.workspace("alice") + "/output/mine", "x");
  EXPECT_TRUE(files.make(record_of("alice")));
  EXPECT_TRUE(fs::exists(files.workspace("alice") + "/output/mine"));
  EXPECT_TRUE(files.strange().empty());
}

TEST(SeatFiles, GivesTheAgentWhatItMayWrite) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(true));
  EXPECT_EQ(mode_of(files.seat("")) & 0011, 0011u) << "the way leads through";
  Record record = record_of("alice");
  record.user = 12345;
  ASSERT_FALSE(files.make(record));
  struct stat about {};
  for (const char* name : {"upload", ".store", "output", "deploy"}) {
    ASSERT_EQ(::stat((files.workspace("alice") + "/" + name).c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, name[0] == 'o' || name[0] == 'd' ? 12345u : 0u) << name;
  }
  // Another user after a restart: what the agent wrote is its own still.
  put(files.workspace("alice") + "/output/mine", "x");
  record.user = 23456;
  ASSERT_FALSE(files.mend(record));
  ASSERT_EQ(::stat((files.workspace("alice") + "/output/mine").c_str(), &about), 0);
  EXPECT_EQ(about.st_uid, 23456u);
}

TEST(SeatFiles, EndsWhatWasBegun) {
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(false));
  ASSERT_FALSE(files.make(record_of("alice")));
  fs::create_directories(folder.file("sessions/.new-bob-0123456789ab/workspace/output"));
  fs::create_directories(folder.file("sessions/.gone-carol-0123456789ab/workspace/output/deep"));
  fs::create_directories(folder.file("sessions/lost+found"));
  const auto ended = files.prepare(false);
  ASSERT_TRUE(ended);
  EXPECT_EQ(*ended, 2u);
  EXPECT_EQ(files.strange(), (std::vector<std::string>{"lost+found"})) << "what is no session's is not touched";
  EXPECT_EQ(files.all().size(), 1u);
}

TEST(SeatFiles, RemovesWhatAnotherTryLeft) {
  const Folder folder;
  SeatFiles files(folder.file("sessions"));
  ASSERT_TRUE(files.prepare(false));
  const std::string its = folder.file("sessions/.gone-a-0123456789ab"),
                    other = folder.file("sessions/.gone-a-b-0123456789ab");
  fs::create_directories(its);
  fs::create_directories(other);
  EXPECT_FALSE(files.remove("a"));
  EXPECT_FALSE(fs::exists(its));
  EXPECT_TRUE(fs::exists(other)) << "that is another session's";
}

// Whatever moment it is: each session is there with all it has, or it is not there.
TEST(SeatFiles, BearsAKillAtAnyMoment) {
  const Folder folder;
  for (int round = 0; round < 30; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      SeatFiles files(folder.file("sessions"));
      if (!files.prepare(false)) ::_exit(1);
      for (int i = 0;; ++i) {
        const std::string id = "s" + std::to_string(i % 7);
        files.make(record_of(id));
        files.save(record_of(id));
        if (i % 3 != 0) files.remove(id);
      }
    }
    ::usleep(static_cast<useconds_t>(1000 + round * 731));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it was to be killed";
    SeatFiles files(folder.file("sessions"));
    ASSERT_TRUE(files.prepare(false));
    EXPECT_TRUE(files.strange().empty());
    for (const auto& found : files.all()) {
      EXPECT_TRUE(found.record) << found.id << ": " << found.record.error().message;
      for (const char* name : {"upload", "output", "deploy", ".store"})
        EXPECT_TRUE(fs::exists(files.workspace(found.id) + "/" + name)) << found.id;
    }
  }
}

}  // namespace
}  // namespace berth::session
