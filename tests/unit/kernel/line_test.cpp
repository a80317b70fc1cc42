// One connection to a kernel: what is none is refused before it is touched, and the end of one is told once.
#include "foreign/line.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "channel.hpp"

namespace kernel::foreign {
namespace {

using namespace std::chrono_literals;

class LineTest : public testing::Test {
 protected:
  ~LineTest() override { m_loop.end(); }
  std::string refusal(berth::Fd fd) {
    std::string code;
    m_loop.wait_for([&] {
      try {
        Line(m_loop, std::move(fd), "DEALER", "me", {[](Zmtp::Came) {}, [](const std::string&) {}});
      } catch (const berth::Error& error) {
        code = error.code();
      }
    });
    return code;
  }
  Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
};

TEST_F(LineTest, OnlyAUnixStreamIsOne) {
  EXPECT_EQ(refusal(pipe_from().mine), "kernel_down");
  EXPECT_EQ(refusal(berth::Fd(::open("/dev/zero", O_RDONLY | O_CLOEXEC))), "kernel_down");
  EXPECT_EQ(refusal(berth::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))), "kernel_down");
  EXPECT_EQ(refusal(socket_pair(SOCK_SEQPACKET).mine), "kernel_down");
  EXPECT_EQ(refusal({}), "kernel_down");
  EXPECT_EQ(refusal(socket_pair(SOCK_STREAM).mine), "");
}

TEST_F(LineTest, ItsEndIsToldOnce) {
  auto pair = socket_pair(SOCK_STREAM);
  std::promise<std::string> why;  // a second time would throw
  std::unique_ptr<Line> line;
  m_loop.wait_for([&] {
    line = std::make_unique<Line>(m_loop, std::move(pair.mine), "DEALER", "me",
                                  Line::Ears{[](Zmtp::Came) {}, [&](const std::string& text) { why.set_value(text); }});
  });
  pair.theirs.close();
  auto told = why.get_future();
  ASSERT_EQ(told.wait_for(60s), std::future_status::ready);
  EXPECT_EQ(told.get(), "it closed its connection");
  m_loop.wait_for([&] {
    line->send({"to nobody"});
    line->drain();
  });
  m_loop.wait_for([&] { line.reset(); });
}

TEST_F(LineTest, WhatNobodyReadsIsBounded) {
  auto pair = socket_pair(SOCK_STREAM);
  std::promise<std::string> why;
  std::unique_ptr<Line> line;
  m_loop.wait_for([&] {
    line = std::make_unique<Line>(m_loop, std::move(pair.mine), "DEALER", "me",
                                  Line::Ears{[](Zmtp::Came) {}, [&](const std::string& text) { why.set_value(text); }});
  });
  std::string hello("\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL", 16);
  hello.resize(64, '\0');
  hello += std::string_view("\4\6\5READY", 8);
  ASSERT_EQ(::send(pair.theirs.get(), hello.data(), hello.size(), 0), static_cast<ssize_t>(hello.size()));
  for (bool up = false; !up;) m_loop.wait_for([&] { up = line->up(); });
  for (std::size_t sent = 0; sent <= Line::most_unsent + (8u << 20); sent += 4u << 20)
    m_loop.wait_for([&] { line->send({std::string(4u << 20, 'x')}); });
  EXPECT_EQ(why.get_future().get(), "it did not listen to what it was told");
  m_loop.wait_for([&] { line.reset(); });
}

}  // namespace
}  // namespace kernel::foreign
