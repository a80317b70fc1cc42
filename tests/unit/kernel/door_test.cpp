// Who comes in by a door, and who does not.
#include "wire/door.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <berth/fd.hpp>

namespace kernel::wire {
namespace {

using namespace std::chrono_literals;
using berth::Fd;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

void be_patient(const Fd& fd) {
  const timeval most{20, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
}

// What would be ZeroMQ's socket is the test's own, so that it sees each byte.
class DoorTest : public testing::Test {
 protected:
  DoorTest() {
    char name[] = "/tmp/berth-door.XXXXXX";
    folder = ::mkdtemp(name);
    inner = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    be_patient(inner);
    const auto at = address_of(path(".in"));
    EXPECT_EQ(::bind(inner.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(inner.get(), 100), 0);
    loop.wait_for([this] { door = std::make_unique<Door>(loop, end(""), end(".in")); });
  }
  ~DoorTest() override {
    loop.wait_for([this] { door.reset(); });
    loop.end();
    std::filesystem::remove_all(folder);
  }

  std::string path(const char* which) const { return folder + "/door" + which; }
  Door::Protocol::endpoint end(const char* which) const {
    return boost::asio::local::stream_protocol::endpoint(path(which));
  }
  Fd client() const {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    be_patient(fd);
    const auto at = address_of(path(""));
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    return fd;
  }
  Fd server() const {
    Fd fd(::accept4(inner.get(), nullptr, nullptr, SOCK_CLOEXEC));
    be_patient(fd);
    return fd;
  }
  static void say(const Fd& to, const std::string& text) {
    EXPECT_EQ(::send(to.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  static std::string hear(const Fd& from, std::size_t size) {
    std::string text(size, '\0');
    const auto got = ::recv(from.get(), text.data(), size, MSG_WAITALL);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return got < 0 && errno == EAGAIN ? "nothing" : text;
  }
  bool cut() {
    bool any = false;
    loop.wait_for([&] { any = door->cut_off_slow(); });
    return any;
  }
  // Until no more goes in, for a while.
  static void fill(const Fd& to) {
    const std::string much(64 << 10, 'y');
    for (int quiet = 0; quiet < 50;) {
      if (::send(to.get(), much.data(), much.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) {
        quiet = 0;
      } else {
        std::this_thread::sleep_for(1ms);
        ++quiet;
      }
    }
  }

  std::string folder;
  Fd inner;
  Loop loop{[](const char* what) { ADD_FAILURE() << what; }};
  std::unique_ptr<Door> door;
};

TEST_F(DoorTest, PassesOnBothWays) {
  const Fd here = client(), there = server();
  say(here, "hello");
  EXPECT_EQ(hear(there, 5), "hello");
  say(there, "you");
  EXPECT_EQ(hear(here, 3), "you");
}

TEST_F(DoorTest, WhatIsSaidLastArrives) {
  const Fd here = client();
  Fd there = server();
  say(there, std::string(100'000, 'x'));
  loop.wait_for([this] { door.reset(); });
  there.close();
  EXPECT_EQ(hear(here, 100'001), std::string(100'000, 'x'));
}

TEST_F(DoorTest, AfterItsEndNobodyComesIn) {
  loop.wait_for([this] { door.reset(); });
  const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto at = address_of(path(""));
  EXPECT_NE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
}

TEST_F(DoorTest, WhoDoesNotReadIsCutOffAndOthersAreNot) {
  const Fd slow = client(), its = server();
  const Fd good = client(), other = server();
  EXPECT_FALSE(cut());
  fill(its);
  hear(slow, 1000);  // a little is not enough
  EXPECT_TRUE(cut());
  EXPECT_EQ(hear(its, 1), "");  // nobody is there any more
  EXPECT_FALSE(cut());          // and it is cut off once
  say(other, "still");
  EXPECT_EQ(hear(good, 5), "still");
  while (hear(slow, 64 << 10).size() == 64 << 10) {  // it reads again: what had been taken, and then the end
  }
  EXPECT_EQ(hear(slow, 1), "");
}

TEST_F(DoorTest, NotMoreThanItMayHave) {
  std::vector<Fd> clients, servers;
  for (std::size_t i = 0; i < Door::most_clients; ++i) {
    clients.push_back(client());
    servers.push_back(server());
  }
  EXPECT_EQ(hear(client(), 1), "");
  clients.pop_back();
  EXPECT_EQ(hear(servers.back(), 1), "");
  servers.pop_back();
  clients.push_back(client());
  servers.push_back(server());
  say(clients.back(), "in");
  EXPECT_EQ(hear(servers.back(), 2), "in");
}

TEST_F(DoorTest, WithoutDescriptorsNobodyComesIn) {
  rlimit before{}, few{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  few = before;
  const Fd lowest(::dup(0));
  few.rlim_cur = static_cast<rlim_t>(lowest.get()) + Door::spare_descriptors;
  ::setrlimit(RLIMIT_NOFILE, &few);
  const Fd late = client();
  const auto heard = hear(late, 1);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(heard, "");
}

}  // namespace
}  // namespace kernel::wire
