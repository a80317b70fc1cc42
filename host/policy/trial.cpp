// With a loop of its own, which ends with what it waits for.
#include "policy/trial.hpp"

#include <memory>
#include <utility>

#include "policy/roster.hpp"
#include "policy/runner.hpp"
#include "service/event_loop.hpp"

namespace berth::policy {

namespace {

constexpr std::chrono::milliseconds test_time{1000};  // of each test, on a processor

}  // namespace

Tried try_policy(const std::string& program, Source source, bool with_tests) {
  service::EventLoop loop;
  loop.adopt();
  Tried tried;
  const std::string name = source.name;
  Runner::Rules rules;
  if (with_tests) rules.deadline = test_time;
  const auto runner = std::make_shared<Runner>(loop, program, rules);
  const auto over = [&] { loop.context().stop(); };
  const auto frame = [&](std::string_view bytes) {
    if (kind_of(bytes) == FrameKind::loaded) {
      const auto facts = unpack_facts(bytes);
      if (!facts || facts->empty()) return over();
      tried.facts = facts->front();
      tried.failed = tried.facts.failed;
      if (!with_tests || !tried.failed.empty()) over();
    } else if (kind_of(bytes) == FrameKind::tested) {
      tried.tests = unpack_tested(bytes).value_or(std::vector<Tested>());
      over();
    }
  };
  const auto died = [&](const Runner::Death& death) {
    tried.failed = place_text(name, death.line) + ": " + death.how;
    over();
  };
  if (const auto error = runner->start({frame, died})) {
    tried.failed = error->message;
    return tried;
  }
  Loading loading;
  loading.memory = Policies{}.memory;
  loading.sources.push_back(std::move(source));
  runner->owes();
  runner->send(with_tests ? pack_test(loading) : pack(loading));
  loop.run();
  runner->end();
  return tried;
}

}  // namespace berth::policy
