// From a call to a question, and from its answer to a verdict.
#include "policy/engine.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::policy {

using service::Error;
using session::Scope;

namespace {

constexpr std::string_view approvals_prefix = "host.approval";  // whoever answers must not have to be approved first
constexpr std::size_t most_timers = 1024;

bool is_exempt(const Asked& asked) {
  return asked.scope == Scope::open || asked.asker.of_policy || asked.operation.starts_with(approvals_prefix);
}

const char* withheld(HookKind kind) {
  return kind == HookKind::after ? "; the operation was carried out, its answer is withheld" : "";
}

Error denial(const Step& step, const std::string& policy, const Question& question) {
  const bool later = step.seconds > 0;
  Error error{403, "denied",
              "the policy " + policy + " (" + place_text(policy, step.line) + ") denies " + question.operation +
                  (step.words.empty() ? std::string() : ": " + step.words) + withheld(question.kind),
              later ? "wait as long as Retry-After says" : "whoever runs this host can change that policy"};
  if (later) {
    error.status = 429;
    error.retry_after = std::chrono::seconds(static_cast<std::int64_t>(std::ceil(step.seconds)));
  }
  if (step.status >= 400 && step.status <= 599) error.status = static_cast<int>(step.status);
  return error;
}

}  // namespace

Engine::Engine(Around around)
    : m_around(std::move(around)),
      m_ledger({m_around.loop, [this](std::function<void()> job) { return m_around.pool.run(std::move(job)); },
                [this](const Error& why) {
                  say(service::Level::error, "what policies keep could not be written anew, which is tried again",
                      {{"reason", why.message}});
                }}),
      m_approvals(m_around.loop, m_around.clock, m_around.events),
      m_roster(std::make_shared<Roster>(Policies{})),
      m_patience(m_around.loop.context()),
      m_last_word(m_around.loop.context()),
      m_timers(
          m_around.loop, [](const std::function<void()>& run) { run(); }, most_timers) {}

Engine::~Engine() { end(); }

bool Engine::asks_before(const Asked& asked) {
  if (m_roster->size() == 0 || is_exempt(asked)) return false;
  const auto& plan = m_roster->plan(asked.operation);
  return !plan.before.empty() || (asked.scope != Scope::read && silent_among(plan.after));
}

bool Engine::asks_after(const Asked& asked) {
  if (m_roster->size() == 0 || is_exempt(asked)) return false;
  return !m_roster->plan(asked.operation).after.empty();
}

namespace {

Question question_of(const Asked& asked, HookKind kind) {
  Question question;
  question.kind = kind;
  question.closed = asked.scope != Scope::read;
  question.session = asked.asker.session;
  question.operation = asked.operation;
  question.caller = asked.asker.who.name;
  question.scope = session::name_of(asked.scope);
  question.request = asked.asker.request_id;
  question.input = asked.input;
  return question;
}

}  // namespace

std::uint64_t Engine::before(const Asked& asked, Heard heard) {
  return ask({question_of(asked, HookKind::before), std::move(heard)});
}

std::uint64_t Engine::after(const Asked& asked, const Outcome& outcome, Heard heard) {
  Pending pending{question_of(asked, HookKind::after), std::move(heard)};
  pending.question.output = outcome.output;
  pending.question.status = static_cast<std::uint64_t>(outcome.status);
  pending.question.bytes = outcome.bytes;
  pending.question.took_us = static_cast<std::uint64_t>(outcome.took.count());
  return ask(std::move(pending));
}

std::uint64_t Engine::ask(Pending pending) {
  const std::uint64_t id = pending.question.id = ++m_last;
  pending.question.turn = m_around.turn(pending.question.session).value_or(0);
  Pending& mine = m_pending.emplace(id, std::move(pending)).first->second;
  put(mine);
  return id;
}

// Which hooks it is for.
void Engine::plan(Pending& pending) {
  Question& question = pending.question;
  if (question.kind == HookKind::before) question.hooks = m_roster->plan(question.operation).before;
  if (question.kind == HookKind::after) question.hooks = m_roster->plan(question.operation).after;
  std::erase_if(question.hooks,
                [&](const Place& place) { return pending.spared.contains(m_roster->name(place.script)); });
}

// The first script there that is broken, or rests after it has hung.
std::optional<std::uint64_t> Engine::silent_among(const std::vector<Place>& hooks) const {
  const auto now = m_around.clock.now();
  for (const auto& place : hooks) {
    if (m_roster->is_silent(place.script, now)) return place.script;
  }
  return std::nullopt;
}

// What a silent policy would have been asked is refused, or spared it; a call that it would have been asked about
// afterwards does not begin.
std::optional<Verdict> Engine::resting(Pending& pending) {
  auto& question = pending.question;
  const auto now = m_around.clock.now();
  auto silent = silent_among(question.hooks);
  if (!silent && question.kind == HookKind::before && question.closed)
    silent = silent_among(m_roster->plan(question.operation).after);
  if (!silent) return std::nullopt;
  if (!question.closed) {
    std::erase_if(question.hooks, [&](const Place& place) { return m_roster->is_silent(place.script, now); });
    return std::nullopt;
  }
  const std::string& broken = m_roster->broken(*silent);
  const std::string why = broken.empty() ? "it hung again and again, and is not asked for a while" : broken;
  Error error = failure(*silent, 0, why, question.kind);
  note(question, {{m_roster->name(*silent), StepKind::failed, 0, why}});
  const auto until = m_roster->resting(*silent, now);
  if (until && question.kind == HookKind::before)
    error.retry_after = std::chrono::ceil<std::chrono::seconds>(*until - now);
  return Verdict{std::move(error), {}, {}, {}};
}

void Engine::put(Pending& pending) {
  const std::uint64_t id = pending.question.id;
  plan(pending);
  if (auto verdict = resting(pending)) return give(id, std::move(*verdict));
  if (pending.question.hooks.empty()) return give(id, {});
  if (!m_runner) return;  // asked when it is there
  const std::string frame = pack(pending.question);
  if (frame.size() > most_frame)
    return give(id, {unjudged(pending.question, "it is larger than what they can be told"), {}, {}, {}});
  ++m_asked;
  m_runner->owes();
  m_runner->send(frame);
}

void Engine::forget(std::uint64_t ticket) {
  const auto at = m_pending.find(ticket);
  if (at == m_pending.end()) return;
  m_delays.erase(ticket);
  if (at->second.done) {
    m_pending.erase(at);
    return m_approvals.forget(ticket);
  }
  at->second.heard = nullptr;  // what they say of it still counts
}

void Engine::on_answer(const Answer& answer) {
  m_deaths = 0;
  if (m_asked > 0) --m_asked;
  if (m_runner) m_runner->answered(m_asked == 0);
  const auto at = m_pending.find(answer.id);
  if (at == m_pending.end() || at->second.done) return;
  Pending& pending = at->second;
  hear(pending.question.session, answer.said);
  note(pending.question, answer);
  const Step* parks = nullptr;
  double delay = 0;
  Verdict verdict = verdict_of(pending, answer, parks, delay);
  std::optional<Step> parked;
  if (parks && !verdict.refusal) parked = *parks;
  finish(answer.id, std::move(verdict), delay, std::move(parked));
}

Verdict Engine::verdict_of(Pending& pending, const Answer& answer, const Step*& parks, double& delay) {
  Verdict verdict;
  verdict.remaining = answer.remaining;
  verdict.rewritten = answer.rewritten;
  for (const auto& step : answer.steps) {
    const std::string& policy = m_roster->name(step.place.script);
    switch (step.kind) {
      case StepKind::allow: break;
      case StepKind::deny: verdict.refusal = denial(step, policy, pending.question); break;
      case StepKind::delay: delay = std::max(delay, std::isfinite(step.seconds) ? step.seconds : 0); break;
      case StepKind::rewrite: verdict.by = policy + " (" + place_text(policy, step.line) + ")"; break;
      case StepKind::approve:
        if (!parks) parks = &step;
        break;
      case StepKind::failed: {
        const auto now = m_around.clock.now();
        m_roster->blame(step.place.script, step.line, step.words, false, now);
        if (m_roster->may_say(step.place.script, now))
          say(service::Level::error, "a policy failed",
              {{"policy", policy}, {"where", place_text(policy, step.line)}, {"reason", step.words}});
        if (pending.question.closed)
          verdict.refusal = failure(step.place.script, step.line, step.words, pending.question.kind);
        break;
      }
    }
  }
  if (verdict.by.empty()) verdict.rewritten.clear();
  return verdict;
}

Error Engine::failure(std::uint64_t script, std::uint64_t line, const std::string& words, HookKind kind) const {
  const std::string& policy = m_roster->name(script);
  Error error{503, "policy_failed",
              "the policy " + policy + " failed at " + place_text(policy, line) + ": " + words + withheld(kind),
              "what a failing policy would have judged is refused unless it only reads; berth policy trace"};
  if (kind != HookKind::after) error.retry_after = std::chrono::seconds(1);
  return error;
}

// Not even what only reads passes where nobody could speak.
Error Engine::unjudged(const Question& question, const std::string& why) const {
  return {503, "policy_failed",
          "the policies could not be asked about " + question.operation + ": " + why + withheld(question.kind),
          "what no policy could judge is refused; the host's log says more"};
}

// After the time that a policy wants to pass, and once somebody has said yes.
void Engine::finish(std::uint64_t id, Verdict verdict, double delay, std::optional<Step> parks) {
  const auto at = m_pending.find(id);
  if (at == m_pending.end()) return;
  const bool waits = at->second.heard && !verdict.refusal;
  if (!waits || (delay <= 0 && !parks)) return give(id, std::move(verdict));
  at->second.done = true;
  if (delay <= 0) return pass(id, std::move(verdict), *parks);
  const auto time = std::chrono::milliseconds(static_cast<std::int64_t>(delay * 1000));
  auto timer = std::make_unique<boost::asio::steady_timer>(m_around.loop.context(), time);
  timer->async_wait([this, id, verdict = std::move(verdict), parks](const boost::system::error_code& failed) mutable {
    if (failed) return;
    m_delays.erase(id);
    finish(id, std::move(verdict), 0, parks);
  });
  m_delays[id] = std::move(timer);
}

void Engine::pass(std::uint64_t id, Verdict verdict, const Step& parks) {
  constexpr double usual = 600;  // seconds
  Question& question = m_pending.at(id).question;
  std::string input = std::move(question.input);  // which waits once, and not in each hand that it went through
  const std::string policy = m_roster->name(parks.place.script);
  Approval about;
  about.operation = question.operation;
  about.scope = question.scope;
  about.session = question.session;
  about.caller = question.caller;
  about.input = verdict.rewritten.empty() ? std::move(input) : verdict.rewritten;
  about.policy = policy;
  about.where = place_text(policy, parks.line);
  about.reason = parks.words.empty() ? "it wants a person's word" : parks.words;
  const std::uint64_t line = parks.line;
  const auto longest =
      std::chrono::seconds(static_cast<std::int64_t>(parks.seconds > 0 ? std::ceil(parks.seconds) : usual));
  auto shared = std::make_shared<Verdict>(std::move(verdict));
  m_approvals.park(id, std::move(about), longest, [this, id, shared, policy, line](std::optional<Error> refusal) {
    note(m_pending.at(id).question, {{policy, refusal ? StepKind::deny : StepKind::allow, line,
                                      refusal ? refusal->message : "somebody approved of it"}});
    if (refusal) shared->refusal = std::move(refusal);
    give(id, std::move(*shared));
  });
}

void Engine::give(std::uint64_t id, Verdict verdict) {
  const auto at = m_pending.find(id);
  if (at == m_pending.end()) return;
  const auto heard = std::move(at->second.heard);
  const auto over = std::move(at->second.over);
  if (at->second.errand != 0) m_timers.cancel(at->second.errand);
  m_pending.erase(at);
  m_delays.erase(id);
  if (heard) heard(std::move(verdict));
  if (over) over();
}

}  // namespace berth::policy
