// ZeroMQ's bytes, spoken with libzmq at the other end; and what comes from who only says that it speaks them.
#include "foreign/zmtp.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include <berth/fd.hpp>

namespace kernel::foreign {
namespace {

using wire::Frames;

constexpr int patience_ms = 60'000;

class ZmtpTest : public testing::Test {
 protected:
  ZmtpTest() {
    std::string name = (std::filesystem::temp_directory_path() / "berth-zmtp-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for a test");
    m_folder = name;
  }
  ~ZmtpTest() override { std::filesystem::remove_all(m_folder); }

  zmq::socket_t bound(zmq::socket_type type) {
    zmq::socket_t socket(m_context, type);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, patience_ms);
    socket.bind("ipc://" + path());
    return socket;
  }
  std::string path() const { return m_folder + "/s"; }

 private:
  std::string m_folder;
  zmq::context_t m_context;
};

class Dialler {
 public:
  Dialler(const std::string& path, const char* type, const char* identity = "", const Frames& early = {})
      : m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), m_zmtp(type, identity) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    if (::connect(m_fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) ADD_FAILURE() << "no connection";
    if (!early.empty()) m_zmtp.put(early);
    while (!m_zmtp.up() && turn()) continue;
    flush();
  }
  void send(const Frames& frames) {
    m_zmtp.put(frames);
    flush();
  }
  Zmtp::Came next() {
    for (;;) {
      if (auto came = m_zmtp.next()) return std::move(*came);
      if (!turn()) return {};
    }
  }

 private:
  void flush() {
    auto& unsent = m_zmtp.unsent();
    while (!unsent.empty()) {
      const ssize_t sent = ::send(m_fd.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0);
      unsent.erase(0, static_cast<std::size_t>(sent));
    }
  }
  bool turn() {
    flush();
    pollfd one{m_fd.get(), POLLIN, 0};
    if (::poll(&one, 1, patience_ms) <= 0) return ADD_FAILURE() << "nothing came", false;
    char bytes[65536];
    const ssize_t got = ::recv(m_fd.get(), bytes, sizeof bytes, 0);
    if (got <= 0 || !m_zmtp.feed({bytes, static_cast<std::size_t>(got)})) return ADD_FAILURE() << "it broke off", false;
    flush();
    return true;
  }
  berth::Fd m_fd;
  Zmtp m_zmtp;
};

Frames received(zmq::socket_t& socket) {
  std::vector<zmq::message_t> parts;
  if (!zmq::recv_multipart(socket, std::back_inserter(parts))) return {};
  Frames frames;
  for (const auto& one : parts) frames.push_back(one.to_string());
  return frames;
}

void sent(zmq::socket_t& socket, const Frames& frames) {
  std::vector<zmq::const_buffer> parts;
  for (const auto& one : frames) parts.push_back(zmq::buffer(one));
  ASSERT_TRUE(zmq::send_multipart(socket, parts));
}

TEST_F(ZmtpTest, ADealerIsKnownByItsIdentity) {
  auto router = bound(zmq::socket_type::router);
  Dialler dialler(path(), "DEALER", "it is me");
  dialler.send({"a", "", std::string(70'000, 'x')});
  EXPECT_EQ(received(router), (Frames{"it is me", "a", "", std::string(70'000, 'x')}));
  sent(router, {"it is me", "b", "", std::string(255, 'y'), std::string(256, 'z')});
  EXPECT_EQ(dialler.next().frames, (Frames{"b", "", std::string(255, 'y'), std::string(256, 'z')}));
}

TEST_F(ZmtpTest, WhatIsSaidTooEarlyWaits) {
  auto router = bound(zmq::socket_type::router);
  Dialler dialler(path(), "DEALER", "me", {"at once"});
  EXPECT_EQ(received(router), (Frames{"me", "at once"}));
}

TEST_F(ZmtpTest, ASubscriberHearsAllThatIsPublished) {
  auto publisher = bound(zmq::socket_type::xpub);
  Dialler dialler(path(), "SUB");
  EXPECT_EQ(received(publisher), (Frames{std::string("\1", 1)}));  // it has subscribed
  for (int i = 0; i < 500; ++i) sent(publisher, {"topic", std::to_string(i)});
  for (int i = 0; i < 500; ++i) ASSERT_EQ(dialler.next().frames, (Frames{"topic", std::to_string(i)}));
}

TEST_F(ZmtpTest, WhatIsTooLargeIsLeftOutAndWhatFollowsIsHeard) {
  auto router = bound(zmq::socket_type::router);
  Dialler dialler(path(), "DEALER", "me");
  sent(router, {"me", "a", std::string(Zmtp::most_bytes, 'x'), "b"});
  sent(router, {"me", "c"});
  auto came = dialler.next();
  EXPECT_TRUE(came.left_out);
  EXPECT_TRUE(came.frames.empty());
  came = dialler.next();
  EXPECT_FALSE(came.left_out);
  EXPECT_EQ(came.frames, (Frames{"c"}));
}

// A peer that only sends: a greeting, READY, and then what a test wants.
class Stranger {
 public:
  Stranger() {
    std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL", 16);
    greeting.resize(64, '\0');
    m_zmtp.feed(greeting);
    m_zmtp.feed(std::string_view("\4\6\5READY", 8));
  }
  bool feed(std::string_view bytes) { return m_zmtp.feed(bytes); }
  std::optional<Zmtp::Came> next() { return m_zmtp.next(); }
  bool up() const { return m_zmtp.up(); }

 private:
  Zmtp m_zmtp{"DEALER", "me"};
};

TEST(ZmtpStrangerTest, WhoDoesNotSpeakItIsNotHeard) {
  const auto refused = [](std::string bytes) {
    Zmtp zmtp("DEALER", "");
    bytes.resize(std::max<std::size_t>(bytes.size(), 64), '\0');
    return !zmtp.feed(bytes) && !zmtp.feed("more") && !zmtp.next();
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("HTTP/1.1 400 Bad Request\r\n\r\n"));
  EXPECT_TRUE(refused(std::string("\xff\0\0\0\0\0\0\0\1\x7f\2\0NULL", 16)));   // version 2
  EXPECT_TRUE(refused(std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\0PLAIN", 17)));  // it wants a password
}

TEST(ZmtpStrangerTest, MessagesComeInAnyPieces) {
  Stranger stranger;
  ASSERT_TRUE(stranger.up());
  for (const char one : std::string("\1\1a\2\0\0\0\0\0\0\0\2bc\0\0", 16)) ASSERT_TRUE(stranger.feed({&one, 1}));
  for (const Frames& wanted : {Frames{"a", "bc"}, Frames{""}}) {
    const auto came = stranger.next();
    ASSERT_TRUE(came);
    EXPECT_EQ(came->frames, wanted);
  }
  EXPECT_FALSE(stranger.next());
}

TEST(ZmtpStrangerTest, NonsenseEndsIt) {
  for (const auto& bytes : {std::string("\x08\1a", 3), std::string("\xff\xff", 2), std::string("\5\1a", 3),
                            std::string("\6\0\0\0\1\0\0\0\0", 9), std::string("\4\6\5ERROR", 8)}) {
    Stranger stranger;
    EXPECT_FALSE(stranger.feed(bytes + std::string(16, '\0'))) << testing::PrintToString(bytes);
    EXPECT_FALSE(stranger.next());
  }
  Zmtp before("DEALER", "");
  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL", 16);
  greeting.resize(64, '\0');
  EXPECT_FALSE(before.feed(greeting + std::string("\0\1a", 3)));  // before it said who it is
}

TEST(ZmtpStrangerTest, FramesWithoutEndAreNotKept) {
  Stranger stranger;
  for (int i = 0; i < 2'000'000; ++i) ASSERT_TRUE(stranger.feed(std::string_view("\1\0", 2)));
  ASSERT_TRUE(stranger.feed(std::string_view("\0\0", 2)));
  const auto came = stranger.next();
  ASSERT_TRUE(came);
  EXPECT_TRUE(came->left_out);
  // Neither is one that is announced as larger than the world.
  ASSERT_TRUE(stranger.feed("\2\xff\xff\xff\xff\xff\xff\xff\xff"));
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(stranger.feed(std::string(1u << 20, 'x')));
  EXPECT_FALSE(stranger.next());
}

}  // namespace
}  // namespace kernel::foreign
