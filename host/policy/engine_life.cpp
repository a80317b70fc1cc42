// How the policies begin, are replaced, die and begin again.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/engine.hpp"

namespace berth::policy {

using nlohmann::json;
using service::Error;
using service::Level;

namespace {

constexpr std::chrono::milliseconds first_patience{100}, longest_patience{10'000};
constexpr std::uint64_t deaths_at_once = 3;  // in a row, before the next start waits

Loading loading_of(const Roster& roster, const Ledger& ledger) {
  Loading loading;
  loading.memory = roster.policies().memory;
  for (std::uint64_t script = 0; script < roster.size(); ++script) {
    Source source = roster.policies().all[script].source;
    if (!roster.broken(script).empty()) source.text.clear();  // it keeps its place and does nothing
    loading.sources.push_back(std::move(source));
  }
  for (auto& entry : ledger.entries()) {
    if (const auto script = roster.find(entry.policy))
      loading.kept.push_back({*script, std::move(entry.session), std::move(entry.key), std::move(entry.value)});
  }
  return loading;
}

}  // namespace

std::optional<Error> Engine::open(const std::string& folder) {
  m_gone = m_around.events.listen({{"session.deleted", "session.expired"}, {}}, std::nullopt, [this] {
    while (const auto* event = m_gone->next()) {
      m_ledger.forget(event->session);
      if (m_runner) m_runner->send(pack_texts(FrameKind::forget, {event->session}));
    }
  });
  return m_ledger.open(folder);
}

// Its ears know it by its place alone, since what they hear may be its end.
std::shared_ptr<Runner> Engine::make_runner(const Roster& roster) {
  Runner::Rules rules;
  rules.deadline = roster.policies().deadline;
  auto runner = std::make_shared<Runner>(m_around.loop, m_around.program, rules);
  const Runner* place = runner.get();
  auto error = runner->start({[this, place](std::string_view frame) { on_frame(place, frame); },
                              [this, place](const Runner::Death& death) { on_died(place, death); }});
  if (error) {
    say(Level::error, "the process of the policies cannot be started", {{"reason", error->message}});
    return nullptr;
  }
  return runner;
}

std::shared_ptr<Runner> Engine::start(const Roster& roster) {
  auto runner = make_runner(roster);
  if (runner) read(*runner, roster);
  return runner;
}

void Engine::read(Runner& runner, const Roster& roster) {
  runner.owes();
  runner.send(pack(loading_of(roster, m_ledger)));
}

void Engine::replace(Policies policies, Replaced done) {
  if (m_coming) give_up_coming("others came after them");
  auto roster = std::make_shared<Roster>(std::move(policies));
  if (roster->size() == 0) {
    roster->loaded({});
    swap_in(std::move(roster), nullptr);
    return done(std::nullopt);
  }
  if (m_roster->size() == 0) m_roster = roster;  // calls wait for it from here on
  m_coming = Coming{roster, nullptr, std::move(done), {}};
  m_coming->runner = start(*roster);
  if (!m_coming->runner) give_up_coming("the process of the policies cannot be started");
}

// The old ones stay. If there are none to go back to, nothing that these would have judged is let through.
void Engine::give_up_coming(std::string why) {
  const Coming coming = std::move(*m_coming);
  m_coming.reset();
  if (coming.runner) coming.runner->end();
  if (coming.roster == m_roster) {
    for (std::uint64_t i = 0; i < m_roster->size(); ++i) m_roster->give_up(i, why);
    m_roster->loaded({});
    ask_anew();
  }
  coming.done(Error{500, "bad_policy", std::move(why)});
}

void Engine::on_coming(std::string_view frame) {
  auto facts = kind_of(frame) == FrameKind::loaded ? unpack_facts(frame) : std::nullopt;
  if (!facts || facts->size() != m_coming->roster->size())
    return give_up_coming("the process of the policies speaks nonsense");
  for (const auto& one : *facts) {
    if (!one.failed.empty()) return give_up_coming(one.failed);
  }
  const Coming coming = std::move(*m_coming);
  m_coming.reset();
  coming.roster->loaded(std::move(*facts));
  coming.runner->answered(true);
  // What was kept meanwhile, by those that they follow.
  Loading late;
  for (const auto& entry : coming.late) {
    if (const auto script = coming.roster->find(entry.policy))
      late.kept.push_back({*script, entry.session, entry.key, entry.value});
  }
  coming.runner->send(pack_kept(late.kept));
  swap_in(coming.roster, coming.runner);
  coming.done(std::nullopt);
}

// Whatever waits is asked anew; what they have half said counts for nothing. Only hooks that wait for an operation are
// given up, and their calls go on: those who asked for it are gone.
void Engine::swap_in(std::shared_ptr<Roster> roster, std::shared_ptr<Runner> runner) {
  if (const auto old = std::exchange(m_runner, nullptr)) old->end();
  m_roster = std::move(roster);
  m_runner = std::move(runner);
  m_asked = 0;
  std::vector<std::uint64_t> lost;
  for (const auto& [id, pending] : m_pending) {
    if (!pending.done && (pending.waiting || pending.question.kind > HookKind::after)) lost.push_back(id);
  }
  for (const auto id : lost) give(id, {});
  operations_changed();
  begin_rounds();
  ask_alone(HookKind::start, m_roster->hooks_of(HookKind::start));
  ask_anew();
  m_spare = m_runner ? make_runner(*m_roster) : nullptr;
}

void Engine::operations_changed() {
  if (!m_runner) return;
  auto needs = m_roster->needs();
  std::erase_if(needs, [this](const std::string& operation) { return !m_around.there(operation); });
  m_runner->send(pack_texts(FrameKind::there, needs));
}

void Engine::on_frame(const Runner* from, std::string_view frame) {
  if (m_coming && m_coming->runner.get() == from) return on_coming(frame);
  if (m_runner.get() != from) return;
  switch (kind_of(frame)) {
    case FrameKind::loaded:
      if (auto facts = unpack_facts(frame); facts && facts->size() == m_roster->size())
        return on_loaded(std::move(*facts));
      break;
    case FrameKind::answer:
      if (const auto answer = unpack_answer(frame)) return on_answer(*answer);
      break;
    case FrameKind::call:
      if (auto waiting = unpack_waiting(frame)) return on_waiting(std::move(*waiting));
      break;
    default: break;
  }
  m_runner->kill();  // that was nonsense
}

// Once more, after a death. What waits is asked behind the reading of the texts.
void Engine::launch() {
  if (m_ended || m_roster->size() == 0) return;
  m_runner = m_spare ? std::exchange(m_spare, nullptr) : make_runner(*m_roster);
  if (!m_runner) return on_died(nullptr, {});
  read(*m_runner, *m_roster);
  ask_anew();
}

void Engine::on_loaded(std::vector<Facts> facts) {
  m_runner->answered(m_asked == 0);
  m_roster->loaded(std::move(facts));
  operations_changed();
  begin_rounds();
  ask_alone(HookKind::start, m_roster->hooks_of(HookKind::start));
  if (!m_spare) m_spare = make_runner(*m_roster);
}

// What was asked, and not answered, of calls.
void Engine::ask_anew() {
  std::vector<std::uint64_t> all;
  for (const auto& [id, pending] : m_pending) {
    if (!pending.done && !pending.waiting && pending.question.kind <= HookKind::after) all.push_back(id);
  }
  for (const auto id : all) {
    const auto at = m_pending.find(id);
    if (at != m_pending.end()) put(at->second);
  }
}

void Engine::on_died(const Runner* who, const Runner::Death& death) {
  if (m_coming && who && m_coming->runner.get() == who)
    return give_up_coming(place_text(m_coming->roster->name(death.script), death.line) + ": " + death.how);
  if (m_spare && m_spare.get() == who) m_spare.reset();
  if (m_runner.get() != who) return;
  m_runner.reset();
  m_asked = 0;
  if (m_ended) return;
  ++m_restarts;
  ++m_deaths;
  say(Level::error, "the process of the policies is gone and is started again",
      {{"policy", death.question > 0 ? m_roster->name(death.script) : "none"},
       {"where", death.question > 0 ? place_text(m_roster->name(death.script), death.line) : "between two questions"},
       {"reason", death.how}});
  condemn(death);
  if (m_deaths <= deaths_at_once) return launch();
  const auto wait =
      std::min(first_patience * (1 << std::min<std::uint64_t>(m_deaths - deaths_at_once, 10)), longest_patience);
  m_patience.expires_after(wait);
  m_patience.async_wait([this](const boost::system::error_code& failed) {
    if (!failed) launch();
  });
}

// Who was at work is to blame; its call is refused, or goes on without it. What waited for an operation, and what
// nobody waits for, is lost.
void Engine::condemn(const Runner::Death& death) {
  const bool guilty = death.question > 0 && death.script < m_roster->size();
  if (guilty && death.question == being_read)
    m_roster->give_up(death.script, place_text(m_roster->name(death.script), death.line) + ": " + death.how);
  else if (guilty)
    m_roster->blame(death.script, death.line, death.how, true, m_around.clock.now());
  std::vector<std::pair<std::uint64_t, Verdict>> over;
  for (auto& [id, pending] : m_pending) {
    if (pending.done) continue;
    const bool at_work = guilty && id == death.question;
    if (at_work) {
      Answer answer;
      answer.steps.push_back({{death.script, 0}, StepKind::failed, death.line, death.how, 0, 0});
      note(pending.question, answer);
    }
    const bool lost = pending.waiting || pending.question.kind > HookKind::after;
    if (!lost && !(at_work && pending.question.closed)) {
      if (at_work) pending.spared = death.script;
      continue;
    }
    Verdict verdict;
    if (pending.question.closed) verdict.refusal = failure(death.script, death.line, death.how, pending.question.kind);
    over.emplace_back(id, std::move(verdict));
  }
  for (auto& [id, verdict] : over) give(id, std::move(verdict));
}

void Engine::stop() {
  m_listener.reset();
  for (const auto timer : std::exchange(m_rounds, {})) m_timers.cancel(timer);
  ask_alone(HookKind::stop, m_roster->hooks_of(HookKind::stop));
}

void Engine::end() {
  m_ended = true;
  m_timers.end();
  m_patience.cancel();
  m_listener.reset();
  m_gone.reset();
  m_delays.clear();
  m_approvals.end();
  m_pending.clear();
  if (const auto coming = std::exchange(m_coming, std::nullopt)) coming->runner->end();
  if (const auto runner = std::exchange(m_runner, nullptr)) runner->end();
  m_spare.reset();
}

void Engine::say(Level level, std::string_view message, const service::Log::Fields& fields) const {
  m_around.log.write(level, "policy", message, fields);
}

json Engine::facts() const {
  if (m_roster->size() == 0) return nullptr;
  json out{{"state", !m_runner               ? "restarting"
                     : m_roster->is_loaded() ? "ready"
                                             : "starting"},
           {"restarts", m_restarts},
           {"waiting", m_pending.size()},
           {"approvals", m_approvals.all().size()},
           {"policies", m_roster->facts(m_around.clock.now(), m_around.there)}};
  if (m_runner) out["pid"] = m_runner->pid();
  return out;
}

}  // namespace berth::policy
