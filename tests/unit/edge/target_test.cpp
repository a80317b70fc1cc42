// Canonical spellings, and the hostile ones that have none.
#include "edge/target.hpp"

#include <gtest/gtest.h>

namespace berth::edge {
namespace {

TEST(Target, IsCanonical) {
  const std::pair<const char*, const char*> good[] = {
      {"/", "/"},
      {"/clock/now", "/clock/now"},
      {"/clock/now/", "/clock/now"},
      {"/clock/n%6fw", "/clock/now"},
      {"/files/a b", "/files/a%20b"},
      {"/files/a%20b", "/files/a%20b"},
      {"/files/r%C3%A9sum%c3%a9", "/files/r%C3%A9sum%C3%A9"},
      {"/files/r\xc3\xa9", "/files/r%C3%A9"},
      {"/files/...", "/files/..."},
      {"http://localhost:8888/clock/now?x=1", "/clock/now"},
      {"http://localhost", "/"},
  };
  for (const auto& [given, path] : good) {
    const auto target = parse_target("GET", given);
    ASSERT_TRUE(target) << given << ": " << target.error().message;
    EXPECT_EQ(target->path, path) << given;
  }
}

TEST(Target, RefusesHostileSpellings) {
  const std::pair<const char*, const char*> bad[] = {
      {"/..", "bad_target"},
      {"/a/../b", "bad_target"},
      {"/%2e%2e/b", "bad_target"},
      {"/.%2E", "bad_target"},
      {"/%2e", "bad_target"},
      {"/a/./b", "bad_target"},
      {"/a//b", "bad_target"},
      {"//a", "bad_target"},
      {"/..%2f..%2fetc", "bad_target"},
      {"/..%5c", "bad_target"},
      {"/a\\b", "bad_target"},
      {"/a%00b", "bad_target"},
      {"/a%0ab", "bad_target"},
      {"/%ff%fe", "bad_target"},
      {"/%c0%ae%c0%ae", "bad_target"},
      {"/a#b", "bad_target"},
      {"/%zz", "bad_request"},
      {"/%4", "bad_request"},
      {"/%", "bad_request"},
      {"localhost:8888", "bad_request"},
      {"http://", "bad_request"},
      {"http://u@localhost/", "bad_request"},
      {"*", "bad_request"},
  };
  for (const auto& [given, code] : bad) {
    const auto target = parse_target("GET", given);
    ASSERT_FALSE(target) << given;
    EXPECT_EQ(target.error().code, code) << given;
    EXPECT_EQ(target.error().status, 400) << given;
  }
}

TEST(Target, TwentyThousandSlashesAreJustRefused) { EXPECT_FALSE(parse_target("GET", std::string(20000, '/'))); }

TEST(Target, TakesTheSessionOff) {
  const auto target = parse_target("GET", "/sessions/main/clock/now?zone=utc");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->session, "main");
  EXPECT_EQ(target->path, "/clock/now");
  EXPECT_EQ(target->prefix, "/sessions/main");
  EXPECT_EQ(target->query, "zone=utc");
}

TEST(Target, TakesATokenOff) {
  const auto target = parse_target("GET", "/token/berth_se-cret/sessions/main/clock/now?zone=utc");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->token, "berth_se-cret");
  EXPECT_EQ(target->session, "main");
  EXPECT_EQ(target->path, "/clock/now");
  EXPECT_EQ(target->prefix, "/sessions/main");
  EXPECT_EQ(parse_target("GET", "/token/a/token/b/c")->path, "/token/b/c");
  EXPECT_EQ(parse_target("GET", "/token/secret")->token, "");
  EXPECT_EQ(parse_target("GET", "/clock/token/a/b")->token, "");
}

TEST(Target, ShowsNoTokenInALog) {
  EXPECT_EQ(unread_target("/token/berth_secret/%zz"), "/token/");
  EXPECT_EQ(unread_target("http://a/token/berth_secret/%zz?x"), "http://a/token/");
  EXPECT_EQ(unread_target("/clock/%zz?token=1"), "/clock/%zz");
  EXPECT_EQ(unread_target("/x/%zz?key=secret&p=/token/"), "/x/%zz");
  EXPECT_EQ(unread_target("/%74oken/berth_secret/%zz"), "/");
  EXPECT_EQ(unread_target("http://a/tok%65n/berth_secret/%zz"), "http://a/tok");
  EXPECT_EQ(unread_target("http://a"), "http://a");
}

// What is about the session itself is the host's to answer, and no path in it.
TEST(Target, LeavesWhatIsAboutTheSession) {
  for (const char* path : {"/sessions/alice", "/sessions/alice/turns"}) {
    const auto target = parse_target("GET", path);
    ASSERT_TRUE(target);
    EXPECT_EQ(target->session, "alice");
    EXPECT_EQ(target->prefix, "");
    EXPECT_EQ(target->path, path);
  }
  EXPECT_EQ(parse_target("GET", "/sessions/alice/turns/x")->path, "/turns/x");
  EXPECT_EQ(parse_target("GET", "/sessions/alice/sessions/bob")->session, "alice");
  EXPECT_EQ(parse_target("GET", "/sessions/alice/sessions/bob")->path, "/sessions/bob");
  EXPECT_EQ(parse_target("GET", "/sessions")->session, "");
}

TEST(Target, AbsoluteFormsKeepTheirHost) {
  EXPECT_EQ(parse_target("GET", "http://evil.example/a")->authority, "evil.example");
}

TEST(Target, OnlyOptionsKnowsTheAsterisk) { EXPECT_TRUE(parse_target("OPTIONS", "*")->asterisk); }

}  // namespace
}  // namespace berth::edge
