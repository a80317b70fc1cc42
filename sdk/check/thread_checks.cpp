// concurrent: sixteen clients at once. Calls that are not declared concurrent come one after the other, as the host
// sees to it; the others beside each other.
#include <atomic>
#include <thread>
#include <vector>

#include "checks.hpp"
#include "play.hpp"

namespace berth::check {

namespace {

constexpr int clients = 16;

struct Tally {
  std::atomic<int> calls{0}, open{0}, errors{0};
  std::mutex mutex;
  std::string first;
};

void be_client(const Subject& subject, Trial& trial, const std::vector<Json>& inputs, int number, Tally& tally) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(8);
  const int rounds = subject.options.quick ? 4 : 16;
  for (int i = 0; i < rounds && tally.open == 0 && std::chrono::steady_clock::now() < end; ++i) {
    const Json& input = inputs[static_cast<std::size_t>(number + i) % inputs.size()];
    const Played played = play(trial, subject.declared(), input, Milliseconds(300));
    ++tally.calls;
    if (!played.over) ++tally.open;
    if (played.cancelled || !is_plugin_error(played.answer) || tally.errors++ > 0) continue;
    const std::lock_guard<std::mutex> lock(tally.mutex);
    tally.first = reason_of(trial, played.answer);
  }
}

}  // namespace

void check_concurrent(const Subject& subject) {
  const auto inputs = subject.inputs().make(8);
  if (inputs.empty()) return subject.skip("concurrent", "no input could be made");
  subject.doing("calling " + subject.operation + " from 16 threads");
  Trial trial(subject.api, subject.config);
  Tally tally;
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) threads.emplace_back([&, i] { be_client(subject, trial, inputs, i, tally); });
  for (auto& thread : threads) thread.join();
  trial.end();
  report_breaches(subject, trial.breaches());
  const std::string calls = std::to_string(tally.calls) + " calls of 16 clients";
  if (tally.open > 0)
    return subject.fail("concurrent", std::to_string(tally.open) + " of " + calls + " were never answered",
                        "look for a lock held while answering, and for state that the calls share");
  if (tally.errors > 0)
    return subject.fail("concurrent", std::to_string(tally.errors) + " of " + calls + " failed: " + tally.first,
                        "guard what concurrent calls share with a mutex");
  subject.ok("concurrent", calls + (subject.is("concurrent") ? ", beside each other" : ", one after the other"));
}

}  // namespace berth::check
