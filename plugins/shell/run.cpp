// The process service does the work; here is what a shell adds to it.
#include "run.hpp"

#include <utility>

#include "seat.hpp"

namespace shell {

using berth::Flow;
using berth::Outlet;

std::shared_ptr<Run> Run::begin(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, Ears ears) {
  seat->check_room();
  std::shared_ptr<Run> run(new Run(tools, seat, ask, std::move(ears)));
  run->start(ask);
  seat->add(run);
  return run;
}

Run::Run(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, Ears ears)
    : m_tools(tools),
      m_seat(seat),
      m_timeout(ask.timeout),
      m_learns(ask.learns),
      m_ears(std::move(ears)),
      m_begin(seat->state().begin()) {}

// The timer first: if it cannot be had, nothing runs that nobody would end.
void Run::start(const Ask& ask) {
  if (m_timeout.count() > 0)
    m_timer = m_tools.timers.after(m_timeout, [weak = weak_from_this()] {
      if (const auto late = weak.lock()) late->end(Why::timeout);
    });
  try {
    spawn(ask);
  } catch (...) {
    if (m_timer != 0) m_tools.timers.cancel(std::exchange(m_timer, 0));
    throw;
  }
}

void Run::spawn(const Ask& ask) {
  const auto self = shared_from_this();
  const auto seat = m_seat.lock();
  Errand errand = errand_of(ask, seat->state());
  errand.plan.session = seat->session();
  m_process = m_tools.processes.spawn(
      errand.plan, {[self](Outlet outlet, std::string_view bytes) { return self->heard(outlet, bytes); },
                    [self](const berth::End& end) { self->ended(end); }});
  m_told = std::move(errand.told);
  if (!ask.input) return;
  if (!ask.input->empty()) m_process->write(*ask.input);
  m_process->close_input();
}

Flow Run::heard(Outlet outlet, std::string_view bytes) {
  const Flow flow = m_ears.output ? m_ears.output(*this, outlet, bytes) : Flow::ok;
  if (flow == Flow::gone) end(Why::left);
  return m_why == Why::nothing ? flow : Flow::ok;
}

// Whoever was first says what it ended for.
bool Run::first(Why why) {
  Why nothing = Why::nothing;
  return m_why.compare_exchange_strong(nothing, why);
}

void Run::end(Why why) {
  if (!first(why)) return;
  m_process->stop(m_tools.grace);
  resume();
}

void Run::kill(Why why) {
  first(why);
  m_process->kill();
  resume();
}

void Run::resume() {
  m_process->resume(Outlet::output);
  m_process->resume(Outlet::errors);
}

std::function<void()> Run::resumer() {
  return [weak = weak_from_this()] {
    if (const auto run = weak.lock()) run->resume();
  };
}

void Run::signal(int number) { m_process->signal(number); }

// Of one that was killed nothing is kept but what bash said at its begin, where nobody knew that.
bool Run::learn(bool whole) {
  const auto seat = m_seat.lock();
  return seat && seat->state().learn(m_begin, read_told(m_told), whole && m_learns);
}

void Run::ended(const berth::End& end) {
  if (m_timer != 0) m_tools.timers.cancel(std::exchange(m_timer, 0));
  const Outcome outcome = outcome_of(end, m_why, m_timeout);
  const bool kept = learn(end.cause == "exited");
  m_told.close();
  if (const auto seat = m_seat.lock()) seat->remove(*this);
  const Ears ears = std::exchange(m_ears, {});
  if (ears.ended) ears.ended(outcome, kept);
}

}  // namespace shell
