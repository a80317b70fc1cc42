// With a loop of its own, which ends with what it waits for.
#include "policy/trial.hpp"

#include <memory>
#include <utility>

#include "policy/roster.hpp"
#include "policy/runner.hpp"
#include "service/event_loop.hpp"
#include "service/text.hpp"

namespace berth::policy {

namespace {

constexpr std::chrono::milliseconds test_time{1000};  // of each test, on a processor

}  // namespace

namespace {

// One policy, asked about one question after the other.
class CallTrial {
 public:
  CallTrial(const std::string& program, Source source, std::vector<Question> questions)
      : m_source(std::move(source)),
        m_questions(std::move(questions)),
        m_runner(std::make_shared<Runner>(m_loop, program, Runner::Rules{})) {}

  TriedCalls run() {
    m_loop.adopt();
    const auto died = [this](const Runner::Death& death) {
      end(place_text(m_source.name, death.line) + ": " + death.how);
    };
    if (const auto error = m_runner->start({[this](std::string_view frame) { hear(frame); }, died})) {
      m_tried.failed = error->message;
      return std::move(m_tried);
    }
    Loading loading;
    loading.memory = Policies{}.memory;
    loading.sources.push_back(m_source);
    m_runner->owes();
    m_runner->send(pack(loading));
    m_loop.run();
    m_runner->end();
    return std::move(m_tried);
  }

 private:
  void end(std::string why) {
    m_tried.failed = std::move(why);
    m_loop.context().stop();
  }

  void hear(std::string_view frame) {
    m_runner->answered(true);
    if (kind_of(frame) == FrameKind::loaded) {
      const auto loaded = unpack_loaded(frame);
      if (!loaded || loaded->facts.empty()) return end("what it says cannot be read");
      if (!loaded->facts.front().failed.empty()) return end(loaded->facts.front().failed);
      m_hooks = loaded->facts.front().hooks;
      return next();
    }
    if (kind_of(frame) == FrameKind::call) {  // nobody is there who could carry it out
      const auto waiting = unpack_waiting(frame);
      m_runner->owes();
      return m_runner->send(pack(Resumed{waiting ? waiting->id : 0, false, R"({"code":"not_there"})"}));
    }
    if (const auto answer = unpack_answer(frame)) {
      for (const auto& step : answer->steps) m_tried.judged.push_back({m_at - 1, step});
    }
    next();
  }

  void next() {
    while (m_at < m_questions.size()) {
      Question& question = m_questions[m_at++];
      question.id = m_at;
      for (std::uint64_t i = 0; i < m_hooks.size(); ++i) {
        if (m_hooks[i].kind == question.kind && m_hooks[i].fits(question.operation)) question.hooks.push_back({0, i});
      }
      if (question.hooks.empty()) continue;
      m_runner->owes();
      return m_runner->send(pack(question));
    }
    end({});
  }

  service::EventLoop m_loop;
  const Source m_source;
  std::vector<Question> m_questions;
  std::vector<Hook> m_hooks;
  std::size_t m_at = 0;  // the question that comes next
  TriedCalls m_tried;
  const std::shared_ptr<Runner> m_runner;
};

}  // namespace

TriedCalls try_calls(const std::string& program, Source source, std::vector<Question> questions) {
  return CallTrial(program, std::move(source), std::move(questions)).run();
}

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
      const auto loaded = unpack_loaded(bytes);
      if (!loaded || loaded->facts.empty()) return over();
      tried.facts = loaded->facts.front();
      tried.failed = tried.facts.failed;
      runner->answered(false);
      if (!with_tests || !tried.failed.empty() || tried.facts.tests == 0) over();
    } else if (kind_of(bytes) == FrameKind::tested) {  // one after the other, so that each has its time
      for (auto& one : unpack_tested(bytes).value_or(std::vector<Tested>())) tried.tests.push_back(std::move(one));
      runner->answered(false);
      if (tried.tests.size() >= tried.facts.tests) over();
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
