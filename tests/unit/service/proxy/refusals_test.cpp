// What does not pass: names that are not listed, addresses that are nobody's business, and all that is no HTTP.
#include <gmock/gmock.h>

#include "service/proxy/proxy.hpp"
#include "unit/service/proxy/kit.hpp"

namespace berth::service::proxy::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST_F(ProxyTest, AHostThatIsNotListedIsRefusedInWords) {
  const std::string text = ask(connect_to("evil.test:443"));
  EXPECT_THAT(text, StartsWith("HTTP/1.1 403 evil.test is not on the allow-list\r\n"));
  EXPECT_THAT(text, HasSubstr("\"code\":\"not_allowed\""));
  EXPECT_THAT(text, HasSubstr("allowed here: server.test; the operator decides: sessions { network"));
  EXPECT_EQ(names.asked(), 0u) << "not even its name is looked up";
  const Record told = record();
  EXPECT_EQ(told.verdict, "not_allowed");
  EXPECT_EQ(told.host, "evil.test");
  EXPECT_EQ(told.status, 403);
  EXPECT_THAT(ask("GET http://evil.test/ HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 403 evil.test "));
  EXPECT_THAT(ask(connect_to("server.test:22")), StartsWith("HTTP/1.1 403 port 22 of server.test "));
  EXPECT_THAT(ask("HEAD http://evil.test/ HTTP/1.1\r\n\r\n"), testing::EndsWith("\r\n\r\n")) << "HEAD has no body";
}

TEST_F(ProxyTest, ANameThatLeadsInsideIsRefused) {
  rules.closed = why_closed;  // as it is but for these tests
  for (const char* where : {"127.0.0.1",       "10.0.0.1",          "172.16.0.1",   "192.168.0.1",
                            "169.254.169.254", "100.64.0.1",        "0.0.0.0",      "224.0.0.1",
                            "198.51.100.1",    "255.255.255.255",   "::1",          "::",
                            "fd00::1",         "fe80::1",           "ff02::1",      "::ffff:127.0.0.1",
                            "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "2001:db8::1"}) {
    const std::string name = "n" + std::to_string(records()) + ".test";
    allow(name);
    names.tell(name, std::vector<Address>{address(where)});
    close();
    const std::string text = ask(connect_to(name + ":443"));
    EXPECT_THAT(text, StartsWith("HTTP/1.1 403 " + name + " is allowed, but ")) << where;
    EXPECT_THAT(text, HasSubstr("\"code\":\"private_address\"")) << where;
  }
}

TEST_F(ProxyTest, AListedNameMayLeadToAPrivateNetworkIfThatWasSaid) {
  rules.closed = [](const Address& where, bool inside) {  // connects nowhere, since who knows what is there
    const std::string why = why_closed(where, inside);
    return why.empty() ? "it was open" : why;
  };
  for (const char* name : {"in.test", "loop.test"}) allow(name, true);
  allow("out.test");
  names.tell("in.test", std::vector<Address>{address("10.255.255.254")});
  names.tell("out.test", std::vector<Address>{address("10.255.255.254")});
  names.tell("loop.test", std::vector<Address>{address("127.0.0.1")});
  EXPECT_THAT(ask(connect_to("in.test:443")), HasSubstr("it was open"));
  EXPECT_THAT(ask(connect_to("out.test:443")), HasSubstr("10.255.255.254 is in 10.0.0.0/8, a private network"));
  EXPECT_THAT(ask(connect_to("loop.test:443")), HasSubstr("127.0.0.1 is in 127.0.0.0/8, this machine"));
}

// The name is asked once for each request, and what it said is what is looked at and connected to.
TEST_F(ProxyTest, ANameThatChangesItsMindGainsNothing) {
  std::atomic<int> reached = 0;
  const ScriptedHost server([&](Wire& wire) {
    ++reached;
    wire.send("here");
  });
  const std::string where = "moves.test:" + port_of(server);
  allow(where);
  names.tell("moves.test", std::vector<Address>{address("127.0.0.1")});  // public, as far as this test goes
  names.tell("moves.test", std::vector<Address>{address("10.0.0.1")});
  EXPECT_THAT(ask(connect_to(where)), HasSubstr("here"));
  EXPECT_EQ(names.asked(), 1u);
  EXPECT_THAT(ask(connect_to(where)), HasSubstr("private_address"));
  EXPECT_THAT(ask("GET http://" + where + "/ HTTP/1.1\r\n\r\n"), HasSubstr("private_address"));
  EXPECT_EQ(names.asked(), 3u);
  EXPECT_EQ(reached, 1);
}

TEST_F(ProxyTest, NamesThatLeadNowhereAreSaid) {
  allow("none.test");
  allow("empty.test");
  allow("dead.test:1");
  names.tell("none.test", Error{502, "no_such_host", "there is no host none.test", ""});
  names.tell("empty.test", std::vector<Address>{});
  names.tell("dead.test", std::vector<Address>{address("127.0.0.1")});
  EXPECT_THAT(ask(connect_to("none.test:80")), StartsWith("HTTP/1.1 502 there is no host none.test\r\n"));
  EXPECT_THAT(ask(connect_to("empty.test:80")), StartsWith("HTTP/1.1 502 empty.test has no address\r\n"));
  EXPECT_THAT(ask(connect_to("dead.test:1")),
              StartsWith("HTTP/1.1 502 dead.test at 127.0.0.1: Connection refused\r\n"));
  EXPECT_EQ(record(2).verdict, "unreachable");
}

TEST_F(ProxyTest, WhatIsNoRequestIsRefused) {
  for (const char* bad :
       {"GET / HTTP/1.1\r\nHost: server.test\r\n\r\n", "hello\r\n\r\n", "GET http://server.test/ HTTP/1.1\n\n",
        "\r\nGET http://server.test/ HTTP/1.1\r\n\r\n", "GET https://server.test/ HTTP/1.1\r\n\r\n",
        "GET http://server.test/ HTTP/1.1\r\nHost: evil.test\r\n\r\n",
        "POST http://server.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST http://server.test/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"})
    EXPECT_THAT(ask(bad), StartsWith("HTTP/1.1 400 ")) << bad;
  EXPECT_THAT(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_THAT(ask(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12)), StartsWith("HTTP/1.1 400 "))
      << "TLS";
  EXPECT_EQ(names.asked(), 0u);
  EXPECT_EQ(record(0).verdict, "bad_request");
}

TEST_F(ProxyTest, ABadAnswerIsABadGateway) {
  std::deque<std::string> answers = {"", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\n\n",
                                     "HTTP/1.1 101 Switching Protocols\r\n\r\n", std::string(100'000, 'x')};
  const ScriptedHost server([&](Wire& wire) {
    wire.head();
    wire.send(answers.front());
    answers.pop_front();
  });
  allow(server);
  const std::size_t count = answers.size();
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_THAT(ask("GET http://" + server_of(server) + "/ HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 502 server.test "))
        << i;
    EXPECT_EQ(record(i).verdict, i == 0 ? "cut_off" : "bad_answer");
  }
}

TEST_F(ProxyTest, ARefusalReachesAClientThatStillSends) {
  Client client = connect();
  client.wire.send("POST http://evil.test/ HTTP/1.1\r\nContent-Length: 300000\r\n\r\n" + std::string(300'000, 'x'));
  client.half_close();
  EXPECT_THAT(client.wire.to_the_end(), HasSubstr("evil.test is not on the allow-list"));
}

}  // namespace
}  // namespace berth::service::proxy::test
