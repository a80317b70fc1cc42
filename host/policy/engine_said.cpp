// What policies say besides verdicts, what they wait for, and when they are asked without a call.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/engine.hpp"
#include "service/text.hpp"

namespace berth::policy {

using nlohmann::json;

namespace {

constexpr std::string_view own_topics = "policy.";
constexpr std::size_t most_out = 64;                    // events that are with the policies, of a session each
constexpr std::size_t most_held = 1000;                 // events that wait for one before them
constexpr std::size_t most_answer = most_frame - 1024;  // of an operation that a hook called

// One line of text that is JSON: what is written down must not look like more.
bool is_value(const std::string& text) { return text.find('\n') == std::string::npos && json::accept(text); }

}  // namespace

void Engine::hear(const std::string& session, const Said& said) {
  const bool kept = session.empty() || m_around.turn(session);  // what is said of one that has ended ends with it
  std::vector<Ledger::Change> changes;
  for (const auto& one : said.changes) {
    if (!kept || one.script >= m_roster->size() || (!one.value.empty() && !is_value(one.value))) continue;
    changes.push_back({m_roster->name(one.script), one.key, one.value});
    if (m_coming) m_coming->late.push_back({session, m_roster->name(one.script), one.key, one.value});
  }
  std::map<std::string, double> amounts;
  for (const auto& one : kept ? said.charges : std::vector<Charge>()) amounts[one.name] += one.amount;
  if (const auto failed = m_ledger.keep(session, changes, amounts))
    say(service::Level::error, "what policies keep could not be written", {{"reason", failed->message}});
  for (const auto& one : said.lines)
    m_around.log.write(static_cast<service::Level>(std::min<std::uint64_t>(one.level, 3)),
                       "policy." + m_roster->name(one.script), one.text);
  for (const auto& one : said.events) {
    const std::string topic = std::string(own_topics) + m_roster->name(one.script) + "." + one.topic;
    if (service::is_topic(topic) && is_value(one.data)) m_around.events.publish({0, topic, session, one.data});
  }
}

std::optional<service::Error> Engine::charge(const std::string& session, const std::map<std::string, double>& amounts) {
  if (auto error = m_ledger.keep(session, {}, amounts)) return error;
  m_around.events.publish({0, "session.charged", session, json{{"session", session}, {"amounts", amounts}}.dump()});
  return std::nullopt;
}

void Engine::note(const Question& question, const Answer& answer) {
  std::vector<Decision::Word> words;
  for (const auto& step : answer.steps)
    words.push_back({m_roster->name(step.place.script), step.kind, step.line, step.words});
  note(question, std::move(words));
}

void Engine::note(const Question& question, std::vector<Decision::Word> words) {
  if (question.kind != HookKind::before && question.kind != HookKind::after) return;
  m_decisions.add({m_around.clock.wall(), question.kind, question.operation, question.session, question.caller,
                   question.request, std::move(words)});
}

void Engine::on_waiting(Waiting waiting) {
  const auto at = m_pending.find(waiting.id);
  if (m_asked > 0) --m_asked;
  if (m_runner) m_runner->answered(m_asked == 0);
  if (at == m_pending.end()) {
    if (m_runner) m_runner->send(pack_number(FrameKind::drop, waiting.id));
    return;
  }
  Pending& pending = at->second;
  pending.waits_in = waiting.script;
  const auto errand = pending.errand =
      m_timers.add(m_around.longest_errand, {}, [this, id = waiting.id](std::uint64_t timer, std::uint64_t) {
        resume(id, timer, false, "{\"code\":\"timeout\"}");
      });
  hear(pending.question.session, waiting.said);
  if (waiting.script >= m_roster->size()) return resume(waiting.id, errand, false, "{\"code\":\"forbidden\"}");
  if (errand == 0) return resume(waiting.id, errand, false, "{\"code\":\"busy\"}");
  const auto& session = pending.question.session;
  m_around.call({m_roster->name(waiting.script), std::move(waiting.operation), std::move(waiting.input),
                 session.empty() ? std::string(session::main_name) : session,
                 m_roster->policies().all[waiting.script].scope,
                 [this, id = waiting.id, errand](bool good, std::string answer) {
                   resume(id, errand, good, std::move(answer));
                 }});
}

// Once for each errand: what comes after its time, or is for one that is given up, comes to nobody.
void Engine::resume(std::uint64_t id, std::uint64_t errand, bool good, std::string answer) {
  const auto at = m_pending.find(id);
  if (at == m_pending.end() || !m_runner || !at->second.waits_in || at->second.errand != errand) return;
  at->second.waits_in.reset();
  m_timers.cancel(errand);
  ++m_asked;
  m_runner->owes();
  const bool fits = answer.size() < most_answer;
  m_runner->send(pack(Resumed{id, good && fits, fits ? std::move(answer) : "{\"code\":\"too_large\"}"}));
}

// Nobody waits for these; what such a hook cannot say is lost with it.
void Engine::ask_alone(HookKind kind, std::vector<Place> hooks, std::string session, std::string topic,
                       std::string data, std::function<void()> over) {
  const auto now = m_around.clock.now();
  std::erase_if(hooks, [&](const Place& place) { return m_roster->resting(place.script, now).has_value(); });
  if (hooks.empty() || !m_runner || m_ended) {
    if (over) over();
    return;
  }
  Pending pending;
  pending.over = std::move(over);
  Question& question = pending.question;
  question.kind = kind;
  question.session = std::move(session);
  question.operation = std::move(topic);
  question.input = std::move(data);
  question.hooks = std::move(hooks);
  question.id = ++m_last;
  ++m_asked;
  m_runner->owes();
  m_runner->send(pack(question));
  m_pending.emplace(question.id, std::move(pending));
}

// Of a process that has read its texts.
void Engine::begin_rounds() {
  m_hears = m_runner != nullptr;
  operations_changed();
  for (const auto timer : std::exchange(m_rounds, {})) m_timers.cancel(timer);
  m_ticking.clear();
  for (const auto& place : m_roster->hooks_of(HookKind::every)) {
    const std::chrono::milliseconds period(m_roster->hook(place).every_ms);
    m_rounds.push_back(m_timers.add(period, period, [this, place](std::uint64_t, std::uint64_t) { tick(place); }));
  }
  ask_alone(HookKind::start, m_roster->hooks_of(HookKind::start));
  listen();
}

// From where those that were there before have heard.
void Engine::listen() {
  say_lost();
  const auto after = m_listener ? std::optional(m_listener->position()) : std::nullopt;
  m_listener.reset();
  auto topics = m_roster->topics();
  if (topics.empty()) return m_events_held.clear();
  m_listener = m_around.events.listen({std::move(topics), {}}, after, [this] { pump(); });
  pump();
}

// Once a second at most, as they may be many; but what was lost within that second is said at its end.
void Engine::say_lost() {
  if (m_listener) m_events_lost += m_listener->take_lost();
  if (m_events_lost == m_events_said_lost || m_lost_pause != 0) return;
  m_events_said_lost = m_events_lost;
  say(service::Level::warn, "events came faster than policies hear them, and the oldest are lost",
      {{"lost", static_cast<std::int64_t>(m_events_lost)}});
  m_lost_pause = m_timers.add(std::chrono::seconds(1), {}, [this](std::uint64_t, std::uint64_t) {
    m_lost_pause = 0;
    say_lost();
  });
}

// An event that they have half heard, by no fault of its own: what they said of it counts for nothing, and the next
// process is told it again, before what came later.
void Engine::hold_again(const Pending& pending) {
  const auto& question = pending.question;
  if (question.kind != HookKind::event || pending.waits_in) return;
  m_events_held.push_front({0, question.operation, question.session, question.input});
}

void Engine::tick(Place place) {
  const std::pair key(place.script, place.hook);
  if (!m_roster->knows(place) || !m_ticking.insert(key).second) return;
  ask_alone(HookKind::every, {place}, {}, {}, {}, [this, key] { m_ticking.erase(key); });
}

// One event after the other in each session; while there is no process they stay where they are. What policies say
// themselves they do not hear, so that no two of them talk for ever.
void Engine::pump() {
  if (!m_hears || m_ended) return;
  const auto may_go = [this](const std::string& session) {
    return m_events_out.size() < most_out && !m_events_out.contains(session);
  };
  for (auto at = m_events_held.begin(); at != m_events_held.end();) {
    if (may_go(at->session)) {
      const auto event = std::move(*at);
      at = m_events_held.erase(at);
      tell(event);
    } else {
      ++at;
    }
  }
  while (m_listener && m_events_held.size() < most_held) {
    say_lost();
    const auto* event = m_listener->next();
    if (!event) return;
    if (event->topic.starts_with(own_topics)) continue;
    if (may_go(event->session))
      tell(*event);
    else
      m_events_held.push_back(*event);
  }
}

void Engine::tell(const service::Event& event) {
  m_events_out.insert(event.session);
  ask_alone(HookKind::event, m_roster->hooks_for(event.topic), event.session, event.topic, event.data,
            [this, session = event.session] {
              m_events_out.erase(session);
              m_around.loop.post([this, alive = std::weak_ptr(m_alive)] {
                if (!alive.expired()) pump();
              });
            });
}

}  // namespace berth::policy
