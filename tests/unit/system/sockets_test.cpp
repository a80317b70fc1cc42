// Both ways to the sockets give the same, and what is no answer of the kernel's is refused.
#include <gtest/gtest.h>
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <berth/fd.hpp>

#include <algorithm>
#include <cstring>

#include "connections.hpp"

namespace machine {
namespace {

const std::string head =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

TEST(Sockets, OfTheTables) {
  const auto four = sockets_of(
      head +
          "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000  1000        0 4242 1 0\n"
          "   1: 0100007F:1F91 0200007F:0050 01 00000010:00000000 00:00000000 00000000     0        0 7 1\n"
          "   2: 0100007:1F91 0200007F:0050 01 0:0 0 0 0 0 7\n   3: junk\n",
      true, false);
  ASSERT_EQ(four.size(), 2u);
  EXPECT_EQ(four[0].local.address, "127.0.0.1");
  EXPECT_EQ(four[0].local.port, 8080u);
  EXPECT_EQ(four[0].user, 1000u);
  EXPECT_EQ(four[0].inode, 4242u);
  EXPECT_EQ(four[0].to_read, 2u);
  EXPECT_TRUE(is_listening(four[0]));
  EXPECT_EQ(state_name(four[1].state), "established");
  EXPECT_EQ(four[1].remote.address, "127.0.0.2");
  EXPECT_EQ(four[1].to_send, 16u);
  const auto six = sockets_of(
      head + "   0: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 0:0 0 0 0 9\n",
      false, true);
  ASSERT_EQ(six.size(), 1u);
  EXPECT_EQ(six[0].local.address, "::1");
  EXPECT_TRUE(is_listening(six[0]));
  EXPECT_EQ(state_name(999), "unknown");
}

TEST(Sockets, WhichAreTooManyAreSaidToBeMore) {
  const std::string line = "   0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 9\n";
  std::string table = head;
  for (int i = 0; i < 100'000; ++i) table += line;
  bool cut = false;
  EXPECT_EQ(sockets_of(table, true, false, &cut).size(), 100'000u);
  EXPECT_FALSE(cut);
  EXPECT_EQ(sockets_of(table + line, true, false, &cut).size(), 100'000u);
  EXPECT_TRUE(cut);
}

std::string message(std::uint16_t type, std::uint32_t length, std::size_t body) {
  nlmsghdr one{};
  one.nlmsg_type = type;
  one.nlmsg_len = length;
  return std::string(reinterpret_cast<const char*>(&one), sizeof one) + std::string(body, '\0');
}

TEST(Sockets, BrokenAnswersOfTheKernelAreNone) {
  std::vector<Socket> into;
  const auto whole = static_cast<std::uint32_t>(NLMSG_HDRLEN + sizeof(inet_diag_msg));
  EXPECT_EQ(read_diag(message(SOCK_DIAG_BY_FAMILY, whole, sizeof(inet_diag_msg)), true, into), false);
  EXPECT_EQ(into.size(), 1u);
  EXPECT_EQ(read_diag(message(NLMSG_DONE, 20, 4), true, into), true);
  EXPECT_FALSE(read_diag(message(NLMSG_ERROR, 36, 20), true, into));
  EXPECT_FALSE(read_diag(message(SOCK_DIAG_BY_FAMILY, 0, 100), true, into));
  EXPECT_FALSE(read_diag(message(NLMSG_NOOP, 0, 100), true, into));  // would be read for ever
  EXPECT_FALSE(read_diag(message(SOCK_DIAG_BY_FAMILY, 20, 4), true, into));
  EXPECT_FALSE(read_diag(message(SOCK_DIAG_BY_FAMILY, 5000, 100), true, into));
  EXPECT_EQ(read_diag("short", true, into), false);
  EXPECT_EQ(into.size(), 1u);
}

class Listener {
 public:
  Listener() : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(m_fd.get(), reinterpret_cast<sockaddr*>(&at), size) == 0 && ::listen(m_fd.get(), 1) == 0 &&
        ::getsockname(m_fd.get(), reinterpret_cast<sockaddr*>(&at), &size) == 0)
      m_port = ntohs(at.sin_port);
  }
  unsigned port() const { return m_port; }

 private:
  berth::Fd m_fd;
  unsigned m_port = 0;
};

TEST(Sockets, APortOfOurOwnIsFoundBothWaysAndIsOurs) {
  const Listener listener;
  ASSERT_NE(listener.port(), 0u);
  const auto is_it = [&](const Socket& one) {
    return one.tcp && one.local.port == listener.port() && is_listening(one);
  };
  const auto by_kernel = all_sockets(Trees());
  const auto by_text = sockets_of(Trees().proc.text("self/net/tcp").value_or(""), true, false);
  const auto one = std::find_if(by_kernel.begin(), by_kernel.end(), is_it),
             other = std::find_if(by_text.begin(), by_text.end(), is_it);
  ASSERT_NE(one, by_kernel.end());
  ASSERT_NE(other, by_text.end());
  EXPECT_EQ(one->inode, other->inode);
  EXPECT_EQ(one->local.address, other->local.address);
  EXPECT_EQ(one->state, other->state);
  EXPECT_EQ(one->user, other->user);
  const auto told = tell_ports(Trees(), {{"port", listener.port()}});
  ASSERT_EQ(told["ports"].size(), 1u) << told;
  EXPECT_EQ(told["ports"][0]["process"]["pid"], ::getpid());
  EXPECT_EQ(tell_ports(Trees(), {{"port", listener.port()}, {"protocol", "udp"}})["total"], 0);
  EXPECT_EQ(tell_connections(Trees(), {{"port", listener.port()}})["total"], 0);
}

// Newer kernels tell of it if they are asked for all, and it is in no table.
TEST(Sockets, WhatIsMerelyBoundIsNoConnection) {
  const berth::Fd bound(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ASSERT_EQ(::bind(bound.get(), reinterpret_cast<sockaddr*>(&at), size), 0);
  ASSERT_EQ(::getsockname(bound.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
  for (const auto& one : all_sockets(Trees()))
    EXPECT_FALSE(one.tcp && one.local.port == ntohs(at.sin_port)) << state_name(one.state);
}

}  // namespace
}  // namespace machine
