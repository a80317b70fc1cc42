// The client and what a host can do to it: each answer, each way to answer badly, and none at all.
#include "command/client.hpp"

#include <gtest/gtest.h>

#include <future>

#include "unit/command/scripted_host.hpp"
#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

using namespace std::chrono_literals;
using service::Result;
using test::answer;
using test::ScriptedHost;
using test::Wire;

Client::Target at(const ScriptedHost& host) { return {host.url(), "", "", 10s}; }
Result<Client::Answer> ask(const ScriptedHost& host) { return Client(at(host)).send({"GET", "/x"}); }
std::string code(const Result<Client::Answer>& answer) {
  return answer ? "answer " + std::to_string(answer->status) : answer.error().code;
}

// What a host gets to hear of one request.
std::string heard(Client::Target target, const Client::Request& request) {
  std::string head;
  {
    const ScriptedHost host([&](Wire& wire) {
      head = wire.head();
      wire.send(answer(200, ""));
    });
    target.url = host.url() + target.url;
    EXPECT_EQ(code(Client(std::move(target)).send(request)), "answer 200");
  }
  return head;
}

// What comes of an answer that is sent as it stands, before the host hangs up.
Result<Client::Answer> said(const std::string& bytes) {
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    wire.send(bytes);
  });
  return ask(host);
}

TEST(Client, SaysWhatAndWho) {
  const std::string head = heard({"", "secret-token"}, {"PUT", "/x/y?z=1", {{"X-Kind", "test"}}});
  EXPECT_EQ(head.substr(0, head.find('\r')), "PUT /x/y?z=1 HTTP/1.1");
  for (const char* field : {"\r\nHost: 127.0.0.1:", "\r\nConnection: close\r\n",
                            "\r\nAuthorization: Bearer secret-token\r\n", "\r\nX-Kind: test\r\n"})
    EXPECT_NE(head.find(field), std::string::npos) << field << "\n" << head;
}

TEST(Client, HasNoTokenUnlessGivenOne) {
  EXPECT_EQ(heard({"", ""}, {"GET", "/"}).find("Authorization"), std::string::npos);
}

TEST(Client, PutsThePathOfItsUrlFirst) {
  EXPECT_EQ(heard({"/behind/proxy/", ""}, {"GET", "/x"}).find("GET /behind/proxy/x HTTP/1.1\r\n"), 0u);
}

TEST(Client, ReadsStatusFieldsAndBody) {
  const auto got = said(answer(207, "the body", "X-One: 1\r\nX-Two: a\r\nX-Two: b\r\n"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 207);
  EXPECT_EQ(got->body, "the body");
  EXPECT_EQ(got->field("x-one"), "1");
  EXPECT_EQ(got->field("X-TWO"), "a");
  EXPECT_EQ(got->field("X-Three"), "");
}

TEST(Client, ReadsAnswersWithoutABody) {
  EXPECT_EQ(code(said("HTTP/1.1 204 No Content\r\n\r\n")), "answer 204");
  EXPECT_EQ(code(said("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")), "answer 304");
}

TEST(Client, ReadsABodyThatEndsWithTheConnection) {
  const auto got = said("HTTP/1.0 200 OK\r\n\r\nto the end");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "to the end");
}

TEST(Client, ReadsChunks) {
  const auto got = said(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1;with=extension\r\n \r\n00005\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "hello world");
}

TEST(Client, WaitsForTheAnswerBehindInterimOnes) {
  const auto got =
      said("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(200, "late"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "late");
  EXPECT_EQ(got->field("Link"), "");
}

// The host sends the second half once the sink has seen the first.
TEST(Client, GivesTheSinkABodyAsItComes) {
  std::promise<void> seen;
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
    if (seen.get_future().wait_for(10s) == std::future_status::ready) wire.send(" half");
  });
  std::string got;
  const auto answer = Client(at(host)).send({"GET", "/"}, [&](std::string_view bytes) {
    got += bytes;
    if (got == "first") seen.set_value();
    return true;
  });
  EXPECT_EQ(code(answer), "answer 200");
  EXPECT_EQ(got, "first half");
}

TEST(Client, StopsWhenTheSinkHasEnough) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
    wire.to_the_end();
  });
  const auto answer = Client(at(host)).send({"GET", "/"}, [](std::string_view) { return false; });
  EXPECT_EQ(code(answer), "answer 200");
  EXPECT_EQ(answer->body, "");
}

TEST(Client, KeepsARefusalFromTheSink) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(422, R"({"code":"invalid_input"})", "Content-Type: application/problem+json\r\n"));
  });
  bool sunk = false;
  const auto got = Client(at(host)).send({"GET", "/"}, [&](std::string_view) { return sunk = true; });
  EXPECT_EQ(code(got), "answer 422");
  EXPECT_EQ(got->body, R"({"code":"invalid_input"})");
  EXPECT_FALSE(sunk);
}

TEST(Client, NoticesAnAnswerThatBreaksOff) {
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!")), "cut_off");
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")), "cut_off");
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")), "cut_off");
  EXPECT_EQ(code(said("HTTP/1.1 500 Oh\r\nContent-Length: 10\r\n\r\n")), "cut_off");
}

TEST(Client, NoticesAHostThatHangsUpAtOnce) {
  EXPECT_EQ(code(said("")), "unreachable");
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nContent-Le")), "unreachable");
  EXPECT_EQ(code(said("HTTP/1.1 100 Continue\r\n\r\n")), "unreachable");
}

TEST(Client, RefusesWhatIsNoHttp) {
  for (const std::string bad : {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/3.0 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"})
    EXPECT_EQ(code(said(bad)), "stranger") << bad;
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nX: " + std::string(2u << 20, 'x') + "\r\n\r\n")), "stranger");
  EXPECT_EQ(code(said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello")), "cut_off");
}

TEST(Client, LosesPatience) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.to_the_end();
  });
  const auto got = Client({host.url(), "", "", 20ms}).send({"GET", "/"});
  EXPECT_EQ(code(got), "silent");
  EXPECT_NE(got.error().message.find("nothing for 20 ms"), std::string::npos) << got.error().message;
}

TEST(Client, LosesPatienceInTheMiddleOfAnAnswer) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!");
    wire.to_the_end();
  });
  std::string got;
  const auto end = Client({host.url(), "", "", 100ms}).send({"GET", "/"}, [&](std::string_view bytes) {
    got += bytes;
    return true;
  });
  EXPECT_EQ(code(end), "silent");
  EXPECT_EQ(got, "five!");
}

TEST(Client, FindsNobody) {
  std::string url;
  {
    url = ScriptedHost([](Wire&) {}).url();
  }
  EXPECT_EQ(code(Client({url, ""}).send({"GET", "/"})), "unreachable");
  const test::Folder folder;
  EXPECT_EQ(code(Client({"unix:" + folder.file("none"), ""}).send({"GET", "/"})), "unreachable");
  EXPECT_EQ(code(Client({"nonsense", ""}).send({"GET", "/"})), "bad_url");
}

TEST(Client, FindsNoTlsWhereThereIsNone) {
  const ScriptedHost host([](Wire& wire) { wire.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  EXPECT_EQ(code(Client({"https" + host.url().substr(4), "", "", 10s}).send({"GET", "/"})), "bad_tls");
  const test::Folder folder;
  test::put(folder.file("ca.pem"), "no certificate");
  EXPECT_EQ(code(Client({"https" + host.url().substr(4), "", folder.file("ca.pem"), 10s}).send({"GET", "/"})),
            "bad_option");
}

TEST(Client, SpeaksThroughASocketFile) {
  const test::Folder folder;
  std::string head;
  const ScriptedHost host(folder.file("socket"), [&](Wire& wire) {
    head = wire.head();
    wire.send(answer(200, "unix"));
  });
  const auto got = ask(host);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "unix");
  EXPECT_EQ(head.find("GET /x HTTP/1.1\r\nHost: localhost\r\n"), 0u) << head;
}

TEST(Client, AsksAgain) {
  const ScriptedHost host([](Wire& wire) { wire.send(answer(200, wire.head().substr(0, 6))); });
  Client client(at(host));
  EXPECT_EQ(client.send({"GET", "/1"})->body, "GET /1");
  EXPECT_EQ(client.send({"GET", "/2"})->body, "GET /2");
}

TEST(Client, AsksAgainAfterItLostPatience) {
  const ScriptedHost host([](Wire& wire) {
    if (wire.head().starts_with("GET /2")) wire.send(answer(200, "two"));
    wire.to_the_end();
  });
  Client client({host.url(), "", "", 500ms});
  EXPECT_EQ(code(client.send({"GET", "/1"})), "silent");
  EXPECT_EQ(code(client.send({"GET", "/2"})), "answer 200");
}

TEST(Client, RefusesAMethodThatIsNone) {
  const ScriptedHost host([](Wire& wire) { wire.send(answer(200, wire.head())); });
  EXPECT_EQ(code(Client(at(host)).send({"G\r\nET", "/"})), "stranger");
  EXPECT_EQ(code(Client(at(host)).send({"", "/"})), "stranger");
}

TEST(Client, IsToldWhyASocketIsRefused) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(403, R"({"code":"scope"})"));
  });
  const auto closed = Client(at(host)).converse({"/chat", 0, 1s, {}});
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(closed->answer.status, 403);
  EXPECT_EQ(closed->answer.body, R"({"code":"scope"})");
}

TEST(Client, NoticesAHostThatHangsUpInsteadOfOpeningASocket) {
  const ScriptedHost host([](Wire& wire) { wire.head(); });
  const auto closed = Client(at(host)).converse({"/chat", 0, 1s, {}});
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, "unreachable");
}

}  // namespace
}  // namespace berth::command
