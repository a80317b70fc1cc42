// The client for services of this machine: whom it asks, how it takes their answers, and each way to answer badly.
#include <gtest/gtest.h>

#include <atomic>

#include "service/http/client.hpp"
#include "service/http/target.hpp"
#include "unit/command/scripted_host.hpp"
#include "unit/service/folder.hpp"
#include "unit/service/turning.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::ScriptedHost;
using test::Wire;

TEST(HttpTarget, IsThisMachineAndNoOther) {
  for (const char* good : {"http://127.0.0.1", "http://127.9.9.9:1/", "http://[::1]:80", "http://localhost:8080",
                           "http://LOCALHOST", "unix:/run/x.sock"})
    EXPECT_TRUE(parse_target(good)) << good;
  for (const char* bad : {"",
                          "http://",
                          "http:///",
                          "http://10.0.0.1",
                          "http://0.0.0.0",
                          "http://[::]:80",
                          "http://8.8.8.8",
                          "http://example.com",
                          "http://localhost.example.com",
                          "http://127.0.0.1.nip.io",
                          "http://127.1",
                          "http://2130706433",
                          "http://0x7f000001",
                          "http://user@127.0.0.1",
                          "http://127.0.0.1/path",
                          "http://127.0.0.1:0",
                          "http://127.0.0.1:65536",
                          "http://127.0.0.1:80x",
                          "http://[::1",
                          "http://[::1]x",
                          "http://[fe80::1]",
                          "https://127.0.0.1",
                          "ftp://127.0.0.1",
                          "unix:",
                          "unix:relative",
                          "127.0.0.1:80"}) {
    const auto target = parse_target(bad);
    ASSERT_FALSE(target) << bad;
    EXPECT_EQ(target.error().code, "not_loopback");
  }
  EXPECT_EQ(parse_target("http://[::1]:8080")->host, "[::1]:8080");
}

class HttpTest : public testing::Test {
 protected:
  struct Got {
    int status = 0;
    HttpFields fields;
    std::string body, code;
    std::size_t pieces = 0;
    bool paused = false, over = false;
  };
  HttpTest() { loop.adopt(); }
  std::shared_ptr<HttpExchange> start(HttpRequest request, Got& got) {
    auto exchange = client.start(std::move(request), {[&got](int status, const HttpFields& fields) {
                                                        got.status = status;
                                                        got.fields = fields;
                                                      },
                                                      [&got](std::string_view piece) {
                                                        got.body += piece;
                                                        ++got.pieces;
                                                        return !got.paused;
                                                      },
                                                      [&got](const std::optional<Error>& failed) {
                                                        got.code = failed ? failed->code : "";
                                                        got.over = true;
                                                      }});
    if (exchange) return *exchange;
    got.code = exchange.error().code;
    got.over = true;
    return nullptr;
  }
  bool until(const std::function<bool()>& holds) { return test::turn_until(loop, holds); }
  Got ask(HttpRequest request) {
    Got got;
    const auto exchange = start(std::move(request), got);
    EXPECT_TRUE(until([&] { return got.over; }));
    return got;
  }
  Got ask(const ScriptedHost& host, std::string path = "/x") {
    HttpRequest request;
    request.target = host.url();
    request.path = std::move(path);
    return ask(std::move(request));
  }
  EventLoop loop;
  HttpClient client{loop};
};

TEST_F(HttpTest, AsksAndIsAnswered) {
  std::string head, body;
  const ScriptedHost host([&](Wire& wire) {
    head = wire.head();
    body = wire.exactly(5);
    wire.send(answer(201, "made", "X-Thing: 1\r\nX-Thing: 2\r\n"));
  });
  HttpRequest request{host.url(), "POST", "/a?b=c", {{"Accept", "text/plain"}}, "hello", 10s, 1000};
  const auto got = ask(request);
  EXPECT_EQ(got.status, 201);
  EXPECT_EQ(got.body, "made");
  EXPECT_EQ(body, "hello");
  EXPECT_EQ(head.rfind("POST /a?b=c HTTP/1.1\r\n", 0), 0u) << head;
  EXPECT_NE(head.find("Accept: text/plain\r\n"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(head.find("Host: 127.0.0.1:"), std::string::npos);
  EXPECT_EQ(
      std::count_if(got.fields.begin(), got.fields.end(), [](const auto& field) { return field.first == "X-Thing"; }),
      2);
}

TEST_F(HttpTest, SpeaksToUnixSockets) {
  const test::Folder folder;
  const ScriptedHost host(folder.file("s"), [](Wire& wire) {
    wire.head();
    wire.send(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  EXPECT_EQ(ask(host).body, "abcde");
}

TEST_F(HttpTest, KeepsConnectionsAndBearsThatTheyAreGone) {
  std::atomic<int> connections{0};
  const ScriptedHost host([&](Wire& wire) {
    ++connections;
    for (int i = 0; i < 3 && !wire.head().empty(); ++i) wire.send(answer(200, "ok"));
  });
  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(host).body, "ok") << i;  // the fourth finds the connection gone
  EXPECT_EQ(connections, 2);
}

TEST_F(HttpTest, DoesNotPutTwiceWhatMayHappenOnce) {
  std::atomic<int> heard{0};
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    ++heard;
  });
  HttpRequest request;
  request.target = host.url();
  request.method = "POST";
  EXPECT_EQ(ask(request).code, "cut_off");
  EXPECT_EQ(heard, 1);
}

TEST_F(HttpTest, NamesEachBadAnswer) {
  const auto comes_of = [this](const std::string& text, std::uint64_t most = 1000) {
    const ScriptedHost host([&](Wire& wire) {
      wire.head();
      wire.send(text);
    });
    HttpRequest request;
    request.target = host.url();
    request.body_most = most;
    return ask(std::move(request)).code;
  };
  EXPECT_EQ(comes_of(""), "cut_off");
  EXPECT_EQ(comes_of("SSH-2.0-OpenSSH\r\n\r\n"), "stranger");
  EXPECT_EQ(comes_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "cut_off");
  EXPECT_EQ(comes_of(answer(200, std::string(1001, 'x'))), "answer_too_large");
  EXPECT_EQ(comes_of(answer(200, std::string(1000, 'x'))), "");
  EXPECT_EQ(comes_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n", 9),
            "answer_too_large");
  EXPECT_EQ(comes_of("HTTP/1.1 200 OK\r\n\r\nto the end"), "");
  EXPECT_EQ(comes_of("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"), "stranger");
  EXPECT_EQ(comes_of("HTTP/1.1 204 No Content\r\n\r\n"), "");
}

TEST_F(HttpTest, DoesNotWaitForEver) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    wire.to_the_end();
  });
  HttpRequest request;
  request.target = host.url();
  request.patience = 100ms;
  const auto got = ask(request);
  EXPECT_EQ(got.code, "silent");
  EXPECT_EQ(got.body, "abc");
  request.target = "http://127.0.0.1:1";
  EXPECT_EQ(ask(request).code, "unreachable");
}

TEST_F(HttpTest, ReadsNoFasterThanItIsTaken) {
  std::atomic<std::size_t> sent{0};
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n");
    for (int i = 0; i < 500 && wire.send(std::string(100'000, 'x')); ++i) sent += 100'000;
  });
  Got got;
  got.paused = true;
  HttpRequest request;
  request.target = host.url();
  request.patience = 5s;
  const auto exchange = start(std::move(request), got);
  EXPECT_TRUE(until([&] { return got.pieces > 0; }));
  loop.context().restart();
  loop.context().run_for(200ms);
  EXPECT_EQ(got.pieces, 1u);
  EXPECT_LT(sent, 20'000'000u);
  got.paused = false;
  exchange->resume();
  EXPECT_TRUE(until([&] { return got.over; }));
  EXPECT_EQ(got.body.size(), 50'000'000u);
}

TEST_F(HttpTest, AQuestionIsOneQuestion) {
  const auto refused = [this](HttpRequest request) {
    request.target = "http://127.0.0.1:1";
    return ask(std::move(request)).code;
  };
  HttpRequest request;
  request.path = "/x HTTP/1.1\r\nEvil: yes\r\n\r\nGET /";
  EXPECT_EQ(refused(request), "bad_request");
  request = {};
  request.method = "GET /";
  EXPECT_EQ(refused(request), "bad_request");
  for (const auto& [name, value] : HttpFields{
           {"A\r\nB", "x"}, {"A", "x\r\nB: y"}, {"", "x"}, {"Content-Length", "3"}, {"transfer-encoding", "chunked"}}) {
    request = {};
    request.fields = {{name, value}};
    EXPECT_EQ(refused(request), "bad_request") << name;
  }
}

TEST_F(HttpTest, IsNotHeardOnceItIsDropped) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(200, "late"));
  });
  Got got;
  HttpRequest request;
  request.target = host.url();
  start(std::move(request), got).reset();
  loop.context().restart();
  loop.context().run_for(100ms);
  EXPECT_FALSE(got.over);
}

}  // namespace
}  // namespace berth::service
