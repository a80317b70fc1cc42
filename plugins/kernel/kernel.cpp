// The current task is in one of three states: its worker is looked after (probing), it runs, or it was cut and has a
// grace to end in. Questions end where cells are cut: no worker is killed for one.
#include "kernel.hpp"

#include <algorithm>
#include <utility>

#include "fields.hpp"
#include "tail.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;
using How = Ending::How;

namespace {

constexpr auto probe_time = 2s, fresh_for = 1s;
constexpr std::size_t most_stray = 64u << 10;
constexpr int most_losses = 3;  // before a new worker is made only for who asks for one

Error busy_error(const std::string& id) {
  return {409, "busy", "the kernel " + id + " runs something else",
          "wait for it, send `wait: true` to queue behind it, interrupt it, or use another kernel"};
}

bool went_well(const Ending& ending) { return ending.how == How::done && text(ending.done, "status") == "ok"; }

}  // namespace

Kernel::Kernel(Loop& loop, std::string id, std::string engine, std::chrono::milliseconds grace, Acquire acquire)
    : m_loop(loop),
      m_id(std::move(id)),
      m_engine(std::move(engine)),
      m_grace(grace),
      m_acquire(std::move(acquire)),
      m_limit(loop) {}

void Kernel::run(const Shared& task) {
  if (m_closed) return task->refused(gone());
  if (busy() && !task->waits()) return task->refused(busy_error(m_id));
  if (m_queue.size() >= most_waiting) return task->refused(busy_error(m_id));
  m_queue.push_back(task);
  next();
}

Error Kernel::gone() const {
  return {404, "no_such_kernel", "the kernel " + m_id + " has ended", "GET /kernels lists those that there are"};
}

bool Kernel::busy() const { return (m_current && m_current->is_cell()) || cells_waiting() > 0; }

std::size_t Kernel::cells_waiting() const {
  const auto is_cell = [](const Shared& one) { return one->is_cell(); };
  return static_cast<std::size_t>(std::count_if(m_queue.begin(), m_queue.end(), is_cell));
}

void Kernel::warm() {
  if (!m_worker && !m_acquiring && !m_closed) acquire();
}

void Kernel::next() {
  if (m_current || m_queue.empty() || m_acquiring || m_closed) return;
  if (!m_worker) return acquire();
  if (m_worker->over()) return;  // lost() goes on
  m_current = std::move(m_queue.front());
  m_queue.pop_front();
  m_unsettled || Clock::now() - m_heard > fresh_for ? probe() : start();
}

// Nobody waits any more for one that was on its way.
void Kernel::get(const Worker::Born& then) {
  const auto round = m_round;
  stop_getting();
  m_acquiring = true;
  auto give_up = m_acquire(then);
  if (m_round == round && m_acquiring) m_give_up = std::move(give_up);
}

void Kernel::stop_getting() {
  if (const auto give_up = std::exchange(m_give_up, nullptr)) give_up();
}

void Kernel::acquire() {
  if (const auto error = m_backoff.refusal()) return refuse_all(*error);
  get([weak = weak_from_this(), round = ++m_round](std::shared_ptr<Worker> worker, std::optional<Error> error) {
    const auto self = weak.lock();
    if (!self || self->m_round != round || self->m_closed) return;
    self->m_acquiring = false;
    if (!worker) return self->refuse_all(*error);
    self->adopt(worker, {fresh});
    self->next();
  });
}

void Kernel::adopt(const std::shared_ptr<Worker>& worker, const Origin& origin) {
  m_worker = worker;
  m_give_up = nullptr;
  m_about = worker->about();
  m_count = origin.count;
  m_checkpoint = origin.checkpoint;
  m_line = origin.line;
  m_unsettled = false;
  m_heard = Clock::now();
  const auto weak = weak_from_this();
  m_worker->listen({[weak](Told told) {
                      if (const auto self = weak.lock()) self->told(std::move(told));
                    },
                    [weak](const std::string& why) {
                      if (const auto self = weak.lock()) self->lost(why);
                    }});
}

// A worker that does not answer would not run the task either, so it is another that does.
void Kernel::probe() {
  m_probing = true;
  m_worker->send({{"request", "ping"}, {"id", ++m_serial}});
  m_limit.set(probe_time, [this] { unanswered(); });
}

void Kernel::unanswered() {
  if (m_current->is_cell()) return lost("it did not answer before the next task, and was killed");
  m_probing = false;
  m_unsettled = true;
  const auto asked = std::exchange(m_current, nullptr);
  asked->refused({504, "kernel_timeout", "the kernel did not answer in time", "what runs next looks after it"});
  next();
}

void Kernel::start() {
  m_probing = false;
  if (std::exchange(m_unwanted, nullptr) == m_current) return give_up();
  if (m_current->stake() == Task::Stake::keeps && !m_news.empty()) {  // nobody has been told yet
    m_queue.push_front(std::exchange(m_current, nullptr));
    refuse_keepers(m_news);
    return next();
  }
  m_cut.reset();
  m_began = Clock::now();
  Json request = m_current->request();
  request["id"] = ++m_serial;
  if (const Ask* const ask = m_history ? m_current->asked() : nullptr)
    m_recording = std::make_unique<History::Recording>(*ask, m_checkpoint);
  m_worker->send(request, m_current->files());
  m_limit.set(m_current->timeout(), [this] { cut(How::timeout, "the time limit"); });
  m_current->begun();
  if (!m_current || !m_current->is_cell()) return;
  for (const auto what : {Told::What::out, Told::What::err}) {
    auto text = std::exchange(m_stray[what == Told::What::err], {});
    if (!text.empty() && m_current) m_current->told({what, std::move(text), {}});
  }
}

// Somebody gave it up before it began.
void Kernel::give_up() {
  m_began = Clock::now();
  Ending ending;
  ending.how = How::interrupted;
  finish(std::move(ending));
  next();
}

void Kernel::told(Told told) {
  m_heard = Clock::now();
  if (told.what == Told::What::event) {
    const auto name = told.frame.json.find("event"), id = told.frame.json.find("id");
    if (name == told.frame.json.end() || id == told.frame.json.end() || *id != m_serial || !m_current) return;
    if (*name == "done") return done(std::move(told.frame.json));
  }
  if (m_recording && m_current && !m_probing) m_recording->told(told);
  if (m_current && m_current->is_cell() && !m_probing) return m_current->told(std::move(told));
  if (told.what == Told::What::event) return;
  auto& stray = m_stray[told.what == Told::What::err];
  stray += told.text.substr(0, most_stray - stray.size());
}

void Kernel::done(Json frame) {
  m_limit.cancel();
  if (m_probing) {
    m_unsettled = false;
    return start();
  }
  m_losses = 0;
  m_backoff.well();
  Ending ending;
  ending.how = m_cut.value_or(How::done);
  const auto count = frame.find("execution_count");
  if (count != frame.end() && count->is_number_integer()) m_count = count->get<std::int64_t>();
  ending.done = std::move(frame);
  finish(std::move(ending));
  next();
}

void Kernel::cut(How how, const std::string& why) {
  if (!m_current || m_cut || m_probing) return;
  m_cut = how;
  m_unsettled = true;
  m_worker->hold(false);         // whoever listens slowly must not keep it from ending
  if (m_worker->over()) return;  // lost() ends it
  const bool interrupted = m_worker->interrupt();
  if (!m_current->is_cell()) return break_off(how);
  if (!interrupted) return lost("it could not be interrupted (" + why + "), and was killed");
  m_limit.set(m_grace, [this, why] {
    lost("it did not end within " + std::to_string(m_grace.count()) + " ms of its interrupt (" + why +
         "), and was killed");
  });
}

// Of what is no cell: whether the worker goes on with it is found out by the next task.
void Kernel::break_off(How how) {
  Ending ending;
  ending.how = how;
  finish(std::move(ending));
  next();
}

// Kills the worker if it lives, ends what runs, and gets the next one. A cell may end as many as it likes, and those
// that wait behind it have asked for the next; those that end by themselves, again and again, are made no faster than
// whoever looks after them can read why.
void Kernel::lost(const std::string& why) {
  const bool by_itself = !m_current || m_probing || !m_current->is_cell();
  const std::string printed = m_stray[0] + m_stray[1];
  drop_worker();
  ++m_restarts;
  m_news = why;
  m_stray = {};
  if (m_probing && m_current) m_queue.push_front(std::exchange(m_current, nullptr));
  m_probing = false;
  if (m_current) {
    Ending ending;
    ending.how = m_cut.value_or(How::died);
    finish(std::move(ending));
  }
  m_count = 0;
  refuse_keepers(why);
  for (const auto& one : watchers()) one->restarted();
  if (++m_losses > most_losses) {
    if (by_itself) {
      const Error again = ends_again(why, printed);
      m_backoff.failed(again);
      return refuse_all(again);
    }
    if (m_queue.empty()) return;
  }
  if (!m_worker && !m_acquiring && !m_closed) acquire();
}

Error Kernel::ends_again(const std::string& why, const std::string& printed) const {
  Tail tail;
  tail.add(printed);
  return {503, "kernel_down", "the kernel's workers end again and again: " + why + tail.words(),
          "a reset makes one more at once, a cell after a while; what ends them is the session's, or its limits"};
}

void Kernel::drop_worker() {
  m_limit.cancel();
  if (const auto worker = std::exchange(m_worker, nullptr)) worker->kill();
}

void Kernel::finish(Ending ending) {
  const auto task = std::exchange(m_current, nullptr);
  m_limit.cancel();
  m_cut.reset();
  if (m_worker) m_worker->hold(false);
  ending.restarted = !m_news.empty();
  ending.reason = m_news;
  const bool heard = std::exchange(m_unheard, nullptr) != task;
  if (task->is_cell() && heard) m_news.clear();
  if (task->stake() == Task::Stake::brings && went_well(ending)) m_news.clear();
  ending.count = m_count;
  ending.ms = std::chrono::duration<double, std::milli>(Clock::now() - m_began).count();
  auto recording = std::exchange(m_recording, nullptr);
  task->ended(ending);
  remember(ending, std::move(recording));
}

// After whoever waits for the answer has it.
void Kernel::remember(const Ending& ending, std::unique_ptr<History::Recording> recording) {
  if (recording) m_line.add(m_history->add(recording->end(ending)));
}

void Kernel::refuse_all(const Error& error) {
  if (m_current) m_queue.push_front(std::exchange(m_current, nullptr));
  for (const auto& task : std::exchange(m_queue, {})) task->refused(error);
}

}  // namespace kernel
