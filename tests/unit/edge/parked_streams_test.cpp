// Streams that wait for their clients: found again, let go in time, and never more than there is room for.
#include "edge/parked_streams.hpp"

#include <gtest/gtest.h>

namespace berth::edge {
namespace {

using namespace std::chrono_literals;

struct ParkedStreamsTest : testing::Test {
  ParkedStreams streams;
  const service::Clock::Moment now = service::Clock::Moment() + 1h;

  std::shared_ptr<EventFeed> over(const std::string& id, std::size_t bytes = 10) {
    auto feed = std::make_shared<EventFeed>(id, true, 1u << 20, "/x");
    feed->chunk({std::string(bytes, 'x'), {}, {}, false});
    feed->finish(0, {});
    streams.add(feed, "owner");
    return feed;
  }
  bool there(const std::string& id) { return streams.find(id + "-1", "owner").has_value(); }
};

TEST_F(ParkedStreamsTest, LetsGoInTime) {
  over("a");
  over("b");
  streams.leave("a", now + 1s);
  streams.leave("b", now + 2s);
  streams.sweep(now + 1s);
  EXPECT_FALSE(there("a"));
  EXPECT_TRUE(there("b"));
  streams.taken("b");
  streams.sweep(now + 10s);
  EXPECT_TRUE(there("b")) << "somebody looks at it";
  streams.leave("b", now + 11s);
  streams.sweep(now + 11s);
  EXPECT_FALSE(there("b"));
}

TEST_F(ParkedStreamsTest, TheOldestMakeRoom) {
  for (int i = 0; i < 100; ++i) {
    over(std::to_string(i), 1u << 20);
    streams.leave(std::to_string(i), now + std::chrono::milliseconds(i));
  }
  EXPECT_FALSE(there("0"));
  EXPECT_FALSE(there("30"));
  EXPECT_TRUE(there("60"));
  EXPECT_TRUE(there("99"));
}

TEST_F(ParkedStreamsTest, WhatASessionHadIsForgottenWithIt) {
  for (const std::string id : {"a", "b"}) streams.add(over(id), "caller\noperation\n" + id);
  streams.leave("a", now + 1h);
  streams.forget_session("a");
  EXPECT_FALSE(streams.find("a-1", "caller\noperation\na"));
  EXPECT_TRUE(streams.find("b-1", "caller\noperation\nb"));
}

struct SlowView : EventFeed::View {
  bool roomy = false, ended = false;
  std::string shown;
  bool room() const override { return roomy; }
  void show(std::string text) override { shown += text; }
  void refuse(service::Error) override {}
  void over() override { ended = true; }
};

TEST_F(ParkedStreamsTest, WhoeverLooksHearsTheEndAllTheSame) {
  SlowView view;
  const auto feed = std::make_shared<EventFeed>("a", true, 1u << 20, "/x");
  feed->attach(&view, 0);
  streams.add(feed, "caller\noperation\na");
  feed->chunk({"one", {}, {}, false});
  feed->fail({410, "session_gone", "it was deleted"});
  streams.forget_session("a");
  view.roomy = true;
  feed->pump();
  EXPECT_NE(view.shown.find("session_gone"), std::string::npos);
  EXPECT_TRUE(view.ended);
}

TEST_F(ParkedStreamsTest, SoDoThoseThatEndAfterTheirClientsLeft) {
  std::vector<std::shared_ptr<EventFeed>> feeds;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    feeds.push_back(std::make_shared<EventFeed>(id, true, 1u << 20, "/x"));
    streams.add(feeds.back(), "owner");
    streams.leave(id, now + 1h);
    feeds.back()->chunk({std::string(1u << 20, 'x'), {}, {}, false});
    feeds.back()->finish(0, {});
  }
  streams.sweep(now);
  int left = 0;
  for (int i = 0; i < 100; ++i) left += there(std::to_string(i));
  EXPECT_GT(left, 50);
  EXPECT_LT(left, 64);
}

TEST_F(ParkedStreamsTest, AtTheEndWhoeverLeftIsLetGo) {
  over("gone");
  over("here");
  streams.leave("gone", now);
  streams.cancel_left();
  EXPECT_FALSE(there("gone"));
  EXPECT_TRUE(there("here"));
}

TEST_F(ParkedStreamsTest, KnowItsOwnersAlone) {
  over("a");
  for (const char* id : {"a", "a-", "a-x", "a-1x", "b-1", "-1", "a--1", "a-99999999999999999999999"})
    EXPECT_FALSE(streams.find(id, "owner")) << id;
  EXPECT_FALSE(streams.find("a-1", "other"));
  EXPECT_EQ(streams.find("a-1", "owner")->after, 1u);
}

}  // namespace
}  // namespace berth::edge
