// One plugin instance's queue of work.
#include "loader/lane.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace berth::loader {

Lane::Lane(service::Loop& loop, service::Pool& pool, std::size_t most_waiting)
    : m_loop(loop),
      m_pool(pool),
      m_most_waiting(most_waiting),
      m_serial(1),
      m_beside(std::max<std::size_t>(pool.most() / 2, 1)) {}

// What belongs to a call that was let in goes past the places of those that run beside each other: the call that has
// one may be what waits for this.
void Lane::submit(Job job) {
  if (job.concurrent && !job.blocking) return job.run();
  const auto refused = job.refused;
  if (job.concurrent && job.follows) {
    if (!m_pool.run(std::move(job.run)) && refused) refused();
    return;
  }
  Line& line = job.concurrent ? m_beside : m_serial;
  bool ours = false;
  {
    const std::lock_guard lock(m_mutex);
    ours = line.taken < line.places;
    if (ours) ++line.taken;
    if (!ours && (job.follows || line.waiting.size() < m_most_waiting)) return line.waiting.push_back(std::move(job));
  }
  if (ours) return begin(line, std::move(job));
  if (refused) refused();
}

void Lane::begin(Line& line, Job job) {
  if (!job.blocking) {
    job.run();
    return done(line);
  }
  const auto refused = job.refused;
  // The job holds whoever owns this lane, which may have no other holder by then.
  const bool taken = m_pool.run([this, &line, run = std::move(job.run)] {
    run();
    done(line);
  });
  if (taken) return;
  if (refused) refused();
  done(line);
}

void Lane::done(Line& line) {
  Job next;
  {
    const std::lock_guard lock(m_mutex);
    if (line.waiting.empty()) {
      --line.taken;
      return;
    }
    next = std::move(line.waiting.front());
    line.waiting.pop_front();
  }
  // By way of the loop, so that a long line neither recurses nor keeps the sockets waiting.
  auto shared = std::make_shared<Job>(std::move(next));
  m_loop.post([this, &line, shared] { begin(line, std::move(*shared)); });
}

void Lane::forget() {
  std::deque<Job> serial, beside;  // what they hold ends without the lock
  const std::lock_guard lock(m_mutex);
  serial.swap(m_serial.waiting);
  beside.swap(m_beside.waiting);
}

}  // namespace berth::loader
