// Frames through a real socket: whole, in order, with their descriptors, whatever their size.
#include "loader/process/link.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

namespace berth::loader {
namespace {

class Ends : public testing::Test {
 protected:
  Ends() {
    m_loop.adopt();
    auto [one, other] = Link::pair();
    m_raw = other.get();
    m_one = std::make_shared<Link>(m_loop, std::move(one));
    m_other = std::make_shared<Link>(m_loop, std::move(other));
    m_one->open([](Frame) {}, [this] { m_closed = true; });
    m_other->open([this](Frame frame) { m_got.push_back(std::move(frame)); }, [this] { m_closed = true; });
  }
  ~Ends() override {
    m_one->close();
    m_other->close();
    m_loop.context().restart();
    m_loop.context().poll();
  }
  template <class Done>
  void turn_until(Done done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done() && std::chrono::steady_clock::now() < until)
      m_loop.context().run_one_for(std::chrono::milliseconds(50));
    ASSERT_TRUE(done());
  }

  service::EventLoop m_loop;
  std::shared_ptr<Link> m_one, m_other;
  int m_raw = -1;
  std::vector<Frame> m_got;
  bool m_closed = false;
};

TEST_F(Ends, CarryFramesOfEverySize) {
  const std::size_t sizes[] = {0, 1, 23, 24, 25, 4096, 65535, 65536, 65537, 1u << 20, 9u << 20, 3};
  std::uint64_t call = 0;
  for (const std::size_t size : sizes) {
    Frame frame{
        FrameKind::chunk, ++call, std::string(size % 100, 'f'), std::string(size, static_cast<char>('a' + call)), {}};
    EXPECT_TRUE(m_one->send(std::move(frame)));
  }
  turn_until([&] { return m_got.size() == std::size(sizes); });
  for (std::size_t i = 0; i < m_got.size(); ++i) {
    EXPECT_EQ(m_got[i].call, i + 1);
    EXPECT_EQ(m_got[i].fields, std::string(sizes[i] % 100, 'f'));
    EXPECT_EQ(m_got[i].data, std::string(sizes[i], static_cast<char>('a' + i + 1)));
  }
  EXPECT_EQ(m_one->unsent(), 0u);
}

TEST_F(Ends, KeepTheOrderOfManyThreads) {
  constexpr int threads = 4, each = 2000;
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([this, t] {
      for (int i = 0; i < each; ++i)
        m_one->send(
            {FrameKind::chunk, static_cast<std::uint64_t>(t), {}, std::to_string(i) + std::string(i % 500, '.'), {}});
    });
  }
  turn_until([&] { return m_got.size() == threads * each; });
  for (auto& writer : writers) writer.join();
  int next[threads] = {};
  for (const auto& frame : m_got) EXPECT_EQ(std::stoi(frame.data), next[frame.call]++);
}

// However much there is to read: a plugin that sends without end must not hold up the calls of others.
TEST_F(Ends, LeaveOthersTheirTurnInAFlood) {
  auto [one, other] = Link::pair();
  const auto sender = std::make_shared<Link>(m_loop, std::move(one)),
             taker = std::make_shared<Link>(m_loop, std::move(other));
  constexpr std::size_t frames = 2'000;
  std::size_t got = 0, turns = 0;
  bool over = false;
  const auto slowly = [&](Frame) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(20);
    while (std::chrono::steady_clock::now() < until) {
    }
    ++got;
  };
  const std::function<void()> another = [&] {
    ++turns;
    if (got < frames)
      m_loop.post(another);
    else
      over = true;
  };
  for (std::size_t i = 0; i < frames; ++i) ASSERT_TRUE(sender->send({FrameKind::note, i, "", "", {}}));
  ASSERT_EQ(sender->unsent(), 0u);
  m_loop.post(another);
  taker->open(slowly, [] {});
  turn_until([&] { return over; });
  EXPECT_GT(turns, frames / 20);
  sender->close();
  taker->close();
}

TEST_F(Ends, PassDescriptorsWithTheirFrames) {
  for (int i = 0; i < 40; ++i) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const service::UniqueFd reader(ends[0]);
    service::UniqueFd writer(ends[1]);
    ASSERT_EQ(::write(writer.get(), &i, sizeof i), static_cast<ssize_t>(sizeof i));
    Frame frame{FrameKind::invoke, static_cast<std::uint64_t>(i), {}, std::string(i % 3 * 50'000, 'x'), {}};
    if (i % 2 == 0) frame.fd = service::UniqueFd(::fcntl(reader.get(), F_DUPFD_CLOEXEC, 3));
    m_one->send(std::move(frame));
  }
  turn_until([&] { return m_got.size() == 40; });
  for (const auto& frame : m_got) {
    ASSERT_EQ(bool(frame.fd), frame.call % 2 == 0);
    int number = -1;
    if (!frame.fd) continue;
    EXPECT_EQ(::read(frame.fd.get(), &number, sizeof number), static_cast<ssize_t>(sizeof number));
    EXPECT_EQ(static_cast<std::uint64_t>(number), frame.call);
    EXPECT_TRUE(::fcntl(frame.fd.get(), F_GETFD) & FD_CLOEXEC);
  }
}

// Each keeps one of this process, of which there are few.
TEST_F(Ends, CountDescriptorsThatWait) {
  m_one->send({FrameKind::chunk, 1, {}, std::string(32u << 20, 'x'), {}});  // more than the socket takes
  const auto before = m_one->unsent();
  ASSERT_GT(before, 0u);
  for (int i = 0; i < 10; ++i)
    m_one->send({FrameKind::chunk, 2, {}, {}, service::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC))});
  EXPECT_GE(m_one->unsent(), before + 10 * Link::descriptor_weight);
  turn_until([&] { return m_got.size() == 11; });
  EXPECT_EQ(m_one->unsent(), 0u);
}

TEST_F(Ends, CopyWhatIsLentOnlyToTheNextLine) {
  std::string lent(8u << 20, 'l');
  Frame frame{FrameKind::invoke, 1, {}, {}, {}, lent};
  m_one->send(std::move(frame));
  lent.assign(lent.size(), 'x');  // the lender takes it back at once
  turn_until([&] { return m_got.size() == 1; });
  EXPECT_EQ(m_got[0].data, std::string(8u << 20, 'l'));
}

TEST_F(Ends, EndAtRubbish) {
  const std::string rubbish(100, '\xee');
  ASSERT_EQ(::send(m_raw, rubbish.data(), rubbish.size(), MSG_NOSIGNAL), 100);
  turn_until([&] { return m_closed; });
  EXPECT_TRUE(m_one->broke_rules());
}

TEST_F(Ends, GiveNoRoomForWhatIsOnlyAnnounced) {
  FrameHead head;
  head.kind = 1;
  head.data = most_data;
  ASSERT_EQ(::send(m_raw, &head, sizeof head, MSG_NOSIGNAL), static_cast<ssize_t>(sizeof head));
  m_loop.context().run_one_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(m_closed);
  EXPECT_FALSE(m_one->send({FrameKind::chunk, 1, {}, std::string(most_data + 1, 'x'), {}}));
  EXPECT_FALSE(m_one->send({FrameKind::chunk, 1, std::string(most_fields + 1, 'x'), {}, {}}));
}

TEST_F(Ends, EndAtMoreDescriptorsThanFrames) {
  FrameHead head;
  head.kind = static_cast<std::uint8_t>(FrameKind::chunk);
  head.data = 1u << 20;
  ASSERT_EQ(::send(m_raw, &head, sizeof head, MSG_NOSIGNAL), static_cast<ssize_t>(sizeof head));
  for (int i = 0; i < 20; ++i) {
    char byte = 'x';
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* about = CMSG_FIRSTHDR(&message);
    about->cmsg_level = SOL_SOCKET;
    about->cmsg_type = SCM_RIGHTS;
    about->cmsg_len = CMSG_LEN(8 * sizeof(int));
    for (int k = 0; k < 8; ++k) reinterpret_cast<int*>(CMSG_DATA(about))[k] = m_raw;
    ::sendmsg(m_raw, &message, MSG_NOSIGNAL);
  }
  turn_until([&] { return m_closed; });
  EXPECT_TRUE(m_one->broke_rules());
}

TEST_F(Ends, EndAtADescriptorThatIsMissing) {
  FrameHead head;
  head.kind = 1;
  head.has_fd = 1;
  ASSERT_EQ(::send(m_raw, &head, sizeof head, MSG_NOSIGNAL), static_cast<ssize_t>(sizeof head));
  turn_until([&] { return m_closed; });
}

TEST_F(Ends, TellWhenTheOtherSideIsGone) {
  m_other->close();
  turn_until([&] { return m_closed; });
  EXPECT_FALSE(m_one->broke_rules());
  EXPECT_FALSE(m_one->send({FrameKind::ping, 0, {}, {}, {}}));
}

TEST_F(Ends, MayBeClosedByAFrame) {
  m_other->close();
  auto [one, other] = Link::pair();
  const auto sender = std::make_shared<Link>(m_loop, std::move(one));
  const auto closer = std::make_shared<Link>(m_loop, std::move(other));
  int frames = 0;
  closer->open(
      [&](Frame) {
        ++frames;
        closer->close();
      },
      [] { FAIL() << "closed by itself"; });
  for (int i = 0; i < 3; ++i) sender->send({FrameKind::ping, 0, {}, {}, {}});
  turn_until([&] { return frames > 0; });
  m_loop.context().poll();
  EXPECT_EQ(frames, 1);
  sender->close();
}

}  // namespace
}  // namespace berth::loader
