// The end of the policies' process, and what becomes of those that waited for it.
#include <algorithm>
#include <utility>

#include "policy/engine.hpp"

namespace berth::policy {

using service::Level;

namespace {

constexpr std::chrono::milliseconds first_patience{100}, longest_patience{10'000};
constexpr std::uint64_t deaths_at_once = 3;  // in a row, before the next start waits
constexpr std::uint64_t deaths_of_one = 2;   // with the same question first in line and nobody at work

}  // namespace

// Once more, after a death. What waits is asked behind the reading of the texts.
void Engine::launch() {
  if (m_ended || m_roster->size() == 0) return;
  m_runner = m_spare ? std::exchange(m_spare, nullptr) : make_runner(*m_roster);
  if (!m_runner) return on_died(nullptr, {});
  read(*m_runner, *m_roster);
  ask_anew();
}

void Engine::on_died(const Runner* who, const Runner::Death& death) {
  if (m_coming && who && m_coming->runner.get() == who)
    return give_up_coming(place_text(m_coming->roster->name(death.script), death.line) + ": " + death.how);
  if (m_spare && m_spare.get() == who) m_spare.reset();
  if (m_runner.get() != who) return;
  m_runner.reset();
  m_hears = false;
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

// Who was at work is to blame.
void Engine::condemn(const Runner::Death& death) {
  const bool guilty = death.question > 0 && death.script < m_roster->size();
  if (guilty && death.question == being_read)
    m_roster->give_up(death.script, place_text(m_roster->name(death.script), death.line) + ": " + death.how);
  else if (guilty)
    m_roster->blame(death.script, death.line, death.how, true, m_around.clock.now());
  const auto suspect = guilty ? m_pending.end() : first_owed();
  if (suspect != m_pending.end()) ++suspect->second.deaths;
  std::vector<std::pair<std::uint64_t, Verdict>> over;
  for (auto& [id, pending] : m_pending) {
    if (pending.done) continue;
    const bool at_work = guilty && id == death.question;
    if (at_work) {
      Answer answer;
      answer.steps.push_back({{death.script, 0}, StepKind::failed, death.line, death.how, 0, 0});
      note(pending.question, answer);
    } else if (guilty) {
      hold_again(pending);
    }
    auto verdict =
        at_work ? without(pending, death.script, death.line, death.how) : without_process(pending, death.how);
    if (verdict) over.emplace_back(id, std::move(*verdict));
  }
  for (auto& [id, verdict] : over) give(id, std::move(verdict));
}

// Questions are answered in the order in which they were put, so that this may have been too much for the process.
Engine::Answers::iterator Engine::first_owed() {
  return std::find_if(m_pending.begin(), m_pending.end(),
                      [](const auto& one) { return !one.second.done && !one.second.waits_in; });
}

// One that has lost the word of a policy: its verdict, or nothing, and the others are asked anew.
std::optional<Verdict> Engine::without(Pending& pending, std::uint64_t script, std::uint64_t line,
                                       const std::string& why) {
  if (pending.question.kind > HookKind::after || !pending.heard) return Verdict{};
  if (pending.question.closed) return Verdict{failure(script, line, why, pending.question.kind), {}, {}, {}};
  pending.waits_in.reset();
  pending.spared.insert(m_roster->name(script));
  return std::nullopt;
}

// Whose process is no more, by no fault of its own. What nobody waits for is not said again.
std::optional<Verdict> Engine::without_process(Pending& pending, const std::string& why) {
  if (pending.waits_in) return without(pending, *pending.waits_in, 0, why);
  if (pending.question.kind > HookKind::after || !pending.heard) return Verdict{};
  if (pending.deaths < deaths_of_one) return std::nullopt;
  return Verdict{unjudged(pending.question, "their process ended each time"), {}, {}, {}};
}

// What was asked, and not answered, of calls.
void Engine::ask_anew() {
  std::vector<std::uint64_t> all;
  for (const auto& [id, pending] : m_pending) {
    if (!pending.done && !pending.waits_in && pending.question.kind <= HookKind::after) all.push_back(id);
  }
  for (const auto id : all) {
    const auto at = m_pending.find(id);
    if (at != m_pending.end()) put(at->second);
  }
}

}  // namespace berth::policy
