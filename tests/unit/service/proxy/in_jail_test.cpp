// A program in a real jail, and the one way out that it has.
#include <gmock/gmock.h>

#include "unit/jail/seat.hpp"
#include "unit/service/proxy/kit.hpp"

namespace berth::service::proxy::test {
namespace {

class ProxyInJail : public ProxyTest {
 protected:
  void SetUp() override {
    if (!m_seat.has("net")) GTEST_SKIP() << "this machine gives jails no network of their own";
    auto options = jail::test::Seat::options("proxy");
    options.network = jail::Network::proxy;
    m_jail = m_seat.open(options);
    allow(m_server);
    on_loop([this] {
      auto made = Proxy::open(loop, names, m_jail->proxy(), rules);
      ASSERT_TRUE(made) << made.error().message;
      proxy = std::move(*made);
    });
  }
  void TearDown() override { close(); }
  std::string run(const std::string& script) {
    auto plan = jail::test::shell(script);
    for (const auto& one : environment(3128)) plan.environment.push_back(one);
    return jail::test::say(*m_jail, plan).output;
  }

  jail::test::Seat m_seat;
  std::unique_ptr<jail::Jail> m_jail;
  const ScriptedHost m_server{[](Wire& wire) {
    wire.head();
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  }};
};

TEST_F(ProxyInJail, PythonReachesWhatIsListedAndReadsWhyNotTheRest) {
  const std::string python =
      "import sys, urllib.request, urllib.error\n"
      "for url in sys.argv[1:]:\n"
      "  try: print(urllib.request.urlopen(url).read().decode())\n"
      "  except urllib.error.HTTPError as e: print(e.code, e.reason)\n"
      "  except OSError as e: print(e)\n";
  const std::string said = run("/usr/bin/python3 -c '" + python + "' http://" + server_of(m_server) +
                               "/ http://evil.test/ https://evil.test/");
  EXPECT_EQ(said,
            "hello\n403 evil.test is not on the allow-list\n"
            "<urlopen error Tunnel connection failed: 403 evil.test is not on the allow-list>\n");
  EXPECT_EQ(record(0).verdict, "ok");
  EXPECT_EQ(record(2).verdict, "not_allowed");
}

TEST_F(ProxyInJail, ATunnelLeadsToTheServer) {
  const std::string said =
      run("/usr/bin/python3 -c 'import http.client\n"
          "c = http.client.HTTPConnection(\"127.0.0.1\", 3128)\n"
          "c.set_tunnel(\"server.test\", " +
          port_of(m_server) +
          ")\n"
          "c.request(\"GET\", \"/\")\n"
          "print(c.getresponse().read())'");
  EXPECT_EQ(said, "b'hello'\n");
}

TEST_F(ProxyInJail, NothingElseIsReached) {
  const std::string said =
      run("/usr/bin/python3 -c 'import socket\n"
          "for where in ((\"127.0.0.1\", " +
          port_of(m_server) +
          "), (\"192.0.2.1\", 80), (\"server.test\", 80)):\n"
          "  try: socket.create_connection(where, 5); print(\"reached\", where)\n"
          "  except OSError as e: print(type(e).__name__)'");
  EXPECT_EQ(said, "ConnectionRefusedError\nOSError\ngaierror\n");
}

}  // namespace
}  // namespace berth::service::proxy::test
