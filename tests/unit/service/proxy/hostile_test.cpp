// Those who are slow, silent, large, many, or gone, on either side.
#include <gmock/gmock.h>

#include "service/proxy/proxy.hpp"
#include "unit/service/proxy/kit.hpp"

namespace berth::service::proxy::test {
namespace {

using testing::StartsWith;

TEST_F(ProxyTest, ASlowHeadHasADeadlineThatNoDripMoves) {
  rules.limits.head_time = 300ms;
  rules.limits.farewell = 100ms;
  Client dripping = connect(), silent = connect();
  std::thread drips([&] {
    for (int i = 0; i < 1000 && dripping.wire.send("G"); ++i) std::this_thread::sleep_for(20ms);
  });
  EXPECT_THAT(dripping.wire.head(), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(silent.wire.to_the_end(), "");
  drips.join();
  EXPECT_EQ(record().verdict, "too_slow");
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, AHugeHeadIsRefusedAndNotKept) {
  Client client = connect();
  client.wire.send("GET http://server.test/ HTTP/1.1\r\nX: " + std::string(900'000, 'x'));
  EXPECT_THAT(client.wire.head(), StartsWith("HTTP/1.1 431 "));
  client.half_close();
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, EndlessBytesAfterARefusalAreNotReadForEver) {
  Client client = connect();
  client.wire.send("x\n");
  const std::string much(100'000, 'x');
  int sent = 0;
  while (sent < 1000 && client.wire.send(much)) ++sent;
  EXPECT_LT(sent, 1000);
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, ASilentNameServerHasADeadline) {
  rules.limits.lookup_time = 50ms;
  allow("hangs.test");
  EXPECT_THAT(ask(connect_to("hangs.test:443")),
              StartsWith("HTTP/1.1 504 the name servers did not answer for hangs.test\r\n"));
  EXPECT_EQ(record().verdict, "name_server_silent");
}

TEST_F(ProxyTest, ASilentServerHasADeadlineAndADrippingOneTheSame) {
  rules.limits.answer_time = 300ms;
  std::atomic<bool> drips = false;
  const ScriptedHost server([&](Wire& wire) {
    wire.head();
    for (int i = 0; drips && i < 1000 && wire.send("H"); ++i) std::this_thread::sleep_for(20ms);
    wire.to_the_end();
  });
  allow(server);
  const std::string request = "GET http://" + server_of(server) + "/ HTTP/1.1\r\n\r\n";
  EXPECT_THAT(ask(request), StartsWith("HTTP/1.1 504 server.test did not answer in time\r\n"));
  drips = true;
  EXPECT_THAT(ask(request), StartsWith("HTTP/1.1 50"));
  EXPECT_EQ(record(0).verdict, "silent");
}

TEST_F(ProxyTest, AnIdleTunnelEnds) {
  rules.limits.idle_time = 100ms;
  const ScriptedHost server([](Wire& wire) { wire.to_the_end(); });
  allow(server);
  Client client = connect();
  begin_tunnel(client, server);
  EXPECT_TRUE(client.reset());
  EXPECT_EQ(record().verdict, "idle");
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, AHalfClosedTunnelWaitsLess) {
  rules.limits.half_time = 100ms;
  const ScriptedHost server([](Wire& wire) {
    wire.to_the_end();
    std::this_thread::sleep_for(500ms);
  });
  allow(server);
  Client client = connect();
  begin_tunnel(client, server);
  client.half_close();
  EXPECT_TRUE(client.reset());
  EXPECT_EQ(record().verdict, "idle");
}

TEST_F(ProxyTest, NothingLastsForEver) {
  rules.limits.whole_time = 300ms;
  const ScriptedHost server([](Wire& wire) {
    for (int i = 0; i < 1000 && wire.send("x"); ++i) std::this_thread::sleep_for(10ms);
  });
  allow(server);
  Client client = connect();
  begin_tunnel(client, server);
  EXPECT_TRUE(client.reset());
  EXPECT_EQ(record().verdict, "idle");
}

TEST_F(ProxyTest, AClientThatNeverReadsSlowsItsServerAndIsLetGo) {
  rules.limits.idle_time = 500ms;
  std::atomic<std::size_t> sent = 0;
  const ScriptedHost server([&](Wire& wire) {
    const std::string piece(64u << 10, 'x');
    while (sent < (512u << 20) && wire.send(piece)) sent += piece.size();
  });
  allow(server);
  Client client = connect();
  client.small_window();
  client.wire.send(connect_to(server_of(server)));
  EXPECT_EQ(record().verdict, "idle");
  EXPECT_LT(sent, 64u << 20) << "only what the kernel's buffers hold";
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, WhoeverHangsUpTakesTheOtherSideAlong) {
  std::string got;
  std::promise<void> over;
  const ScriptedHost server([&](Wire& wire) {
    got = wire.to_the_end();
    over.set_value();
  });
  allow(server);
  {
    Client client = connect();
    client.wire.send(connect_to(server_of(server)));
    client.wire.head();
    const linger hard{1, 0};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  over.get_future().wait();
  EXPECT_EQ(record().verdict, "client_gone");
  EXPECT_TRUE(falls_silent());
}

TEST_F(ProxyTest, AServersResetIsOneForTheClient) {
  const ScriptedHost server([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\n\r\nhalf of ");  // ends with something unread: a reset
  });
  allow(server);
  Client client = connect();
  client.wire.send("POST http://" + server_of(server) + "/ HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" +
                   std::string(60'000, 'x'));
  EXPECT_TRUE(client.reset()) << "half an answer that ends with the connection looks whole";
  EXPECT_EQ(record().verdict, "cut_off");
}

TEST_F(ProxyTest, AnAnswerThatIsCutShortIsNotMadeWhole) {
  const ScriptedHost server([](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
  });
  allow(server);
  Client client = connect();
  client.wire.send("GET http://" + server_of(server) + "/ HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(client.reset());
  EXPECT_EQ(record().verdict, "cut_off");
}

TEST_F(ProxyTest, AClientThatHangsUpWithinItsBodyDoesNotLookDone) {
  std::string got;
  std::promise<void> over;
  const ScriptedHost server([&](Wire& wire) {
    wire.head();
    got = wire.to_the_end();
    over.set_value();
  });
  allow(server);
  {
    Client client = connect();
    client.wire.send("POST http://" + server_of(server) +
                     "/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    client.half_close();
    client.wire.to_the_end();
  }
  over.get_future().wait();
  EXPECT_EQ(got, "5\r\nhello\r\n");
  EXPECT_EQ(record().verdict, "client_gone");
}

TEST_F(ProxyTest, BrokenChunksGoNoFurther) {
  const ScriptedHost server([](Wire& wire) { wire.to_the_end(); });
  allow(server);
  Client client = connect();
  client.wire.send("POST http://" + server_of(server) + "/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello");
  EXPECT_THAT(client.wire.head(), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(record().verdict, "bad_message");
}

TEST_F(ProxyTest, OnTopOfTheLimitIsToldSo) {
  rules.limits.connections = 2;
  const ScriptedHost server([](Wire& wire) { wire.to_the_end(); });
  allow(server);
  Client one = connect();
  one.wire.send(connect_to(server_of(server)));
  one.wire.head();
  Client two = connect(), three = connect();
  three.wire.send(connect_to(server_of(server)));
  EXPECT_THAT(three.wire.to_the_end(),
              StartsWith("HTTP/1.1 503 this session has as many connections to the proxy as it may have: 2"));
  one.half_close();
  two.half_close();
  EXPECT_EQ(record(0).verdict, "busy");
}

TEST_F(ProxyTest, AThousandAtOnceAreAllAnswered) {
  rules.limits.farewell = 100ms;
  rules.limits.connections = 50;
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 1000; ++i) {
    crowd.push_back(std::make_unique<Client>(dial()));
    if (i % 2 == 0) crowd.back()->wire.send("GET http://evil.test/ HTTP/1.1\r\n\r\n");  // the others say nothing
  }
  for (std::size_t i = 0; i < crowd.size(); i += 2) {
    EXPECT_THAT(crowd[i]->wire.head(), testing::AnyOf(StartsWith("HTTP/1.1 403 "), StartsWith("HTTP/1.1 503 "))) << i;
    crowd[i]->half_close();
  }
  EXPECT_LE(connections(), 100u);
  crowd.clear();
  EXPECT_TRUE(falls_silent());
  EXPECT_THAT(ask("GET http://evil.test/ HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 403 ")) << "and it still answers";
}

TEST_F(ProxyTest, ItGoesWhileAllOfThemAreBusy) {
  const UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));  // takes connections and never looks at them
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  ASSERT_EQ(::bind(server.get(), reinterpret_cast<sockaddr*>(&name), size), 0);
  ASSERT_EQ(::listen(server.get(), 200), 0);
  ::getsockname(server.get(), reinterpret_cast<sockaddr*>(&name), &size);
  const std::string where = "server.test:" + std::to_string(ntohs(name.sin_port));
  allow(where);
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 100; ++i) {
    crowd.push_back(std::make_unique<Client>(dial()));
    crowd.back()->wire.send(connect_to(where) + std::string(static_cast<std::size_t>(i) * 1000, 'x'));
  }
  close();
  for (auto& client : crowd) client->wire.to_the_end();
}

}  // namespace
}  // namespace berth::service::proxy::test
