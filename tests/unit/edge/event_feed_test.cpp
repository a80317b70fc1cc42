// Events: their text, their numbers, their replay, and that they wait for their reader.
#include "edge/event_feed.hpp"

#include <gtest/gtest.h>

#include "edge/parked_streams.hpp"

namespace berth::edge {
namespace {

struct Screen : EventFeed::View {
  bool open = true, ended = false;
  std::string text;
  std::optional<service::Error> refused;
  bool room() const override { return open; }
  void show(std::string more) override { text += more; }
  void refuse(service::Error error) override { refused = std::move(error); }
  void over() override { ended = true; }
};

struct CountingCall : routing::Call {
  std::size_t back = 0;
  bool cancelled = false;
  void cancel() override { cancelled = true; }
  void consumed(std::size_t bytes) override { back += bytes; }
  void message(loader::Chunk, std::function<void()>) override {}
};

loader::Chunk event(std::string data) { return {std::move(data), {}, {}, false}; }

TEST(EventText, KeepsLinesApart) {
  EXPECT_EQ(event_text("1", "x", "a\nb\r\nc\rd"), "id: 1\nevent: x\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(event_text({}, {}, {}), "data: \n\n");
  EXPECT_EQ(event_text("1\n2", "a\nb", "x"), "id: 12\nevent: ab\ndata: x\n\n");
}

TEST(EventFeed, NumbersAndEnds) {
  Screen screen;
  EventFeed feed("s", false, 1000, "/x");
  feed.attach(&screen, 0);
  feed.chunk(event("a"));
  feed.chunk(event("b"));
  feed.finish(0, {});
  EXPECT_EQ(screen.text, "id: s-1\ndata: a\n\nid: s-2\ndata: b\n\nevent: berth.end\ndata: {}\n\n");
  EXPECT_TRUE(screen.ended);
}

TEST(EventFeed, WaitsForItsReaderAndGivesBackWhatWasShown) {
  Screen screen;
  screen.open = false;
  EventFeed feed("s", false, 1000, "/x");
  auto call = std::make_shared<CountingCall>();
  feed.hold(call);
  feed.attach(&screen, 0);
  feed.chunk(event("abc"));
  EXPECT_EQ(screen.text, "");
  EXPECT_EQ(call->back, 0u);
  screen.open = true;
  feed.pump();
  EXPECT_EQ(screen.text, "id: s-1\ndata: abc\n\n");
  EXPECT_EQ(call->back, 3u + 64u);
}

TEST(EventFeed, ReplaysAfterANumber) {
  Screen first, second;
  EventFeed feed("s", true, 1000, "/x");
  feed.attach(&first, 0);
  for (const char* data : {"a", "b", "c"}) feed.chunk(event(data));
  feed.detach();
  feed.chunk(event("d"));
  feed.attach(&second, 1);
  EXPECT_EQ(second.text, "id: s-2\ndata: b\n\nid: s-3\ndata: c\n\nid: s-4\ndata: d\n\n");
}

TEST(EventFeed, SaysWhatIsLost) {
  Screen first, second;
  EventFeed feed("s", true, 40, "/x");
  feed.attach(&first, 0);
  for (int i = 0; i < 10; ++i) feed.chunk(event("0123456789"));
  feed.detach();
  feed.attach(&second, 2);
  EXPECT_NE(second.text.find("event: berth.gap"), std::string::npos) << second.text;
  EXPECT_NE(second.text.find("id: s-10\n"), std::string::npos);
}

TEST(EventFeed, FailsAsAProblemBeforeTheFirstEventAndAsAnEventAfter) {
  Screen early, late;
  EventFeed one("s", false, 1000, "/x");
  one.attach(&early, 0);
  one.fail({418, "teapot", "no coffee"});
  EXPECT_EQ(early.refused->code, "teapot");
  EventFeed two("s", false, 1000, "/x");
  two.attach(&late, 0);
  two.chunk(event("a"));
  two.fail({418, "teapot", "no coffee"});
  EXPECT_NE(late.text.find("event: berth.problem\ndata: {"), std::string::npos) << late.text;
  EXPECT_TRUE(late.ended);
}

TEST(ParkedStreams, BelongToOneOwnerAndEnd) {
  service::ManualClock clock;
  ParkedStreams streams;
  auto feed = std::make_shared<EventFeed>("abc", true, 1000, "/x");
  auto call = std::make_shared<CountingCall>();
  feed->hold(call);
  streams.add(feed, "me");
  EXPECT_FALSE(streams.find("abc-1", "you"));
  EXPECT_FALSE(streams.find("abc-x", "me"));
  EXPECT_FALSE(streams.find("abc", "me"));
  EXPECT_EQ(streams.find("abc-7", "me")->after, 7u);
  streams.leave("abc", clock.now() + std::chrono::seconds(30));
  clock.advance(std::chrono::seconds(29));
  streams.sweep(clock.now());
  EXPECT_FALSE(call->cancelled);
  clock.advance(std::chrono::seconds(2));
  streams.sweep(clock.now());
  EXPECT_TRUE(call->cancelled);
  EXPECT_FALSE(streams.find("abc-7", "me"));
}

}  // namespace
}  // namespace berth::edge
