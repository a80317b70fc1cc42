// A connection that the client keeps for its next request, and requests that another thread gives up.
#include <gtest/gtest.h>

#include <future>
#include <semaphore>
#include <thread>

#include "command/client.hpp"
#include "unit/command/scripted_host.hpp"

namespace berth::command {
namespace {

using namespace std::chrono_literals;
using service::Result;
using test::answer;
using test::ScriptedHost;
using test::Wire;

Client::Target kept_at(const ScriptedHost& host) { return {host.url(), "", "", 10s}; }
std::string outcome_of(const Result<Client::Answer>& answer) {
  return answer ? "answer " + std::to_string(answer->status) : answer.error().code;
}

// The answer to each request says how many came before it on the same connection.
void count_requests(Wire& wire) {
  for (int count = 0; !wire.head().empty(); ++count)
    if (!wire.send(answer(200, std::to_string(count)))) return;
}

TEST(ClientKept, KeepsAConnectionIfItIsToldTo) {
  const ScriptedHost host(count_requests);
  Client client(kept_at(host));
  Client::Request keep{"GET", "/x"};
  keep.keep = true;
  for (const char* count : {"0", "1", "2"}) EXPECT_EQ(client.send(keep)->body, count);
}

TEST(ClientKept, MakesANewOneWhenTheHostHungUp) {
  std::counting_semaphore<> hung_up(0);
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    wire.send(answer(200, "0"));
    wire.end();
    hung_up.release();
  });
  Client client(kept_at(host));
  Client::Request keep{"GET", "/x"};
  keep.keep = true;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome_of(client.send(keep)), "answer 200");
    hung_up.acquire();
  }
}

TEST(ClientKept, SaysWhenTheRequestIsSentAndTheHeadIsThere) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(200, "body"));
  });
  std::string order;
  Client::Request request{"GET", "/x"};
  request.sent = [&] { order += "sent "; };
  request.head = [&](const Client::Answer& head) { order += std::to_string(head.status) + " "; };
  EXPECT_EQ(outcome_of(
                Client(kept_at(host)).send(request, [&](std::string_view bytes) { return !(order += bytes).empty(); })),
            "answer 200");
  EXPECT_EQ(order, "sent 200 body");
}

TEST(ClientKept, IsAbandonedFromAnotherThreadUntilItIsRenewed) {
  const ScriptedHost host([](Wire& wire) {
    if (wire.head().find("/slow") == std::string::npos)
      wire.send(answer(200, ""));
    else
      wire.to_the_end();
  });
  Client client(kept_at(host));
  Client::Request slow{"GET", "/slow"};
  std::future<void> other;
  slow.sent = [&] { other = std::async(std::launch::async, [&] { client.abandon(); }); };
  EXPECT_EQ(outcome_of(client.send(slow)), "abandoned");
  other.get();
  EXPECT_NE(outcome_of(client.send({"GET", "/x"})), "answer 200");
  client.renew();
  EXPECT_EQ(outcome_of(client.send({"GET", "/x"})), "answer 200");
}

}  // namespace
}  // namespace berth::command
