// One plugin instance's queue of work.
#include "loader/lane.hpp"

#include <memory>
#include <utility>

namespace berth::loader {

Lane::Lane(service::Loop& loop, service::Pool& pool, std::size_t most_waiting)
    : m_loop(loop), m_pool(pool), m_most_waiting(most_waiting) {}

void Lane::submit(Job job) {
  if (job.concurrent) {
    if (!job.blocking) return job.run();
    auto refused = job.refused;
    if (!to_pool(std::move(job), false) && refused) refused();
    return;
  }
  bool ours = false;
  {
    const std::lock_guard lock(m_mutex);
    if (m_taken && (job.follows || m_waiting.size() < m_most_waiting)) return m_waiting.push_back(std::move(job));
    ours = !std::exchange(m_taken, true);
  }
  if (ours) return begin(std::move(job));
  if (job.refused) job.refused();
}

void Lane::begin(Job job) {
  if (job.blocking) {
    auto refused = job.refused;
    if (to_pool(std::move(job), true)) return;
    if (refused) refused();
    return done();
  }
  job.run();
  done();
}

bool Lane::to_pool(Job job, bool holds_lane) {
  return m_pool.run([this, holds_lane, run = std::move(job.run)] {
    run();
    // The job holds whoever owns this lane, which may have no other holder by now.
    if (holds_lane) m_loop.post([this, run] { done(); });
  });
}

void Lane::done() {
  Job next;
  {
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty()) {
      m_taken = false;
      return;
    }
    next = std::move(m_waiting.front());
    m_waiting.pop_front();
  }
  // By way of the loop, so that a long line neither recurses nor keeps the sockets waiting.
  auto shared = std::make_shared<Job>(std::move(next));
  m_loop.post([this, shared] { begin(std::move(*shared)); });
}

}  // namespace berth::loader
