// Bytes go through as they came, both ways; an end on one side is an end on the other; a place that is taken is said.
#include "command/relay.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace berth::command {
namespace {

class RelayTest : public testing::Test {
 protected:
  RelayTest() {
    std::string name = (std::filesystem::temp_directory_path() / "berth-relay-XXXXXX").string();
    m_folder = ::mkdtemp(name.data());
  }
  ~RelayTest() override { std::filesystem::remove_all(m_folder); }
  std::string path(const char* name) const { return m_folder + "/" + name; }
  static Place place(const std::string& path) { return {path, {}, 0}; }

  static int open(const std::string& path, bool listening) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const auto* raw = reinterpret_cast<const sockaddr*>(&address);
    const bool worked = listening ? ::bind(fd, raw, sizeof address) == 0 && ::listen(fd, 5) == 0
                                  : ::connect(fd, raw, sizeof address) == 0;
    EXPECT_TRUE(worked) << path << ": " << std::strerror(errno);
    const timeval patience{30, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
  }
  static std::string all_of(int fd, std::size_t size) {
    std::string all(size, '\0');
    const auto got = ::recv(fd, all.data(), size, MSG_WAITALL);
    all.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return all;
  }

  std::string m_folder;
};

TEST_F(RelayTest, JoinsEachPlaceWithItsOwn) {
  Relay relay;
  ASSERT_FALSE(relay.listen(place(path("a"))));
  ASSERT_FALSE(relay.listen(place(path("b"))));
  const int to_a = open(path("far-a"), true), to_b = open(path("far-b"), true);
  const int early = open(path("b"), false);  // before anything is taken there
  ASSERT_EQ(::send(early, "early", 5, 0), 5);
  relay.start({place(path("far-a")), place(path("far-b"))});
  const int b = ::accept(to_b, nullptr, nullptr);
  EXPECT_EQ(all_of(b, 5), "early");
  const int near = open(path("a"), false), a = ::accept(to_a, nullptr, nullptr);
  const std::string much(100'000, 'x');
  ASSERT_EQ(::send(a, much.data(), much.size(), 0), static_cast<ssize_t>(much.size()));
  EXPECT_EQ(all_of(near, much.size()), much);
  ::close(near);
  EXPECT_EQ(all_of(a, 1), "");  // its end
  ::close(b);
  EXPECT_EQ(all_of(early, 1), "");
  for (const int fd : {to_a, to_b, early, a}) ::close(fd);
}

TEST_F(RelayTest, WhoCannotBeJoinedIsHungUpOn) {
  Relay relay;
  ASSERT_FALSE(relay.listen(place(path("a"))));
  relay.start({place(path("nobody"))});
  const int near = open(path("a"), false);
  EXPECT_EQ(all_of(near, 1), "");
  ::close(near);
}

TEST_F(RelayTest, TakesWhatWasLeftAndNothingElse) {
  ::close(open(path("left"), true));  // nobody answers there any more
  const int used = open(path("used"), true);
  Relay relay;
  EXPECT_FALSE(relay.listen(place(path("left"))));
  EXPECT_EQ(relay.listen(place(path("used")))->code, "no_port");
  EXPECT_EQ(relay.listen(place(m_folder))->code, "no_port");
  EXPECT_TRUE(std::filesystem::exists(path("used")));
  ::close(used);
}

TEST_F(RelayTest, WhatTheFarEndSaysLastIsPassedOn) {
  for (int i = 0; i < 50; ++i) {
    Relay relay;
    ASSERT_FALSE(relay.listen(place(path("a"))));
    const int to_a = open(path("far-a"), true);
    relay.start({place(path("far-a"))});
    const int near = open(path("a"), false), far = ::accept(to_a, nullptr, nullptr);
    ASSERT_EQ(::send(near, "unheard", 7, 0), 7);
    const std::string last(100'000, 'x');
    ASSERT_EQ(::send(far, last.data(), last.size(), 0), static_cast<ssize_t>(last.size()));
    ::close(far);
    relay.finish(std::chrono::seconds(30));
    EXPECT_EQ(all_of(near, last.size()), last);
    for (const int fd : {to_a, near}) ::close(fd);
    std::filesystem::remove(path("far-a"));
  }
}

TEST_F(RelayTest, NobodyIsWaitedForWithoutEnd) {
  Relay relay;
  ASSERT_FALSE(relay.listen(place(path("a"))));
  relay.finish(std::chrono::seconds(30));  // it has not begun
  const int to_a = open(path("far-a"), true);
  relay.start({place(path("far-a"))});
  const int near = open(path("a"), false), far = ::accept(to_a, nullptr, nullptr);
  relay.finish(std::chrono::milliseconds(20));
  for (const int fd : {to_a, near, far}) ::close(fd);
}

TEST_F(RelayTest, LeavesNoSocketBehind) {
  {
    Relay relay;
    ASSERT_FALSE(relay.listen(place(path("a"))));
    EXPECT_TRUE(std::filesystem::exists(path("a")));
  }
  EXPECT_FALSE(std::filesystem::exists(path("a")));
}

TEST_F(RelayTest, ClearsItsSocketsWhileItRuns) {
  Relay relay;
  ASSERT_FALSE(relay.listen(place(path("a"))));
  relay.start({place(path("nobody"))});
  relay.clear();
  EXPECT_FALSE(std::filesystem::exists(path("a")));
}

}  // namespace
}  // namespace berth::command
