// What becomes of requests that the client gives up, in either era.
#include <atomic>
#include <semaphore>

#include "unit/command/mcp_client.hpp"

namespace berth::command {
namespace {

using namespace berth::test;

TEST(McpCancel, LeavesWhatIsCancelledInTheNewEra) {
  std::counting_semaphore<> asked_for(0), left(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (!is_call(asked, "silent")) return usual(wire, asked);
    asked_for.release();
    wire.to_the_end();  // ten seconds at most
    left.release();
    return false;
  });
  McpClient client(host.url());
  client.ask_modern(1, "tools/call", tool("silent"));
  asked_for.acquire();
  client.tell("notifications/cancelled", {{"requestId", 1}});
  EXPECT_TRUE(left.try_acquire_for(5s));
  client.ask_modern(2, "tools/list");
  client.hear(2);
  EXPECT_EQ(client.answers(1), 0u);
}

TEST(McpCancel, TellsOfWhatIsCancelledBeforeUntilItEnds) {
  std::counting_semaphore<> asked_for(0), over(0);
  std::atomic<int> told = 0;
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() == "notifications/cancelled" && ++told == 2) over.release();  // the first came too early
    if (!is_call(asked, "silent")) return usual(wire, asked);
    asked_for.release();
    over.acquire();
    return wire.send(answer(202, ""));
  });
  McpClient client(host.url());
  client.begin();
  client.ask(1, "tools/call", tool("silent"));
  asked_for.acquire();
  client.tell("notifications/cancelled", {{"requestId", 1}});
  client.ask(1, "tools/call", tool("another"));  // the host hears of it once the first is over
  client.hear(1);
  EXPECT_GE(told, 2);
  EXPECT_EQ(client.answers(1), 1u);
}

TEST(McpCancel, SendsNothingThatWasCancelledWhileItWaited) {
  std::counting_semaphore<> go_on(0);
  std::atomic<bool> sent = false;
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (is_call(asked, "slow")) go_on.acquire();
    if (is_call(asked, "cancelled")) sent = true;
    return usual(wire, asked);
  });
  McpClient client(host.url(), 1);
  client.ask_modern(1, "tools/call", tool("slow"));
  client.ask_modern(2, "tools/call", tool("cancelled"));
  client.ask_modern(3, "tools/call", tool("last"));
  client.ask("p", "ping");
  client.hear("p");  // it does not wait behind a long call
  EXPECT_EQ(client.answers(1), 0u);
  client.tell("notifications/cancelled", {{"requestId", 2}});
  go_on.release();
  client.hear(3);
  EXPECT_FALSE(sent);
  EXPECT_EQ(client.answers(1), 1u);
  EXPECT_EQ(client.answers(2), 0u);
}

TEST(McpCancel, AnswersNothingThatIsCancelledThoughTheHostDoes) {
  std::counting_semaphore<> asked_for(0), cancelled(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (asked.method() == "notifications/cancelled") cancelled.release();
    if (!is_call(asked, "late")) return usual(wire, asked);
    asked_for.release();
    cancelled.acquire();
    return usual(wire, asked);
  });
  McpClient client(host.url());
  client.begin();
  client.ask(1, "tools/call", tool("late"));
  asked_for.acquire();
  client.tell("notifications/cancelled", {{"requestId", 1}});
  client.ask(1, "tools/list");  // waits for the end of the first
  client.hear(1);
  client.finish(1min);
  EXPECT_EQ(client.answers(1), 1u);
}

TEST(McpCancel, LeavesWhatGoesOnThoughItIsCancelled) {
  std::counting_semaphore<> asked_for(0), left(0);
  const McpHost host([&](Wire& wire, const Asked& asked) {
    if (!is_call(asked, "stubborn")) return usual(wire, asked);
    asked_for.release();
    wire.to_the_end();  // ten seconds at most
    left.release();
    return false;
  });
  McpClient client(host.url(), 1);
  client.begin();
  client.ask(1, "tools/call", tool("stubborn"));
  asked_for.acquire();
  client.tell("notifications/cancelled", {{"requestId", 1}});
  EXPECT_TRUE(left.try_acquire_for(8s));
  client.ask(2, "tools/list");
  client.hear(2);
  EXPECT_EQ(client.answers(1), 0u);
}

}  // namespace
}  // namespace berth::command
