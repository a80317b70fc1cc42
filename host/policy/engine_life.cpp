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
  m_gone =
      m_around.events.listen({{"session.created", "session.deleted", "session.expired"}, {}}, std::nullopt, [this] {
        while (const auto* event = m_gone->next()) forget_session(event->session);
      });
  if (auto error = m_ledger.open(folder)) return error;
  for (const auto& session : m_ledger.sessions()) {
    if (!session.empty() && !m_around.turn(session)) m_ledger.forget(session);
  }
  return std::nullopt;
}

// When it ends; and when it begins, since a hook may have spoken of one of its name after that had ended.
void Engine::forget_session(const std::string& session) {
  if (m_coming) {
    for (auto& entry : m_ledger.entries()) {
      if (entry.session == session)
        m_coming->late.push_back({session, std::move(entry.policy), std::move(entry.key), {}});
    }
  }
  m_ledger.forget(session);
  if (!m_runner) return;
  ++m_asked;
  m_runner->owes();
  m_runner->send(pack_texts(FrameKind::forget, {session}));
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
    swap_in(std::move(roster), nullptr);
    return done(std::nullopt);
  }
  m_coming = Coming{roster, nullptr, std::move(done), {}};
  m_coming->runner = start(*roster);
  if (!m_coming->runner) give_up_coming("the process of the policies cannot be started");
}

// The old ones stay, also if there were none: the rest of the old configuration stays with them.
void Engine::give_up_coming(std::string why) {
  const Coming coming = std::move(*m_coming);
  m_coming.reset();
  if (coming.runner) coming.runner->end();
  coming.done(Error{500, "bad_policy", std::move(why)});
}

void Engine::on_coming(std::string_view frame) {
  auto loaded = kind_of(frame) == FrameKind::loaded ? unpack_loaded(frame) : std::nullopt;
  if (!loaded || loaded->facts.size() != m_coming->roster->size())
    return give_up_coming("the process of the policies speaks nonsense");
  for (const auto& one : loaded->facts) {
    if (!one.failed.empty()) return give_up_coming(one.failed);
  }
  const Coming coming = std::move(*m_coming);
  m_coming.reset();
  m_layers = std::move(loaded->layers);
  coming.roster->loaded(std::move(loaded->facts));
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

// Whatever waits is asked anew, and told anew; what they have half said counts for nothing. Only a hook that waits for
// an operation is given up, since who asked for that is gone: its call is refused, or judged by the others.
void Engine::swap_in(std::shared_ptr<Roster> roster, std::shared_ptr<Runner> runner) {
  std::vector<std::pair<std::uint64_t, Verdict>> over;
  for (auto& [id, pending] : m_pending) {
    if (pending.done) continue;
    if (pending.waits_in || pending.question.kind > HookKind::after) {
      hold_again(pending);
      auto verdict = without(pending, pending.waits_in.value_or(0), 0, "others took its place while it waited");
      if (verdict) over.emplace_back(id, std::move(*verdict));
    }
  }
  if (const auto old = std::exchange(m_runner, nullptr)) old->end();
  m_roster = std::move(roster);
  m_runner = std::move(runner);
  m_asked = 0;
  for (auto& [id, verdict] : over) give(id, std::move(verdict));
  begin_rounds();
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
      if (auto loaded = unpack_loaded(frame); loaded && loaded->facts.size() == m_roster->size())
        return on_loaded(std::move(*loaded));
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

void Engine::on_loaded(Loaded loaded) {
  m_runner->answered(m_asked == 0);
  m_layers = std::move(loaded.layers);
  m_roster->loaded(std::move(loaded.facts));
  begin_rounds();
  if (!m_spare) m_spare = make_runner(*m_roster);
}

// Their last word is waited for, and not for long: whoever hangs is killed after its deadline.
void Engine::stop(std::function<void()> done) {
  constexpr std::chrono::milliseconds least{1000};
  m_timers.cancel(std::exchange(m_lost_pause, 0));  // there is no later
  say_lost();
  m_listener.reset();
  m_events_held.clear();
  for (const auto timer : std::exchange(m_rounds, {})) m_timers.cancel(timer);
  const auto over = [this, done = std::make_shared<std::function<void()>>(std::move(done))] {
    m_last_word.cancel();
    if (const auto tell = std::exchange(*done, nullptr)) tell();
  };
  m_last_word.expires_after(std::max(least, 10 * m_roster->policies().deadline));
  m_last_word.async_wait([over](const boost::system::error_code& failed) {
    if (!failed) over();
  });
  ask_alone(HookKind::stop, m_roster->hooks_of(HookKind::stop), {}, {}, {}, over);
}

void Engine::end() {
  m_ended = true;
  m_timers.end();
  m_patience.cancel();
  m_last_word.cancel();
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
  json out{{"state", m_hears ? "ready" : "restarting"},
           {"restarts", m_restarts},
           {"layers", m_layers},
           {"waiting", m_pending.size()},
           {"approvals", m_approvals.all().size()},
           {"policies", m_roster->facts(m_around.clock.now(), m_around.there)}};
  if (m_runner) out["pid"] = m_runner->pid();
  return out;
}

}  // namespace berth::policy
