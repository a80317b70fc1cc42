// Nobody's leaving ends it; its shell's end does, or its session's.
#include "terminal.hpp"

#include <algorithm>

#include "outcome.hpp"
#include "script.hpp"

namespace shell {

using berth::Call;
using berth::Error;
using berth::Flow;
using berth::Json;
using berth::Outlet;

namespace {

constexpr unsigned not_read = 4000, ended = 1000;
constexpr std::size_t longest_reason = 100;  // bytes; a close frame has 123 at the most

}  // namespace

std::shared_ptr<Terminal> Terminal::begin(const berth::Processes& processes, const State& state, const Plan& plan,
                                          std::function<void(Terminal&)> over) {
  std::shared_ptr<Terminal> self(new Terminal(plan));
  berth::Plan raw = terminal_plan(state, plan.size.rows, plan.size.columns);
  raw.session = plan.session;
  self->m_process = processes.spawn(
      raw, {[self](Outlet, std::string_view bytes) { return self->m_broadcast.add(bytes) ? Flow::ok : Flow::full; },
            [self](const berth::End& end) { self->end(end); }});
  self->m_over = std::move(over);
  return self;
}

void Terminal::attach(const Call& call, bool types) {
  if (m_broadcast.viewers() >= most_viewers)
    throw Error(429, "too_many_viewers", std::to_string(most_viewers) + " look at this terminal already",
                "one of them has to leave first, or GET /terminals/{terminal} tells what it shows");
  const auto gone = [](const auto& one) { return one.first.expired(); };
  m_calls.erase(std::remove_if(m_calls.begin(), m_calls.end(), gone), m_calls.end());
  const auto viewer = m_broadcast.join([call](std::string_view text) { return call.message(text); });
  m_calls.emplace_back(viewer, call);
  watch_over(call, viewer, types);
  m_broadcast.show(*viewer);
  if (!viewer->full) m_process->resume();  // it may be held because all others are behind
}

void Terminal::watch_over(const Call& call, const std::shared_ptr<Viewer>& viewer, bool types) {
  const auto me = weak_from_this();
  const std::weak_ptr<Viewer> it = viewer;
  call.on_message([me, it, call, types](const berth::Message& message) {
    const auto self = me.lock();
    const auto from = it.lock();
    if (!self || !from || !types || self->type(message.bytes)) return;
    from->gone = true;
    call.finish(not_read, "what is typed is not read");
  });
  call.on_drained([me, it] {
    const auto self = me.lock();
    const auto from = it.lock();
    if (self && from) self->drained(*from);
  });
  call.on_cancel([it, call, process = *m_process] {
    if (const auto from = it.lock()) from->gone = true;
    call.finish();
    process.resume();  // it may have waited for this one alone
  });
}

bool Terminal::type(std::string_view bytes) { return bytes.empty() || m_process->write(bytes) != Flow::wrong; }

void Terminal::resize(Size size) {
  m_size = size;
  m_process->resize(size.rows, size.columns);
}

void Terminal::kill() {
  m_process->kill();
  m_process->resume();
}

Json Terminal::facts() {
  return {{"terminal", m_id},
          {"rows", m_size.rows},
          {"columns", m_size.columns},
          {"viewers", m_broadcast.viewers()},
          {"output_bytes", m_broadcast.total()}};
}

// It is held only while all are behind.
void Terminal::drained(Viewer& viewer) {
  m_broadcast.drained(viewer);
  if (!viewer.full) m_process->resume();
}

void Terminal::part(Viewer& viewer, const Call& call) const {
  if (viewer.gone.exchange(true)) return;
  if (m_end.cause == "not_started")
    call.fail(not_started(true, m_end.words));
  else
    call.finish(ended, m_end.words.substr(0, longest_reason));
}

// Who is behind is given the rest first, as quickly as he reads; one who does not is let go by the host.
void Terminal::end(const berth::End& end) {
  m_end = end;
  m_broadcast.end();
  for (const auto& [weak, call] : std::exchange(m_calls, {})) {
    const auto viewer = weak.lock();
    if (!viewer || viewer->gone) continue;
    if (m_broadcast.told(*viewer) || end.cause == "not_started") {
      part(*viewer, call);
      continue;
    }
    call.on_drained([self = shared_from_this(), viewer, call] {
      self->m_broadcast.drained(*viewer);
      if (self->m_broadcast.told(*viewer)) self->part(*viewer, call);
    });
  }
  if (const auto over = std::exchange(m_over, nullptr)) over(*this);
}

}  // namespace shell
