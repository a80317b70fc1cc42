// Heads of requests and answers: what passes, how it is written anew, and every trick that two readers read in two
// ways.
#include "service/proxy/request.hpp"

#include <gmock/gmock.h>

#include <random>

#include "service/proxy/answer.hpp"

namespace berth::service::proxy {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string code_of(const std::string& head) {
  const auto request = parse_request(head);
  return request ? "ok" : request.error().code;
}
std::string plain(const std::string& fields, const std::string& line = "GET http://a.test/x HTTP/1.1") {
  return line + "\r\nHost: a.test\r\n" + fields + "\r\n";
}

TEST(ProxyRequest, APlainOneIsWrittenAnew) {
  const auto request = parse_request(
      "GET http://A.test.:8080/p?q=1&r HTTP/1.1\r\nHost: a.TEST:8080\r\nAccept: */*\r\nX-A:  b \r\n"
      "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: keep-alive\r\n"
      "Proxy-Authorization: Basic x\r\nTE: trailers\r\nTrailer: X\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->head,
            "GET /p?q=1&r HTTP/1.1\r\nHost: a.test:8080\r\nAccept: */*\r\nX-A: b\r\nVia: 1.1 berth\r\nConnection: "
            "close\r\n\r\n");
  EXPECT_EQ(request->to.host, "a.test");
  EXPECT_EQ(request->port, 8080);
  EXPECT_FALSE(request->tunnel);
}

TEST(ProxyRequest, ThePathIsNeverEmptyAndTheVersionStays) {
  EXPECT_THAT(parse_request("GET http://a.test HTTP/1.0\r\n\r\n")->head,
              HasSubstr("GET / HTTP/1.0\r\nHost: a.test\r\n"));
  EXPECT_THAT(parse_request("GET HTTP://a.test?x HTTP/1.1\r\n\r\n")->head, HasSubstr("GET /?x HTTP/1.1\r\n"));
  EXPECT_THAT(parse_request("GET http://[2606:4700::1]:80/ HTTP/1.1\r\n\r\n")->head,
              HasSubstr("Host: [2606:4700::1]\r\n"));
}

TEST(ProxyRequest, ATunnelHasAPortAndNoBody) {
  const auto request = parse_request("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->tunnel);
  EXPECT_EQ(request->port, 443);
  EXPECT_EQ(code_of("CONNECT a.test:443 HTTP/1.0\r\n\r\n"), "ok") << "some send no Host";
  EXPECT_EQ(code_of("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n"), "ok") << "nor its port";
  EXPECT_EQ(code_of("CONNECT [2606:4700::1]:443 HTTP/1.1\r\n\r\n"), "ok");
  EXPECT_EQ(code_of("CONNECT a.test:443 HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), "ok");
  for (const char* bad : {"CONNECT a.test HTTP/1.1\r\n\r\n", "CONNECT http://a.test:443 HTTP/1.1\r\n\r\n",
                          "CONNECT a.test:443/x HTTP/1.1\r\n\r\n", "CONNECT u@a.test:443 HTTP/1.1\r\n\r\n",
                          "CONNECT / HTTP/1.1\r\n\r\n", "CONNECT a.test:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
                          "CONNECT a.test:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "CONNECT a.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n",
                          "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"})
    EXPECT_NE(code_of(bad), "ok") << bad;
}

TEST(ProxyRequest, TheTargetIsAnHttpUrlAndNothingElse) {
  for (const char* bad : {"/x",
                          "*",
                          "a.test",
                          "https://a.test/",
                          "ftp://a.test/",
                          "http:/a.test/",
                          "http:///x",
                          "://a.test/",
                          "http://u:p@a.test/",
                          "http://a.test/#f",
                          "http://a.test:0/",
                          "http://a.test:99999/",
                          "http://127.1/",
                          "http://a.test\\@b.test/",
                          "http://a.test%2f@b.test/",
                          "http://a.test/\x7f",
                          "http://a.test/\xc3\xbc",
                          "http://[::1",
                          "http://*.test/",
                          "HTTP/1.1"})
    EXPECT_NE(code_of(std::string("GET ") + bad + " HTTP/1.1\r\n\r\n"), "ok") << bad;
}

TEST(ProxyRequest, TheFirstLineIsThreeWords) {
  for (const char* bad : {"GET", "GET http://a.test/", "GET  http://a.test/ HTTP/1.1", "GET http://a.test/ x HTTP/1.1",
                          " GET http://a.test/ HTTP/1.1", "GET http://a.test/ HTTP/1.1 ", "G(T http://a.test/ HTTP/1.1",
                          "GET\thttp://a.test/\tHTTP/1.1", "GET http://a.test/\r HTTP/1.1"})
    EXPECT_NE(code_of(std::string(bad) + "\r\n\r\n"), "ok") << bad;
  for (const char* version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "http/1.1", "HTTP/1.10", "HTTP/11"})
    EXPECT_EQ(code_of("GET http://a.test/ " + std::string(version) + "\r\n\r\n"), "version_not_supported") << version;
}

TEST(ProxyRequest, HostAgreesWithTheTarget) {
  EXPECT_EQ(code_of(plain("")), "ok");
  EXPECT_EQ(code_of("GET http://a.test/ HTTP/1.1\r\nHost: A.TEST:80\r\n\r\n"), "ok");
  for (const char* host : {"b.test", "a.test:81", "", "a.test, b.test", "a.test/x", "x@a.test"})
    EXPECT_EQ(code_of("GET http://a.test/ HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), "bad_request") << host;
  EXPECT_EQ(code_of(plain("Host: a.test\r\n")), "bad_request") << "twice, though they agree";
}

TEST(ProxyRequest, SmugglersAreRefused) {
  for (const char* fields : {"Content-Length: 5\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 6\r\n",
                             "Content-Length: 5, 5\r\n",
                             "Content-Length: +5\r\n",
                             "Content-Length: -5\r\n",
                             "Content-Length: 0x5\r\n",
                             "Content-Length: 5 \x0b\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 99999999999999999999\r\n",
                             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: identity\r\n",
                             "Transfer-Encoding: chunked, chunked\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: xchunked\r\n",
                             "Transfer-Encoding: \x0b"
                             "chunked\r\n",
                             "Transfer-Encoding : chunked\r\n",
                             " Transfer-Encoding: chunked\r\n",
                             "X: a\r\n b\r\n",
                             "X: a\rContent-Length: 5\r\n",
                             "X\r\n",
                             ": x\r\n",
                             "X y: z\r\n",
                             "X: a\x01\r\n",
                             "X: a\x7f\r\n"})
    EXPECT_EQ(code_of(plain(fields)), "bad_message") << fields;
  EXPECT_EQ(code_of(plain(std::string("X: a\0b\r\n", 9))), "bad_message");
  EXPECT_EQ(code_of("POST http://a.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), "bad_request");
}

TEST(ProxyRequest, ConnectionCannotTakeTheFramingAway) {
  const auto request = parse_request(plain("Connection: content-length, host\r\nContent-Length: 5\r\n"));
  ASSERT_TRUE(request);
  EXPECT_THAT(request->head, HasSubstr("Host: a.test\r\n"));
  EXPECT_THAT(request->head, HasSubstr("Content-Length: 5\r\n"));
}

TEST(ProxyRequest, AHundredFieldsAreEnough) {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "X: y\r\n";
  EXPECT_EQ(code_of(plain(fields)), "ok");
  EXPECT_EQ(code_of(plain(fields + "X: y\r\n")), "bad_message");
}

TEST(ProxyRequest, TheEndOfAHeadIsFoundHoweverItArrives) {
  const std::string head = plain("A: b\r\n");
  HeadEnd end;
  for (std::size_t size = 1; size <= head.size(); ++size) {
    ASSERT_EQ(end.go(std::string_view(head).substr(0, size)), nullptr);
    EXPECT_EQ(end.at(), size == head.size() ? size : 0);
  }
  EXPECT_NE(HeadEnd().go("GET x\n"), nullptr);
  EXPECT_NE(HeadEnd().go("\n"), nullptr);
  EXPECT_NE(HeadEnd().go("\r\nGET x"), nullptr);
  EXPECT_NE(HeadEnd().go("GET x\r\nA: b\r\n\n"), nullptr);
}

TEST(ProxyBody, IsAsLongAsWasSaidAndChunksAreCutAnew) {
  Body counted({5, false});
  std::string out;
  EXPECT_EQ(counted.take("hel", out), nullptr);
  EXPECT_FALSE(counted.done());
  EXPECT_EQ(counted.take("loGET http://evil", out), nullptr);
  EXPECT_TRUE(counted.done());
  EXPECT_EQ(counted.take("more", out), nullptr);
  EXPECT_EQ(out, "hello");
  EXPECT_NE(counted.take(std::string(70'000, 'x'), out), nullptr) << "there is an end to what is dropped";

  Body chunked({std::nullopt, true});
  out.clear();
  EXPECT_EQ(chunked.take("5;ext=1\r\nhel", out), nullptr);
  EXPECT_EQ(chunked.take("lo\r\n11\r\n0123456789abcdefg\r\n0\r\nTrailer: x\r\n\r\nGET /evil", out), nullptr);
  EXPECT_TRUE(chunked.done());
  EXPECT_EQ(out, "3\r\nhel\r\n13\r\nlo0123456789abcdefg\r\n0\r\n\r\n");
  Body broken({std::nullopt, true});
  EXPECT_NE(broken.take("5\nhello", out), nullptr);
  EXPECT_TRUE(Body(Framing{}).done());
}

// "" and the text for the client, or what was wrong.
std::pair<std::string, std::string> answer_of(const std::string& bytes, std::size_t piece = 1,
                                              std::size_t most = 1000) {
  Answer answer(most, false);
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (const char* wrong = answer.take(std::string_view(bytes).substr(at, piece), out)) return {wrong, out};
  }
  return {"", out};
}

TEST(ProxyAnswer, ItsHeadIsWrittenAnewAndItsBodyPasses) {
  const std::string bytes =
      "HTTP/1.1 200 Fine\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nContent-Length: "
      "9\r\nSet-Cookie: a\r\n"
      "Set-Cookie: b\r\n\r\nbody\r\n\r\nx";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    EXPECT_EQ(answer_of(bytes, piece),
              std::pair(std::string(),
                        std::string("HTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 9\r\n"
                                    "Via: 1.1 berth\r\nConnection: close\r\n\r\nbody\r\n\r\nx")));
  }
}

TEST(ProxyAnswer, InterimOnesGoBefore) {
  const auto [wrong, text] = answer_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n");
  EXPECT_EQ(wrong, "");
  EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n"));
  std::string many;
  for (int i = 0; i < 20; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_THAT(answer_of(many).first, HasSubstr("too often"));
}

TEST(ProxyAnswer, KnowsWhenItIsWhole) {
  const auto after = [](const std::string& bytes, bool to_head = false) {
    Answer answer(1000, to_head);
    std::string out;
    EXPECT_EQ(answer.take(bytes, out), nullptr);
    return answer.whole() ? "whole" : answer.lasts_to_the_end() ? "to the end" : "not yet";
  };
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"), "not yet");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"), "not yet");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), "whole");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", true), "whole");
  EXPECT_STREQ(after("HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n"), "whole");
  EXPECT_STREQ(after("HTTP/1.1 204 None\r\n\r\n"), "whole");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\n\r\nabc"), "to the end");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"), "not yet");
  EXPECT_STREQ(after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"), "whole");
}

TEST(ProxyAnswer, WhatIsNoneIsSaid) {
  for (const char* bad : {"SSH-2.0-x\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 x\r\n\r\n", "HTTP/1.1 2000 x\r\n\r\n",
                          "HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\n\n", "\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nA\r\n\r\n", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n"})
    EXPECT_NE(answer_of(bad).first, "") << bad;
  EXPECT_EQ(answer_of("HTTP/1.1 200\r\n\r\n").first, "") << "the reason may lack";
  EXPECT_THAT(answer_of("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x')).first, HasSubstr("too large"));
}

TEST(ProxyAnswer, ARefusalIsForProgramsAndForPeople) {
  const std::string text = refusal_text({403, "not_allowed", "x\r\nSet-Cookie: \xc3\xbc", "ask"});
  EXPECT_THAT(text,
              testing::StartsWith("HTTP/1.1 403 x??Set-Cookie: ??\r\nContent-Type: application/problem+json\r\n"));
  EXPECT_THAT(text, HasSubstr("\"code\":\"not_allowed\",\"hint\":\"ask\"}"));
  EXPECT_THAT(refusal_text({403, "a", "b"}, false), Not(HasSubstr("{")));
}

// Nothing that a fuzzer could send gets a second request, or a second head, to the server.
TEST(ProxyRequest, WhateverIsAcceptedIsOneHead) {
  std::minstd_rand random(7);
  const std::string seed = plain("Content-Length: 5\r\nTransfer-Encoding: chunked\r\nX: y\r\n");
  const std::string letters(
      "\r\n :,\t\0\x0b"
      "aGH/15;*",
      16);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seed;
    for (unsigned n = random() % 6 + 1; n > 0; --n) {
      const auto at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, random() % 12);
      else
        text[at] = letters[random() % letters.size()];
      if (text.empty()) text = seed;
    }
    HeadEnd end;
    if (end.go(text) != nullptr || end.at() == 0) continue;
    const auto request = parse_request(text.substr(0, end.at()));
    if (!request) continue;
    EXPECT_EQ(request->head.find("\r\n\r\n"), request->head.size() - 4) << text;
    EXPECT_FALSE(request->body.chunked && request->body.length) << text;
    HeadEnd again;
    EXPECT_EQ(again.go(request->head), nullptr);
    EXPECT_TRUE(parse_head(request->head)) << text;
  }
}

}  // namespace
}  // namespace berth::service::proxy
