// Threads of a bound, for what waits in another bound.
#include "command/mcp_workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <semaphore>

namespace berth::command {
namespace {

using namespace std::chrono_literals;

const Client::Target nowhere{"http://127.0.0.1:1", ""};

struct Gate {
  McpWorkers::Job job() {
    return [this](Client&) {
      entered.release();
      open.acquire();
      ++done;
    };
  }
  std::counting_semaphore<> entered{0}, open{0};
  std::atomic<int> done = 0;
};

TEST(McpWorkers, DoAtOnceWhatTheyCanAndTheRestLater) {
  Gate gate;
  McpWorkers workers(nowhere, 3, 100);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(workers.post(gate.job(), 1));
  for (int i = 0; i < 3; ++i) gate.entered.acquire();
  EXPECT_FALSE(gate.entered.try_acquire());
  workers.settle(std::chrono::steady_clock::now());  // returns, though they are at work
  gate.open.release(5);
  workers.settle(std::chrono::steady_clock::now() + 1min);
  EXPECT_EQ(gate.done, 5);
}

TEST(McpWorkers, HoldNoMoreThanTheyMay) {
  Gate gate;
  McpWorkers workers(nowhere, 2, 100);
  EXPECT_TRUE(workers.post(gate.job(), 1000));  // alone, whatever it is
  EXPECT_FALSE(workers.post(gate.job(), 1));
  gate.open.release(1);
  workers.settle(std::chrono::steady_clock::now() + 1min);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(workers.post(gate.job(), 25));
  EXPECT_FALSE(workers.post(gate.job(), 25));
  gate.open.release(4);
  workers.settle(std::chrono::steady_clock::now() + 1min);
  EXPECT_TRUE(workers.post(gate.job(), 100));
  gate.open.release(1);
}

TEST(McpWorkers, DropWhatWaitsAtTheEnd) {
  Gate gate;
  McpWorkers workers(nowhere, 1, 100);
  workers.post(gate.job(), 1);
  workers.post(gate.job(), 1);
  gate.entered.acquire();
  auto end = std::async(std::launch::async, [&] { workers.end(); });
  while (workers.post([](Client&) {}, 0)) std::this_thread::yield();
  gate.open.release(2);
  end.get();
  EXPECT_EQ(gate.done, 1);
}

TEST(McpWorkers, GiveEachJobAClientThatIsNotAbandoned) {
  McpWorkers workers(nowhere, 1, 100);
  workers.post([](Client& client) { client.abandon(); }, 1);
  std::string code;
  workers.post([&code](Client& client) { code = client.send({"GET", "/"}).error().code; }, 1);
  workers.settle(std::chrono::steady_clock::now() + 1min);
  EXPECT_EQ(code, "unreachable");
}

}  // namespace
}  // namespace berth::command
