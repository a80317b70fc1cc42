// What is done to a kernel from outside of its turns: reset, its end, cells that are given up, what is said to its
// worker, how it stands.
#include "kernel.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kernel {

using berth::Error;
using berth::Json;
using How = Ending::How;

// All that it had; what runs or waits ends when the caller says so, and why.
std::function<void(const std::string& why)> Kernel::put_down() {
  drop_worker();
  m_stray = {};
  m_probing = false;
  m_unwanted = m_unheard = nullptr;
  auto waiting = std::exchange(m_queue, {});
  const double ran = m_current ? std::chrono::duration<double, std::milli>(Clock::now() - m_began).count() : 0;
  if (m_current) waiting.push_front(std::exchange(m_current, nullptr));
  m_cut.reset();
  ++m_restarts;
  const std::shared_ptr<History::Recording> recording = std::exchange(m_recording, nullptr);
  return [recording, count = m_count, self = shared_from_this(), waiting, ran](const std::string& why) {
    Ending ending;
    ending.how = How::interrupted;
    ending.restarted = true;
    ending.reason = why;
    ending.ms = ran;
    ending.count = count;
    for (const auto& task : waiting) task->ended(ending);
    if (recording) self->m_history->add(recording->end(ending));
    for (const auto& one : self->watchers()) one->restarted();
  };
}

void Kernel::reset(const Reset& then) {
  if (m_closed) return then({}, gone());
  const pid_t old = m_worker ? m_worker->pid() : 0;
  const auto tell = put_down();
  get([weak = weak_from_this(), then, old, round = ++m_round](std::shared_ptr<Worker> worker,
                                                              std::optional<Error> error) {
    const auto self = weak.lock();
    if (!self || self->m_round != round || self->m_closed)
      return then({}, Error(409, "reset_again", "the kernel was reset or ended meanwhile"));
    self->m_acquiring = false;
    if (!worker) {
      then({old, 0}, error);
      return self->refuse_all(*error);
    }
    self->adopt(worker, {fresh});
    self->m_news.clear();
    then({old, worker->pid()}, std::nullopt);
    self->next();
  });
  tell("the kernel was reset");
}

Kernel::Pids Kernel::replace(const std::shared_ptr<Worker>& worker, Origin origin) {
  if (m_closed) throw gone();
  const pid_t old = m_worker ? m_worker->pid() : 0;
  const auto tell = put_down();
  ++m_round;
  stop_getting();
  m_acquiring = false;
  adopt(worker, origin);
  m_news.clear();
  m_losses = 0;
  m_backoff.well();
  tell("the kernel was restored from the checkpoint " + origin.checkpoint);
  next();
  return {old, worker->pid()};
}

void Kernel::close(const std::string& why) {
  if (std::exchange(m_closed, true)) return;
  stop_getting();
  drop_worker();
  if (m_current && !m_probing) {
    m_news = "the kernel was ended: " + why;
    Ending ending;
    ending.how = How::died;
    finish(std::move(ending));
  }
  refuse_all({410, "kernel_ended", "the kernel " + m_id + " has ended: " + why,
              "it did not run: send it to another kernel; GET /kernels lists them"});
  for (const auto& one : watchers()) one->closed(why);
}

void Kernel::refuse_cells(const Error& error) {
  if (m_closed) return;  // which is what they are told
  std::deque<Shared> cells;
  const auto is_cell = [](const Shared& one) { return one->is_cell(); };
  std::copy_if(m_queue.begin(), m_queue.end(), std::back_inserter(cells), is_cell);
  m_queue.erase(std::remove_if(m_queue.begin(), m_queue.end(), is_cell), m_queue.end());
  for (const auto& task : cells) task->refused(error);
}

// The variables that they were asked to keep are gone, and others must not be kept in their place.
void Kernel::refuse_keepers(const std::string& why) {
  const Error error(409, "kernel_restarted", "there is nothing to keep, its variables are gone: " + why,
                    "what was kept before is as it was: POST /cryo/reload, or restore a checkpoint; or run a cell");
  const auto keeps = [](const Shared& one) { return one->stake() == Task::Stake::keeps; };
  std::deque<Shared> refused;
  std::copy_if(m_queue.begin(), m_queue.end(), std::back_inserter(refused), keeps);
  m_queue.erase(std::remove_if(m_queue.begin(), m_queue.end(), keeps), m_queue.end());
  for (const auto& task : refused) task->refused(error);
}

void Kernel::drop(const Task* task) {
  if (task == m_current.get()) {
    if (m_probing) m_unwanted = m_current;
    m_unheard = m_current;
    return cut(How::interrupted, "nobody waits for it any more");
  }
  for (auto at = m_queue.begin(); at != m_queue.end(); ++at) {
    if (at->get() != task) continue;
    const auto dropped = *at;
    m_queue.erase(at);
    return dropped->refused({499, "cancelled", "nobody waits for it any more"});
  }
}

// The first cell that waits, for a worker or behind a question, does not begin.
bool Kernel::skip() {
  const auto at = std::find_if(m_queue.begin(), m_queue.end(), [](const Shared& one) { return one->is_cell(); });
  if (at == m_queue.end()) return false;
  const Shared task = *at;
  m_queue.erase(at);
  Ending ending;
  ending.how = How::interrupted;
  ending.count = m_count;
  task->ended(ending);
  return true;
}

bool Kernel::interrupt() {
  const bool in_cell = m_current && m_current->is_cell();
  if (!in_cell && skip()) return true;
  if (!m_current) return false;
  if (m_probing) m_unwanted = m_current;
  cut(How::interrupted, "somebody asked for it");
  return true;
}

void Kernel::watch(const std::weak_ptr<Watcher>& watcher) { m_watchers.push_back(watcher); }

std::vector<std::shared_ptr<Watcher>> Kernel::watchers() {
  std::vector<std::shared_ptr<Watcher>> alive;
  std::vector<std::weak_ptr<Watcher>> kept;
  for (const auto& one : m_watchers) {
    if (auto watcher = one.lock()) {
      alive.push_back(std::move(watcher));
      kept.push_back(one);
    }
  }
  m_watchers = std::move(kept);
  return alive;
}

void Kernel::say(const Task* task, const Json& frame) {
  if (m_worker && m_current.get() == task && !m_probing) m_worker->send(frame);
}

void Kernel::hold(const Task* task, bool held) {
  if (m_worker && m_current.get() == task && !m_cut) m_worker->hold(held);
}

Json Kernel::facts() const {
  const bool busy = this->busy();
  const char* state = busy ? "busy" : m_worker ? "idle" : m_acquiring ? "starting" : "none";
  return {{"kernel", m_id},
          {"engine", m_engine},
          {"state", state},
          {"busy", busy},
          {"pid", m_worker ? Json(m_worker->pid()) : Json()},
          {"exec_count", m_count},
          {"waiting", cells_waiting()},
          {"checkpoint", m_checkpoint},
          {"restarts", m_restarts}};
}

}  // namespace kernel
