// What pages ask for, as the browser tells it, and what is kept of it.
#include "traffic.hpp"

#include <gtest/gtest.h>

namespace browser::test {

namespace {

Json sent(const std::string& id, const std::string& url) {
  return with("requestId", id, "type", "Fetch", "timestamp", 10.0, "wallTime", 1700000000.25, "request",
              with("url", url, "method", "GET", "headers", with("Accept", "*/*")));
}

void answered(Traffic& traffic, const std::string& id, int status) {
  const Json response = with("status", status, "statusText", "", "mimeType", "text/plain", "headers", with("A", "b"));
  traffic.event("S", "Network.responseReceived", with("requestId", id, "type", "Fetch", "response", response));
  traffic.event("S", "Network.loadingFinished", with("requestId", id, "timestamp", 10.5, "encodedDataLength", 7));
}

}  // namespace

TEST(Traffic, KeepsARequestAndItsAnswer) {
  Traffic traffic;
  traffic.event("S", "Network.requestWillBeSent", sent("1", "http://a/b?c=d%20e&f"));
  EXPECT_FALSE(traffic.quiet(std::chrono::milliseconds(0)));
  answered(traffic, "1", 200);
  EXPECT_TRUE(traffic.quiet(std::chrono::milliseconds(0)));
  ASSERT_EQ(traffic.all().size(), 1u);
  const Json entry = har_entry(*traffic.all().front());
  EXPECT_EQ(entry["startedDateTime"], "2023-11-14T22:13:20.250Z");
  EXPECT_EQ(entry["time"], 500.0);
  EXPECT_EQ(entry["request"]["queryString"],
            Json::parse(R"([{"name": "c", "value": "d e"}, {"name": "f", "value": ""}])"));
  EXPECT_EQ(entry["response"]["status"], 200);
  EXPECT_EQ(entry["response"]["headers"][0]["name"], "A");
}

TEST(Traffic, ARedirectIsTwoOfThem) {
  Traffic traffic;
  traffic.event("S", "Network.requestWillBeSent", sent("1", "http://a/"));
  Json next = sent("1", "http://b/");
  next["redirectResponse"] = with("status", 302, "headers", with("Location", "http://b/"));
  traffic.event("S", "Network.requestWillBeSent", next);
  answered(traffic, "1", 404);
  ASSERT_EQ(traffic.all().size(), 2u);
  EXPECT_EQ(traffic.all()[0]->status, 302);
  EXPECT_TRUE(traffic.all()[0]->done);
  EXPECT_EQ(har_entry(*traffic.all()[0])["response"]["redirectURL"], "http://b/");
  EXPECT_EQ(traffic.all()[1]->status, 404);
}

TEST(Traffic, NothingIsUnderWayInARendererThatIsGone) {
  Traffic traffic;
  traffic.event("S", "Network.requestWillBeSent", sent("1", "http://a/"));
  traffic.event("FRAME", "Network.requestWillBeSent", sent("2", "http://b/"));
  traffic.lost("FRAME");
  EXPECT_FALSE(traffic.quiet(std::chrono::milliseconds(0)));
  EXPECT_FALSE(traffic.all()[0]->done);
  EXPECT_TRUE(traffic.all()[1]->done);
  EXPECT_EQ(traffic.all()[1]->error, "its page is gone");
  answered(traffic, "1", 200);
  EXPECT_TRUE(traffic.quiet(std::chrono::milliseconds(0)));
  EXPECT_EQ(traffic.all()[0]->status, 200);
}

TEST(Traffic, AFloodLeavesItsLast) {
  Traffic traffic;
  for (int i = 0; i < 100'000; ++i)
    traffic.event("S", "Network.requestWillBeSent", sent(std::to_string(i), "http://a/" + std::to_string(i)));
  EXPECT_EQ(traffic.all().size(), Traffic::most);
  EXPECT_EQ(traffic.begun(), 100'000u);
  EXPECT_EQ(traffic.all().back()->url, "http://a/99999");
  EXPECT_EQ(traffic.find(1), nullptr);
  std::size_t bytes = 0;
  for (int i = 0; i < 2000; ++i) {
    Json large = sent("x" + std::to_string(i), std::string(100'000, 'u'));
    large["request"]["postData"] = std::string(1'000'000, 'p');
    for (int j = 0; j < 200; ++j) large["request"]["headers"]["h" + std::to_string(j)] = std::string(50, 'v');
    traffic.event("S", "Network.requestWillBeSent", large);
  }
  for (const auto& one : traffic.all()) bytes += one->bytes;
  EXPECT_LE(bytes, Traffic::most_bytes);
  EXPECT_GT(traffic.all().size(), 10u);
}

TEST(Traffic, BearsWhatIsNoEvent) {
  Traffic traffic;
  for (const char* one :
       {"null", "{}", R"({"requestId": 7, "request": []})", R"({"request": {"headers": {"a": 7}, "url": {}}})"}) {
    const Json odd = Json::parse(one);
    for (const char* method : {"Network.requestWillBeSent", "Network.responseReceived", "Network.loadingFinished",
                               "Network.loadingFailed", "Network.requestServedFromCache", "Network.else"})
      traffic.event("S", method, odd);
  }
  const Json har = har_of(traffic, {}, "Chrome/1.2");
  EXPECT_EQ(har["log"]["browser"]["version"], "1.2");
}

TEST(Traffic, WhatStaysOpenIsNoNoise) {
  Traffic traffic;
  Json stream = sent("1", "http://a/events");
  stream["type"] = "EventSource";
  traffic.event("S", "Network.requestWillBeSent", stream);
  EXPECT_TRUE(traffic.quiet(std::chrono::milliseconds(0)));
}

}  // namespace browser::test
