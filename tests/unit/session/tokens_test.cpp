// Who comes in: the right secret does, until its token is revoked, expires or the file says otherwise.
#include "session/tokens.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "seat.hpp"

namespace berth::session {
namespace {

using namespace std::chrono_literals;
using service::ManualClock;
using test::content_of;
using test::fixed_token;
using test::Folder;
using test::put;
using test::Seat;

std::vector<std::string> broken_files() {
  const std::string hash = "\"sha256\":\"" + std::string(64, 'a') + '"';
  const std::string good = "{\"name\":\"x\",\"scope\":\"run\"," + hash + '}';
  std::vector<std::string> files = {"", "{", "[]", "{}", "{\"tokens\":{}}"};
  for (const std::string& token :
       {std::string("1"), good + ',' + good, "{\"name\":\"\",\"scope\":\"run\"," + hash + '}',
        "{\"name\":\"x\",\"scope\":\"open\"," + hash + '}', "{\"name\":7,\"scope\":\"run\"," + hash + '}',
        "{\"name\":\"x\",\"scope\":\"run\",\"session\":[]," + hash + '}',
        "{\"name\":\"x\",\"scope\":\"run\",\"expires\":\"tomorrow\"," + hash + '}',
        std::string("{\"name\":\"x\",\"scope\":\"run\",\"sha256\":\"abc\"}")}) {
    files.push_back("{\"tokens\":[" + token + "]}");
  }
  return files;
}

TEST(Tokens, ScopesHaveNames) {
  for (const Scope scope : {Scope::read, Scope::run, Scope::admin}) EXPECT_EQ(parse_scope(name_of(scope)), scope);
  for (const char* bad : {"", "open", "Read", "root", "run "}) EXPECT_FALSE(parse_scope(bad)) << bad;
}

TEST(Tokens, TheRightSecretComesIn) {
  Seat seat;
  const auto created = seat.store.create("ci.bot-1", Scope::run, "main", std::nullopt);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->secret.size(), 6u + 43u);
  EXPECT_EQ(created->secret.substr(0, 6), "berth_");
  const auto who = seat.store.find(created->secret);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "ci.bot-1");
  EXPECT_EQ(who->scope, Scope::run);
  EXPECT_EQ(who->session, "main");
  for (const std::string& wrong : {std::string(), created->secret + "x", created->secret.substr(1),
                                   created->token.sha256, std::string("berth_")}) {
    EXPECT_FALSE(seat.store.find(wrong)) << wrong;
  }
}

TEST(Tokens, TheFileIsPrivateAndHoldsNoSecret) {
  Seat seat;
  const auto created = seat.make(seat.store, "a");
  struct stat about {};
  ASSERT_EQ(::stat(seat.file().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777u, 0600u);
  EXPECT_EQ(content_of(seat.file()).find(created.secret), std::string::npos);
  EXPECT_NE(content_of(seat.file()).find(created.token.sha256), std::string::npos);
}

TEST(Tokens, ARevokedTokenIsRefusedAtOnceByWhoRevokedAndSoonByOthers) {
  Seat seat;
  const auto created = seat.make(seat.store, "a");
  TokenStore other({seat.file()}, seat.clock);
  EXPECT_TRUE(other.find(created.secret));
  const auto before = other.generation();
  EXPECT_FALSE(seat.store.revoke("a"));
  EXPECT_FALSE(seat.store.find(created.secret));
  EXPECT_TRUE(other.find(created.secret)) << "it looks at most every 100 ms";
  seat.clock.advance(100ms);
  EXPECT_FALSE(other.find(created.secret));
  EXPECT_NE(other.generation(), before);
}

TEST(Tokens, GenerationRestsWhileNothingChanges) {
  Seat seat;
  seat.make(seat.store, "a");
  const auto before = seat.store.generation();
  for (int i = 0; i < 10; ++i) {
    seat.clock.advance(1s);
    EXPECT_EQ(seat.store.generation(), before);
  }
}

TEST(Tokens, ATokenExpires) {
  Seat seat;
  const auto created = seat.make(seat.store, "a", 10s);
  EXPECT_EQ(created.token.expires, service::format_time(seat.clock.wall() + 10s));
  const auto before = seat.store.generation();
  seat.clock.advance(9900ms);
  EXPECT_TRUE(seat.store.find(created.secret));
  EXPECT_EQ(seat.store.generation(), before);
  seat.clock.advance(150ms);
  EXPECT_NE(seat.store.generation(), before);
  EXPECT_FALSE(seat.store.find(created.secret));
  const auto again = seat.make(seat.store, "a");
  EXPECT_TRUE(seat.store.find(again.secret)) << "the name of an expired token is free";
  EXPECT_EQ(seat.store.list()->size(), 1u);
}

TEST(Tokens, RefusesWhatMakesNoSense) {
  Seat seat;
  for (const std::string& bad : {std::string(), std::string("A"), std::string("a b"), std::string("a/b"),
                                 std::string(65, 'a'), std::string("ü")}) {
    EXPECT_FALSE(seat.store.create(bad, Scope::run, std::nullopt, std::nullopt)) << bad;
  }
  EXPECT_TRUE(seat.store.create(std::string(64, 'a'), Scope::run, std::nullopt, std::nullopt));
  EXPECT_FALSE(seat.store.create("root", Scope::run, std::nullopt, std::nullopt));
  EXPECT_FALSE(seat.store.create("session.alice", Scope::run, std::nullopt, std::nullopt));
  EXPECT_FALSE(seat.store.create("b", Scope::open, std::nullopt, std::nullopt));
  EXPECT_FALSE(seat.store.create("b", Scope::run, "", std::nullopt));
  EXPECT_FALSE(seat.store.create("b", Scope::run, std::nullopt, 0s));
  EXPECT_FALSE(seat.store.create("b", Scope::run, std::nullopt, std::chrono::seconds::max()));
  seat.make(seat.store, "b");
  const auto twice = seat.store.create("b", Scope::run, std::nullopt, std::nullopt);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().status, 409);
}

TEST(Tokens, RevokingNobodyNamesTheNearest) {
  Seat seat;
  seat.make(seat.store, "orchestrator");
  const auto error = seat.store.revoke("orchestator");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 404);
  EXPECT_NE(error->hint.find("orchestrator"), std::string::npos);
}

TEST(Tokens, ABrokenFileIsSaidAndTheLastGoodSetStays) {
  Seat seat;
  const auto created = seat.make(seat.store, "a");
  const std::string good = content_of(seat.file());
  for (const std::string& broken : broken_files()) {
    put(seat.file(), broken);
    seat.clock.advance(1s);
    EXPECT_TRUE(seat.store.find(created.secret)) << broken;
    const auto list = seat.store.list();
    ASSERT_FALSE(list) << broken;
    EXPECT_EQ(list.error().code, "bad_tokens");
    EXPECT_NE(list.error().message.find(seat.file()), std::string::npos);
    EXPECT_FALSE(seat.store.create("b", Scope::run, std::nullopt, std::nullopt)) << "a broken file is not written over";
    EXPECT_TRUE(seat.store.ensure_root(seat.secret_file()).error().code == "bad_tokens");
    EXPECT_EQ(content_of(seat.file()), broken);
  }
  put(seat.file(), good);
  seat.clock.advance(1s);
  EXPECT_TRUE(seat.store.list());
  EXPECT_TRUE(seat.store.find(created.secret));
  std::filesystem::remove(seat.file());
  seat.clock.advance(1s);
  EXPECT_FALSE(seat.store.find(created.secret)) << "no file, no tokens";
}

TEST(Tokens, FixedOnesComeInAndAreNeverWritten) {
  const Folder folder;
  const ManualClock clock;
  TokenStore store(
      {folder.file("t"),
       {fixed_token("lua", "a secret of the config"), fixed_token("old", "another one", "2020-01-01T00:00:00Z"),
        fixed_token("odd", "a third one", "whenever")}},
      clock);
  const auto who = store.find("a secret of the config");
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "lua");
  EXPECT_FALSE(store.find("another one"));
  EXPECT_FALSE(store.find("a third one")) << "an expiry that nobody can read has passed";
  EXPECT_FALSE(store.create("lua", Scope::run, std::nullopt, std::nullopt));
  ASSERT_TRUE(store.create("mine", Scope::run, std::nullopt, std::nullopt));
  EXPECT_EQ(store.list()->size(), 4u);
  EXPECT_EQ(content_of(folder.file("t")).find("lua"), std::string::npos);
  const auto refused = store.revoke("lua");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "fixed_token");
  const auto before = store.generation();
  store.replace_fixed({});
  EXPECT_FALSE(store.find("a secret of the config"));
  EXPECT_NE(store.generation(), before);
}

TEST(Tokens, RootIsMadeOnceAndFollowsItsFile) {
  Seat seat;
  const auto made = seat.store.ensure_root(seat.secret_file());
  ASSERT_TRUE(made);
  EXPECT_TRUE(*made);
  struct stat about {};
  ASSERT_EQ(::stat(seat.secret_file().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777u, 0600u);
  std::string secret = content_of(seat.secret_file());
  ASSERT_EQ(secret.back(), '\n');
  secret.pop_back();
  ASSERT_TRUE(seat.store.find(secret));
  EXPECT_EQ(seat.store.find(secret)->scope, Scope::admin);

  const auto generation = seat.store.generation();
  EXPECT_FALSE(*seat.store.ensure_root(seat.secret_file())) << "the second start makes nothing";
  EXPECT_EQ(seat.store.generation(), generation);

  put(seat.secret_file(), "  the-operators-own-secret\r\n\n");
  EXPECT_FALSE(*seat.store.ensure_root(seat.secret_file()));
  EXPECT_FALSE(seat.store.find(secret));
  EXPECT_TRUE(seat.store.find("the-operators-own-secret"));

  const auto refused = seat.store.revoke("root");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "root_token");
  std::filesystem::remove(seat.secret_file());
  EXPECT_TRUE(*seat.store.ensure_root(seat.secret_file()));
  EXPECT_FALSE(seat.store.find("the-operators-own-secret"));
  EXPECT_EQ(seat.store.list()->size(), 1u);
}

TEST(Tokens, ASecretFileThatWillNotDoIsSaid) {
  Seat seat;
  for (const std::string& bad : {std::string(), std::string("short"), std::string("two words in one line here"),
                                 std::string(2000, 'x'), std::string("\x01\x02").append(30, 'x')}) {
    put(seat.secret_file(), bad);
    const auto made = seat.store.ensure_root(seat.secret_file());
    ASSERT_FALSE(made) << bad;
    EXPECT_EQ(made.error().code, "bad_token_file");
    EXPECT_EQ(content_of(seat.secret_file()), bad);
  }
}

TEST(Tokens, NoFolderIsSaid) {
  const ManualClock clock;
  TokenStore store({"/nonexistent/tokens.json"}, clock);
  const auto made = store.create("a", Scope::run, std::nullopt, std::nullopt);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("/nonexistent/tokens.json.lock"), std::string::npos);
  EXPECT_TRUE(store.list());
}

}  // namespace
}  // namespace berth::session
