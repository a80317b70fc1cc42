// Messages with descriptors: how many go with one.
#include "channel.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace kernel {
namespace {

TEST(ChannelTest, MoreDescriptorsThanAMessageHoldsAreNotSent) {
  const auto pair = socket_pair(SOCK_SEQPACKET);
  EXPECT_FALSE(send(pair.mine.get(), "x", std::vector<int>(65, pair.mine.get())));
  EXPECT_EQ(send(pair.mine.get(), "x", std::vector<int>(64, pair.mine.get())), 1u);
  std::string bytes;
  std::vector<berth::Fd> fds;
  EXPECT_EQ(receive(pair.theirs.get(), 10, bytes, fds).got, Got::something);
  EXPECT_EQ(fds.size(), 64u);
}

}  // namespace
}  // namespace kernel
