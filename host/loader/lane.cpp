// One plugin instance's queue of work.
#include "loader/lane.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace berth::loader {

Lane::Lane(service::Loop& loop, service::Pool& pool, std::size_t most_waiting)
    : m_loop(loop), m_pool(pool), m_most_waiting(most_waiting), m_share(std::max<std::size_t>(pool.most() / 2, 1)) {}

void Lane::submit(Job job) {
  if (job.concurrent) return job.blocking ? beside(std::move(job)) : job.run();
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
    // The job holds whoever owns this lane, which may have no other holder by now.
    const bool taken = m_pool.run([this, run = std::move(job.run)] {
      run();
      m_loop.post([this, run] { done(); });
    });
    if (taken) return;
    if (refused) refused();
    return done();
  }
  job.run();
  done();
}

// What belongs to a call that was let in goes past the share: the call that holds a thread of it may be the one that
// waits for this.
void Lane::beside(Job job) {
  const auto refused = job.refused;
  if (job.follows) {
    if (!m_pool.run(std::move(job.run)) && refused) refused();
    return;
  }
  bool ours = false;
  {
    const std::lock_guard lock(m_mutex);
    ours = m_beside < m_share;
    if (ours) ++m_beside;
    if (!ours && m_waiting_beside.size() < m_most_waiting) return m_waiting_beside.push_back(std::move(job));
  }
  if (ours) return begin_beside(std::move(job));
  if (refused) refused();
}

void Lane::begin_beside(Job job) {
  auto refused = job.refused;
  const bool taken = m_pool.run([this, run = std::move(job.run)] {
    run();
    done_beside();
  });
  if (taken) return;
  if (refused) refused();
  done_beside();
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

void Lane::done_beside() {
  Job next;
  {
    const std::lock_guard lock(m_mutex);
    if (m_waiting_beside.empty()) {
      --m_beside;
      return;
    }
    next = std::move(m_waiting_beside.front());
    m_waiting_beside.pop_front();
  }
  auto shared = std::make_shared<Job>(std::move(next));
  m_loop.post([this, shared] { begin_beside(std::move(*shared)); });
}

void Lane::forget() {
  std::deque<Job> serial, beside;  // what they hold ends without the lock
  const std::lock_guard lock(m_mutex);
  serial.swap(m_waiting);
  beside.swap(m_waiting_beside);
}

}  // namespace berth::loader
