// Who comes late is given what was; who is slow holds up nobody but himself, and loses what is too old.
#include "broadcast.hpp"

#include <berth/output.hpp>
#include <gtest/gtest.h>

namespace shell {
namespace {

using berth::Flow;

struct Eye {
  std::string seen;
  Flow says = Flow::ok;
  std::function<Flow(std::string_view)> sees() {
    return [this](std::string_view text) {
      EXPECT_EQ(std::string(text), berth::clean(text));
      if (says != Flow::gone) seen += text;
      return says;
    };
  }
};

TEST(BroadcastTest, AllSeeTheSame) {
  Broadcast broadcast(1000);
  Eye one, two;
  broadcast.show(*broadcast.join(one.sees()));
  broadcast.show(*broadcast.join(two.sees()));
  EXPECT_TRUE(broadcast.add("hello "));
  EXPECT_TRUE(broadcast.add("there"));
  EXPECT_EQ(one.seen, "hello there");
  EXPECT_EQ(two.seen, "hello there");
  EXPECT_EQ(broadcast.viewers(), 2u);
}

TEST(BroadcastTest, WhoComesLateSeesWhatWas) {
  Broadcast broadcast(1000);
  EXPECT_TRUE(broadcast.add("before "));
  Eye late;
  broadcast.show(*broadcast.join(late.sees()));
  EXPECT_EQ(late.seen, "before ");
  broadcast.add("after");
  EXPECT_EQ(late.seen, "before after");
}

TEST(BroadcastTest, CharactersAreNeverTorn) {
  Broadcast broadcast(1000);
  Eye eye;
  broadcast.show(*broadcast.join(eye.sees()));
  const std::string text = "a\u4e2d\U0001f600b";
  for (const char c : text) broadcast.add({&c, 1});
  EXPECT_EQ(eye.seen, text);
  broadcast.add("\xe4\xb8");
  EXPECT_EQ(eye.seen, text);
  broadcast.end();
  EXPECT_EQ(eye.seen, text + "\ufffd\ufffd");
}

TEST(BroadcastTest, ALargeHistoryComesInPieces) {
  Broadcast broadcast(1u << 20);
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\u4e2d";
  broadcast.add(text);
  Eye eye;
  eye.says = Flow::full;
  const auto viewer = broadcast.join(eye.sees());
  broadcast.show(*viewer);
  EXPECT_LE(eye.seen.size(), 32u << 10);
  for (int i = 0; i < 100; ++i) broadcast.drained(*viewer);
  EXPECT_EQ(eye.seen, text);
}

TEST(BroadcastTest, TheOutputWaitsForTheQuickest) {
  Broadcast broadcast(100);
  Eye quick, slow;
  broadcast.show(*broadcast.join(quick.sees()));
  const auto behind = broadcast.join(slow.sees());
  slow.says = Flow::full;
  EXPECT_TRUE(broadcast.add("one\n"));  // one of them can go on
  EXPECT_EQ(slow.seen, "one\n");
  EXPECT_TRUE(broadcast.add("two\n"));
  EXPECT_EQ(slow.seen, "one\n");
  slow.says = Flow::ok;
  broadcast.drained(*behind);
  EXPECT_EQ(slow.seen, "one\ntwo\n");
}

TEST(BroadcastTest, WhereAllAreSlowTheOutputWaits) {
  Broadcast broadcast(100);
  Eye eye;
  const auto viewer = broadcast.join(eye.sees());
  eye.says = Flow::full;
  EXPECT_FALSE(broadcast.add("one"));
  eye.says = Flow::ok;
  broadcast.drained(*viewer);
  EXPECT_TRUE(broadcast.add("two"));
  EXPECT_EQ(eye.seen, "onetwo");
}

TEST(BroadcastTest, NobodyWaitsForWhoIsGone) {
  Broadcast broadcast(100);
  Eye eye, gone;
  const auto viewer = broadcast.join(eye.sees());
  eye.says = Flow::full;
  EXPECT_FALSE(broadcast.add("one"));
  viewer->gone = true;
  EXPECT_TRUE(broadcast.add("two"));
  EXPECT_EQ(broadcast.viewers(), 0u);
  broadcast.join(gone.sees());
  gone.says = Flow::gone;
  EXPECT_TRUE(broadcast.add("three"));
  EXPECT_EQ(broadcast.viewers(), 0u);
}

TEST(BroadcastTest, WhoMissedSomethingIsToldToBeginAnew) {
  Broadcast broadcast(100);
  Eye eye, quick;
  const auto viewer = broadcast.join(eye.sees());
  broadcast.join(quick.sees());
  eye.says = Flow::full;
  broadcast.add("first\n");
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(broadcast.add("line " + std::to_string(i) + "\n"));
  eye.seen.clear();
  eye.says = Flow::ok;
  broadcast.drained(*viewer);
  EXPECT_EQ(eye.seen,
            "\x1b"
            "c" +
                broadcast.text());
  EXPECT_EQ(quick.seen.substr(0, 6), "first\n");
  EXPECT_EQ(quick.seen.size(), broadcast.total());
}

TEST(BroadcastTest, WhatWasAskedBeforeIsNotAskedAgain) {
  Broadcast broadcast(1000);
  broadcast.add("one \x1b[c\x1b[1mtwo \x1b[6");
  Eye eye;
  broadcast.show(*broadcast.join(eye.sees()));
  EXPECT_EQ(eye.seen, "one \x1b[1mtwo ");
  broadcast.add("nthree\x1b[6n\x1b[c");  // what is asked now is
  EXPECT_EQ(eye.seen, "one \x1b[1mtwo three\x1b[6n\x1b[c");
}

// Nor is what comes while the past is still being shown taken for a part of it.
TEST(BroadcastTest, WhatIsAskedNowIsAskedOfWhoIsSlow) {
  Broadcast broadcast(1u << 20);
  broadcast.add(std::string(100'000, 'x') + "\x1b[c\xe4");
  Eye eye;
  eye.says = Flow::full;
  const auto viewer = broadcast.join(eye.sees());
  broadcast.show(*viewer);
  broadcast.add("\xb8\xad\x1b[c");
  for (int i = 0; i < 10; ++i) broadcast.drained(*viewer);
  EXPECT_EQ(eye.seen, std::string(100'000, 'x') + "\u4e2d\x1b[c");
  EXPECT_TRUE(broadcast.told(*viewer));
}

TEST(BroadcastTest, WhoBeginsAnewIsNotAskedWhatHeMissed) {
  Broadcast broadcast(100);
  Eye eye, quick;
  const auto viewer = broadcast.join(eye.sees());
  broadcast.join(quick.sees());
  eye.says = Flow::full;
  for (int i = 0; i < 1000; ++i) broadcast.add("line\x1b[c\n");
  eye.seen.clear();
  eye.says = Flow::ok;
  broadcast.drained(*viewer);
  EXPECT_EQ(eye.seen.find("\x1b[c"), std::string::npos);
  EXPECT_NE(eye.seen.find("line\n"), std::string::npos);
  broadcast.add("now\x1b[c");
  EXPECT_NE(eye.seen.find("now\x1b[c"), std::string::npos);
}

// What ends there with half a character that another one follows is not waited for: its rest never comes.
TEST(BroadcastTest, ThePastMayBreakOffAnywhere) {
  for (const std::string broken : {"\xe0\xf0", "\xe4\xb8\xf0", "\xf0\x9f\x98\xe4\xb8", "\xc3\xc3"}) {
    Broadcast broadcast(1000);
    broadcast.add("a" + broken);
    Eye eye;
    broadcast.show(*broadcast.join(eye.sees()));
    broadcast.add("b");
    EXPECT_EQ(eye.seen, berth::clean("a" + broken + "b"));
  }
}

// At the end, too, all of it is for whoever is behind.
TEST(BroadcastTest, TheEndWaitsForWhoIsBehind) {
  Broadcast broadcast(1u << 20);
  Eye eye;
  eye.says = Flow::full;
  const auto viewer = broadcast.join(eye.sees());
  broadcast.add(std::string(100'000, 'x'));
  broadcast.end();
  EXPECT_FALSE(broadcast.told(*viewer));
  for (int i = 0; i < 10; ++i) broadcast.drained(*viewer);
  EXPECT_TRUE(broadcast.told(*viewer));
  EXPECT_EQ(eye.seen.size(), 100'000u);
}

}  // namespace
}  // namespace shell
