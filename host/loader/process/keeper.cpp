// The life of a plugin's process, as a row of states: starting, ready, waiting for the next start, stopped for good.
#include "loader/process/keeper.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "loader/process/packed.hpp"
#include "loader/process/plugin_process.hpp"
#include "loader/process/scratch.hpp"
#include "service/text.hpp"

namespace berth::loader {

using namespace std::chrono_literals;
using boost::system::error_code;
using service::Error;
using service::Level;

namespace {

constexpr auto pulse = 100ms;  // memory is looked at this often
constexpr std::chrono::milliseconds between_pings = 1000ms;
constexpr auto grace = 300ms;                         // of a process without its link: most often it is about to end
constexpr std::size_t most_unsent = 64u << 20;        // of calls that the process has not taken yet
constexpr std::size_t most_untold = 2 * most_unsent;  // with what is told on top, which cannot be refused

constexpr const char* broke_rules = "it broke the rules of its connection";

}  // namespace

Keeper::Keeper(std::string name, std::string library, std::string manifest, Given given, ProcessRules rules,
               Around around)
    : m_name(std::move(name)),
      m_library(std::move(library)),
      m_manifest(std::move(manifest)),
      m_given(std::move(given)),
      m_mask(m_given.secrets),
      m_rules(rules),
      m_around(around),
      m_restarts(rules.restarts, std::random_device{}()),
      m_timer(around.loop.context()),
      m_lines(around.log, m_name, 2),
      m_printed(around.log, m_name),
      m_launcher(around.loop) {}

Keeper::~Keeper() {
  if (m_link) m_link->close();
}

void Keeper::start(Ears ears) {
  m_ears = std::move(ears);
  launch();
}

// ---- starting

void Keeper::launch() {
  m_state = State::starting;
  m_since = m_beat = m_around.clock.now();
  m_asked.reset();
  m_verdict.clear();
  m_ailment.clear();
  m_created = false;
  m_confined.reset();
  m_cut.reset();
  m_answered_nobody = false;
  // Or a program that is no `berth`, started in its place, would start itself again, and again.
  if (inside_plugin_process()) return down("a plugin's process starts no others");
  auto [ours, theirs] = Link::pair();
  if (!ours) return down("no socket could be made for it");
  const auto weak = weak_from_this();
  auto child = start_plugin_process(m_around.loop, m_launcher, {m_around.program, m_name, std::move(theirs)},
                                    {[weak](std::string_view line) {
                                       if (const auto self = weak.lock()) self->hear_printed(line);
                                     },
                                     [weak](const std::string& how) {
                                       if (const auto self = weak.lock()) self->ended(how);
                                     }});
  if (!child) return down(child.error().message);
  m_child = std::move(*child);
  m_link = std::make_shared<Link>(m_around.loop, std::move(ours));
  m_link->open(
      [weak](Frame frame) {
        if (const auto self = weak.lock()) self->on_frame(std::move(frame));
      },
      [weak] {
        if (const auto self = weak.lock()) self->cut();
      });
  m_link->send(start_frame());
  after(pulse, &Keeper::beat);
}

// A process whose link is closed on it ends as if nothing were wrong: what it did has to be said first.
void Keeper::cut() {
  m_cut = m_around.clock.now();
  if (m_how) return gone();
  if (m_link && m_link->broke_rules()) kill(broke_rules);
}

void Keeper::answered_nobody() {
  if (!std::exchange(m_answered_nobody, true))
    say(Level::warn, "the plugin's process answers calls that never were, which are dropped");
}

// Only an answer to a ping shows that the thread for quick calls lives: others of its threads may go on without it.
void Keeper::on_frame(Frame frame) {
  switch (frame.kind) {
    case FrameKind::confined: return confined(frame);
    case FrameKind::ready: return created();
    case FrameKind::refused: return refused(frame);
    case FrameKind::pong:
      m_asked.reset();
      m_ailment = frame.data;
      if (m_state == State::starting) up();
      return;
    case FrameKind::log: return hear_line(frame);
    default: m_ears.frame(std::move(frame));
  }
}

void Keeper::created() {
  if (m_state != State::starting || std::exchange(m_created, true)) return kill(broke_rules);
  ask();
}

void Keeper::ask() {
  m_pinged = m_around.clock.now();
  if (!m_asked) m_asked = m_pinged;
  m_link->send({FrameKind::ping, 0, {}, {}, {}});
}

// Only now, so that what ails it is known from the first moment.
void Keeper::up() {
  if (!m_created) return kill(broke_rules);
  m_state = State::ready;
  m_since = m_around.clock.now();
  m_forgiven = false;
  m_why.clear();
  if (m_restarts.total() > 0)
    say(Level::info, "the plugin is back", {{"restarts", static_cast<std::int64_t>(m_restarts.total())}});
  if (m_once_ready) tell_all("restarted");
  if (!std::exchange(m_once_ready, true)) std::exchange(m_ears.first_started, nullptr)(std::nullopt);
}

// A plugin that will not start the first time is not asked again: its configuration or its machine has to change.
void Keeper::refused(const Frame& frame) {
  Error error = unpack_error(frame.fields);
  if (m_state != State::starting) return kill(broke_rules);
  if (m_once_ready) return kill(error.message);
  m_state = State::ended;
  m_why = error.message;
  std::exchange(m_ears.first_started, nullptr)(std::move(error));
  if (m_child) m_child->kill();
}

// ---- watching

void Keeper::after(std::chrono::milliseconds time, void (Keeper::*then)()) {
  m_timer.expires_after(time);
  m_timer.async_wait([weak = weak_from_this(), then](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) (self.get()->*then)();
  });
}

void Keeper::beat() {
  if (!m_child || m_state == State::waiting || m_state == State::stopped) return;
  const auto now = m_around.clock.now();
  // Whoever was held up itself, by a debugger or a machine that slept, has no right to complain.
  if (now - std::exchange(m_beat, now) > 10 * pulse) {
    m_since = now;
    if (m_asked) m_asked = now;
  }
  const std::string why = complaint(now);
  if (!why.empty() && m_state == State::ended)
    m_child->kill();
  else if (!why.empty())
    kill(why);
  if (m_state == State::ready && now - m_pinged >= std::min(between_pings, m_rules.heartbeat / 4)) ask();
  if (m_state == State::ready && !m_forgiven && now - m_since > m_rules.restarts.within) {
    m_forgiven = true;
    m_restarts.forgive();
  }
  m_lines.look();
  m_printed.look();
  after(pulse, &Keeper::beat);
}

// Why the process must not go on, or nothing.
std::string Keeper::complaint(service::Clock::Moment now) const {
  const auto held = m_child->memory();
  if (held && *held > m_rules.memory)
    return "it held more memory than its limit of " + service::format_bytes(m_rules.memory);
  if (m_cut && now - *m_cut > grace) return "it closed its connection to the host";
  if (m_state == State::starting && now - m_since > m_rules.start_time)
    return "it was not ready after " + service::format_duration(m_rules.start_time);
  if (m_state == State::ready && m_asked && now - *m_asked > m_rules.heartbeat)
    return "it did not answer for " + service::format_duration(m_rules.heartbeat);
  if (m_state == State::ended && now - m_since > m_rules.end_time) return "it did not end";
  return {};
}

// ---- ending

void Keeper::kill(std::string why) {
  if (m_state == State::ended || !m_child) return;
  if (m_verdict.empty()) m_verdict = std::move(why);
  if (m_link) m_link->close();
  m_child->kill();
}

// Its last words are read first, and may be many: the end of the link is behind them, unless a child of it holds that.
void Keeper::ended(const std::string& how) {
  const auto child = std::exchange(m_child, nullptr);
  m_how = "its process " + how;
  const bool all_read = m_cut || !m_verdict.empty();
  all_read ? gone() : after(grace, &Keeper::gone);
}

void Keeper::gone() {
  const auto how = std::exchange(m_how, std::nullopt);
  if (!how) return;  // the link's end was there first
  if (const auto link = std::exchange(m_link, nullptr)) link->close();
  m_timer.cancel();
  clear_up();
  if (m_state != State::ended) return down(m_verdict.empty() ? *how : m_verdict);
  m_ears.down({503, "plugin_down", m_name + " has ended"});
  if (const auto then = std::exchange(m_when_ended, nullptr)) then();
}

// What it may have left is as large as it liked.
void Keeper::clear_up() const {
  if (m_given.state_folder.empty()) return;
  const auto sweep = [folders = std::filesystem::path(m_given.state_folder).parent_path()] { sweep_scratch(folders); };
  m_around.aside ? m_around.aside(sweep) : sweep();
}

void Keeper::down(std::string why) {
  const bool at_first = !m_once_ready;
  m_why = std::move(why);
  m_since = m_around.clock.now();
  const auto wait = at_first ? std::nullopt : m_restarts.died(m_since);
  m_state = wait ? State::waiting : State::stopped;
  service::Log::Fields fields{{"reason", m_why}};
  if (wait) fields.emplace_back("again_in_ms", static_cast<std::int64_t>(wait->count()));
  say(Level::error, "the plugin's process is gone", fields);
  const Error lost{503, "plugin_down", m_name + " is gone: " + m_why, "its calls are lost; the host's log says more"};
  if (!at_first) tell_all("died", m_why);
  m_ears.down(lost);
  if (at_first) {
    m_state = State::ended;
    return std::exchange(m_ears.first_started, nullptr)(
        Error{500, "bad_plugin", m_name + ": " + m_why, "berth plugin info " + m_name + " says what it is"});
  }
  if (wait) return after(*wait, &Keeper::launch);
  tell_all("disabled", reason().message);
  say(Level::error, "the plugin stays down",
      {{"deaths", static_cast<std::int64_t>(m_rules.restarts.deaths)},
       {"within", service::format_duration(m_rules.restarts.within)},
       {"hint", "berth plugin enable " + m_name}});
}

void Keeper::enable() {
  if (m_state != State::stopped) return;
  m_restarts.forgive();
  tell_all("enabled");
  launch();
}

void Keeper::end(std::function<void()> then) {
  m_when_ended = std::move(then);
  const bool running = m_child != nullptr;
  m_state = State::ended;
  m_since = m_beat = m_around.clock.now();
  if (m_link) m_link->send({FrameKind::end, 0, {}, {}, {}});
  if (running) return after(pulse, &Keeper::beat);
  if (m_how) return;  // it has ended just now
  m_timer.cancel();
  if (const auto now = std::exchange(m_when_ended, nullptr)) now();
}

// ---- asked from outside

bool Keeper::send(Frame frame) { return m_state == State::ready && m_link && m_link->send(std::move(frame)); }
void Keeper::tell(Frame frame) {
  if (!m_link) return;
  if (m_link->unsent() >= most_untold) return kill("it did not read what the host had for it");
  m_link->send(std::move(frame));
}
bool Keeper::has_room() const { return m_link && m_link->unsent() < most_unsent; }

}  // namespace berth::loader
