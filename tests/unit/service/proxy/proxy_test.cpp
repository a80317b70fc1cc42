// What passes: tunnels, plain requests, bodies of all kinds, and what is told of each.
#include "service/proxy/proxy.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <future>

#include "unit/service/proxy/kit.hpp"

namespace berth::service::proxy::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* established = "HTTP/1.1 200 Connection established\r\n\r\n";

TEST_F(ProxyTest, ATunnelCarriesBytesBothWaysAndHalfCloses) {
  std::string got;
  const ScriptedHost server([&](Wire& wire) {
    wire.send("welcome");
    got = wire.to_the_end();
    wire.send("bye");
  });
  allow(server);
  Client client = connect();
  client.wire.send(connect_to(server_of(server)) + "at once");
  EXPECT_EQ(client.wire.head(), established);
  EXPECT_EQ(client.wire.exactly(7), "welcome");
  client.wire.send(", later");
  client.half_close();
  EXPECT_EQ(client.wire.to_the_end(), "bye");
  const Record told = record();
  EXPECT_EQ(got, "at once, later");
  EXPECT_EQ(told.label, "one");
  EXPECT_EQ(told.method, "CONNECT");
  EXPECT_EQ(told.host, "server.test");
  EXPECT_EQ(std::to_string(told.port), port_of(server));
  EXPECT_EQ(told.address, "127.0.0.1");
  EXPECT_EQ(told.verdict, "ok");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.sent, 14u);
  EXPECT_EQ(told.received, 10u);
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, MegabytesPassBothWaysAtOnce) {
  const std::string much(8u << 20, 'x');
  const ScriptedHost server([&](Wire& wire) {
    std::thread writer([&] { wire.send(much); });
    const std::string got = wire.exactly(much.size());
    writer.join();
    wire.send(got == much ? "same" : "other");
  });
  allow(server);
  Client client = connect();
  client.wire.send(connect_to(server_of(server)));
  EXPECT_EQ(client.wire.head(), established);
  std::thread writer([&] { EXPECT_TRUE(client.wire.send(much)); });
  EXPECT_TRUE(client.wire.exactly(much.size()) == much);
  writer.join();
  EXPECT_EQ(client.wire.to_the_end(), "same");
}

TEST_F(ProxyTest, APlainRequestIsPassedOnAndAnsweredOnce) {
  std::string head;
  const ScriptedHost server([&](Wire& wire) {
    head = wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
  });
  allow(server);
  const std::string where = server_of(server);
  const std::string text =
      ask("GET http://" + where + "/a?b HTTP/1.1\r\nHost: " + where + "\r\nProxy-Connection: keep-alive\r\n\r\n");
  EXPECT_EQ(text, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 berth\r\nConnection: close\r\n\r\nhello");
  EXPECT_EQ(head, "GET /a?b HTTP/1.1\r\nHost: " + where + "\r\nVia: 1.1 berth\r\nConnection: close\r\n\r\n");
  const Record told = record();
  EXPECT_EQ(told.method, "GET");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.verdict, "ok");
}

TEST_F(ProxyTest, ABodyPassesAndWhatComesAfterItDoesNot) {
  std::promise<std::string> got;
  const ScriptedHost server([&](Wire& wire) {
    wire.head();
    std::string body = wire.exactly(5);
    wire.send("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n");  // and does not hang up
    got.set_value(body + wire.to_the_end());
  });
  allow(server);
  const std::string url = "http://" + server_of(server) + "/";
  Client client = connect();
  client.wire.send("POST " + url + " HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel");
  client.wire.send("loPOST " + url + "second HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.wire.head(), StartsWith("HTTP/1.1 201 Made\r\n"));
  client.half_close();
  EXPECT_EQ(client.wire.to_the_end(), "");
  EXPECT_EQ(record().status, 201);
  EXPECT_TRUE(falls_silent());
  close();
  EXPECT_EQ(got.get_future().get(), "hello");
}

TEST_F(ProxyTest, ChunksAndContinueAndHttp10Pass) {
  std::vector<std::string> heads;
  std::string body;
  const ScriptedHost server([&](Wire& wire) {
    heads.push_back(wire.head());
    if (heads.size() == 1) {
      wire.send("HTTP/1.1 100 Continue\r\n\r\n");
      body = wire.until("0\r\n\r\n");
    }
    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  });
  allow(server);
  const std::string url = "http://" + server_of(server) + "/";
  Client client = connect();
  client.wire.send("PUT " + url + " HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(client.wire.head(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.wire.send("3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(client.wire.to_the_end(), testing::EndsWith("Connection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
  EXPECT_EQ(body, "3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(heads[0], HasSubstr("Expect: 100-continue\r\n"));
  EXPECT_THAT(ask("GET " + url + " HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heads[1], StartsWith("GET / HTTP/1.0\r\n"));
}

TEST_F(ProxyTest, AnEarlyAnswerReachesAClientThatStillSends) {
  const ScriptedHost server([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  });
  allow(server);
  Client client = connect();
  client.wire.send("POST http://" + server_of(server) + "/ HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_THAT(client.wire.head(), StartsWith("HTTP/1.1 413 Too Large\r\n"));
}

TEST_F(ProxyTest, TheNextAddressIsTriedIfOneDoesNotAnswer) {
  const ScriptedHost server([](Wire& wire) { wire.send("here"); });
  allow("two.test:" + port_of(server));
  names.tell("two.test",
             std::vector<Address>{address("127.0.0.2"), address("::1"), address("10.0.0.1"), address("127.0.0.1")});
  EXPECT_EQ(ask(connect_to("two.test:" + port_of(server))), std::string(established) + "here");
  EXPECT_EQ(record().address, "127.0.0.1");
}

TEST_F(ProxyTest, ServersMayHaveIPv6) {
  const UniqueFd server(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_addr = in6addr_loopback;
  socklen_t size = sizeof name;
  if (!server || ::bind(server.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 || ::listen(server.get(), 1) != 0)
    GTEST_SKIP() << "this machine has no IPv6";
  ::getsockname(server.get(), reinterpret_cast<sockaddr*>(&name), &size);
  const std::string port = std::to_string(ntohs(name.sin6_port));
  allow("six.test:" + port);
  names.tell("six.test", std::vector<Address>{address("::1")});
  Client client = connect();
  client.wire.send(connect_to("six.test:" + port));
  EXPECT_EQ(client.wire.head(), established);
  Wire wire(::accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
  client.wire.send("six");
  EXPECT_EQ(wire.exactly(3), "six");
}

TEST_F(ProxyTest, AListedAddressNeedsNoName) {
  const ScriptedHost server([](Wire& wire) { wire.send("here"); });
  AllowList::Entry entry;
  entry.what = *parse_authority("127.0.0.1:" + port_of(server));  // parse() refuses this one, rightly
  rules.allow.add(entry);
  EXPECT_EQ(ask(connect_to("127.0.0.1:" + port_of(server))), std::string(established) + "here");
  EXPECT_EQ(names.asked(), 0u);
}

TEST_F(ProxyTest, TheListenerStaysItsOwners) {
  open();
  const int copy = ::fcntl(m_listener.get(), F_DUPFD_CLOEXEC, 0);
  close();
  EXPECT_GE(::fcntl(m_listener.get(), F_GETFD), 0);
  ::close(copy);
  on_loop([this] {
    EXPECT_EQ(Proxy::open(loop, names, -1, rules).error().code, "no_listener");
    const UniqueFd other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(Proxy::open(loop, names, other.get(), rules).error().code, "no_listener");
  });
  open();  // and another proxy can have it
  EXPECT_THAT(ask("x\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(ProxyTest, ItsEndIsTheEndOfAllConnections) {
  const ScriptedHost server([](Wire& wire) { wire.to_the_end(); });
  allow(server);
  Client tunnel = connect(), silent = connect(), looking = connect();
  tunnel.wire.send(connect_to(server_of(server)));
  EXPECT_EQ(tunnel.wire.head(), established);
  looking.wire.send(connect_to("hangs.test:443"));
  EXPECT_THAT(looking.wire.head(), StartsWith("HTTP/1.1 403 "));
  close();
  EXPECT_TRUE(tunnel.reset()) << "it could be taken for whole";
  EXPECT_EQ(silent.wire.to_the_end(), "");
  EXPECT_EQ(record(1).verdict, "stopped");
  EXPECT_EQ(records(), 2u) << "nothing is told of one that asked nothing";
}

TEST_F(ProxyTest, ItsEndIsHeardByNoLookupAndNoConnect) {
  allow("hangs.test");
  Client client = connect();
  client.wire.send(connect_to("hangs.test:443"));
  while (names.asked() == 0) std::this_thread::yield();
  close();
  EXPECT_EQ(record().verdict, "stopped");
}

TEST(ProxyEnvironment, NamesItAsProgramsWantIt) {
  EXPECT_THAT(environment(3128), testing::Contains("https_proxy=http://127.0.0.1:3128"));
  EXPECT_EQ(environment(3128).size(), 6u);
}

TEST(ProxyRecord, IsOneLineOfTheLog) {
  std::vector<std::string> lines;
  {
    Log log([&](Level level, std::string_view who, std::string_view message, const Log::Fields& fields) {
      std::string line = std::to_string(static_cast<int>(level)) + " " + std::string(who) + " " + std::string(message);
      for (const auto& field : fields) line += " " + std::string(field.name) + "=" + field.value;
      lines.push_back(line);
    });
    write(log, {"one", "CONNECT", "a.test", 443, "192.0.2.1", "ok", "", 200, 3, 4, 5ms});
    write(log, {"one", "CONNECT", "a.test", 443, "192.0.2.1", "idle", "too long", 200, 3, 4, 5ms});
    write(log, {"one", "GET", "b.test", 80, "", "not_allowed", "b.test is not on the allow-list", 403, 0, 0, 0ms});
  }
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0],
            "1 proxy request session=one method=CONNECT host=a.test port=443 address=192.0.2.1 verdict=ok status=200 "
            "sent=3 received=4 ms=5");
  EXPECT_THAT(lines[1], StartsWith("1 proxy request cut off session=one"));
  EXPECT_THAT(lines[2], StartsWith("2 proxy request refused session=one method=GET host=b.test"));
  EXPECT_THAT(lines[2], HasSubstr("reason=b.test is not on the allow-list"));
}

}  // namespace
}  // namespace berth::service::proxy::test
