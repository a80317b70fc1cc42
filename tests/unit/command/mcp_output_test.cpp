// What is said to a client that reads, reads late, never reads, or is gone.
#include "command/mcp_output.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <future>

namespace berth::command {
namespace {

using namespace std::chrono_literals;
using service::UniqueFd;

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    read = UniqueFd(ends[0]);
    write = UniqueFd(ends[1]);
  }
  std::string all() {  // until its writer has closed it
    std::string text;
    char block[4096];
    for (ssize_t got; (got = ::read(read.get(), block, sizeof block)) > 0;) text.append(block, std::size_t(got));
    return text;
  }
  UniqueFd read, write;
};

const std::string long_one(1u << 20, 'x');

TEST(McpOutput, SaysALineEachToOneThatReads) {
  Pipe out;
  McpOutput output(out.write.get(), -1, 0ms);
  auto read = std::async(std::launch::async, [&] { return out.all(); });
  EXPECT_TRUE(output.put("one"));
  EXPECT_TRUE(output.put(long_one));
  out.write = UniqueFd();
  EXPECT_EQ(read.get(), "one\n" + long_one + "\n");
}

TEST(McpOutput, IsEndedWhileItWaits) {
  Pipe out;
  McpOutput output(out.write.get(), -1, 0ms);
  auto put = std::async(std::launch::async, [&] { return output.put(long_one); });
  EXPECT_EQ(put.wait_for(50ms), std::future_status::timeout);
  output.end();
  EXPECT_FALSE(put.get());
  EXPECT_FALSE(output.lost());
  EXPECT_FALSE(output.put("more"));
}

TEST(McpOutput, WaitsForALingerOnceItsClientHasHungUp) {
  for (const bool is_socket : {false, true}) {
    Pipe out, in;
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    UniqueFd ours(pair[0]), theirs(pair[1]);
    McpOutput output(out.write.get(), is_socket ? ours.get() : in.read.get(), 10ms);
    ASSERT_EQ(::write(in.write.get(), "x", 1), 1);
    ASSERT_EQ(::write(theirs.get(), "x", 1), 1);
    auto put = std::async(std::launch::async, [&] { return output.put(long_one); });
    EXPECT_EQ(put.wait_for(50ms), std::future_status::timeout);
    in.write = UniqueFd();
    ::shutdown(theirs.get(), SHUT_WR);
    EXPECT_FALSE(put.get());
    EXPECT_TRUE(output.ended());
    EXPECT_FALSE(output.lost());
  }
}

TEST(McpOutput, IsLostWhenNobodyCanRead) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe out;
  McpOutput output(out.write.get(), -1, 0ms);
  out.read = UniqueFd();
  EXPECT_FALSE(output.put("one"));
  EXPECT_TRUE(output.lost());
}

}  // namespace
}  // namespace berth::command
