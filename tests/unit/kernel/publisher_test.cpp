// Who does not read holds what is published back, for a while and within bounds.
#include "wire/publisher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace kernel::wire {
namespace {

using namespace std::chrono_literals;

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() {
    char name[] = "/tmp/berth-publisher.XXXXXX";
    m_folder = ::mkdtemp(name);
    m_loop.wait_for([this] {
      m_publisher = std::make_unique<Publisher>(m_loop, m_context, [this] { ++m_relieved; });
      m_publisher->bind("ipc://" + m_folder + "/p");
    });
  }
  ~PublisherTest() override {
    m_loop.wait_for([this] { m_publisher.reset(); });
    m_loop.end();
    std::filesystem::remove_all(m_folder);
  }

  // One that is heard of by the publisher once this returns.
  zmq::socket_t subscriber(const char* end) {
    zmq::socket_t socket(m_context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvhwm, 1);
    socket.set(zmq::sockopt::rcvtimeo, 100);
    socket.set(zmq::sockopt::subscribe, "");
    socket.connect("ipc://" + m_folder + "/p" + end);
    for (int i = 0; i < 200; ++i) {
      put("are you there?", Publisher::Kind::word);
      if (next(socket) != "") break;
    }
    while (next(socket) != "") {
    }
    return socket;
  }
  static std::string next(zmq::socket_t& socket) {
    zmq::message_t part;
    return socket.recv(part) ? part.to_string() : "";
  }
  void put(const std::string& text, Publisher::Kind kind) {
    m_loop.wait_for([&] { m_publisher->put({text}, kind); });
  }
  bool full() {
    bool full = false;
    m_loop.wait_for([&] { full = m_publisher->full(); });
    return full;
  }
  void fill() {
    for (int i = 0; i < 1000 && !full(); ++i) put(std::string(1 << 20, 'x'), Publisher::Kind::output);
    EXPECT_TRUE(full());
  }
  bool is_relieved_in_time() {
    for (int i = 0; i < 1500 && m_relieved == 0; ++i) std::this_thread::sleep_for(10ms);
    return m_relieved > 0;
  }

  std::string m_folder;
  zmq::context_t m_context;
  std::atomic<int> m_relieved{0};
  Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
  std::unique_ptr<Publisher> m_publisher;
};

TEST_F(PublisherTest, OutputsThatDoNotFitAreLeftOutAndWordsAreNot) {
  auto slow = subscriber("");
  fill();
  for (int i = 0; i < 40; ++i) put(std::string(1 << 20, 'x'), Publisher::Kind::output);
  put("the word", Publisher::Kind::word);
  std::size_t outputs = 0;
  std::string last;
  for (int i = 0; i < 100 && last != "the word"; ++i) {
    last = next(slow);
    if (last.size() == 1 << 20) ++outputs;
  }
  EXPECT_EQ(last, "the word");
  EXPECT_GE(outputs, 17u);  // the one that waited first, and 16 MiB behind it
  EXPECT_LT(outputs, 100u);
}

TEST_F(PublisherTest, WhoDoesNotReadIsCutOffAndOthersMissNothing) {
  const auto stuck = subscriber("");
  auto good = subscriber("");
  std::atomic<bool> over{false}, ended{false};
  std::size_t heard = 0;
  std::thread reader([&] {
    for (std::string text; text != "the word" && !over;)
      if ((text = next(good)).size() == 1 << 20) ++heard;
    ended = true;
  });
  std::size_t said = 0;
  for (; said < 1000 && !full(); ++said) put(std::string(1 << 20, 'x'), Publisher::Kind::output);
  EXPECT_TRUE(is_relieved_in_time());
  put("the word", Publisher::Kind::word);
  for (int i = 0; i < 3000 && !ended; ++i) std::this_thread::sleep_for(10ms);
  over = true;
  reader.join();
  EXPECT_EQ(heard, said);
}

// By TCP ZeroMQ's own port can be found, and who comes in there cannot be cut off.
TEST_F(PublisherTest, WhoCameInPastTheDoorHoldsNobodyForEver) {
  const auto stuck = subscriber(".in");
  auto good = subscriber("");
  fill();
  std::atomic<bool> over{false}, told{false};
  std::thread reader([&] {
    while (!told && !over) told = next(good) == "the word";
  });
  EXPECT_TRUE(is_relieved_in_time());
  for (int i = 0; i < 200 && !told; ++i) {
    put("the word", Publisher::Kind::word);
    std::this_thread::sleep_for(50ms);
  }
  over = true;
  reader.join();
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace kernel::wire
