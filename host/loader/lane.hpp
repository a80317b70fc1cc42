// Keeps the promise of the SDK's threading rule: calls into one plugin instance come one after the other, on the I/O
// thread if they do not block and on a pool thread if they do, and nobody on the I/O thread ever waits for that.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "service/loop.hpp"
#include "service/pool.hpp"

namespace berth::loader {

struct Job {
  std::function<void()> run;
  std::function<void()> refused;  // instead of run, when there is no room for it
  bool blocking = false;
  bool concurrent = false;
  bool follows = false;  // belongs to a call that was let in: the line may be full, it is let in, too
};

class Lane {
 public:
  Lane(service::Loop& loop, service::Pool& pool, std::size_t most_waiting = 1024);
  // On the I/O thread. Runs the job now if it may, or later, or calls `refused`.
  void submit(Job job);

 private:
  void begin(Job job);  // the lane is ours
  void done();          // gives the lane to the next in line
  bool to_pool(Job job, bool holds_lane);

  service::Loop& m_loop;
  service::Pool& m_pool;
  const std::size_t m_most_waiting;
  std::mutex m_mutex;
  bool m_taken = false;
  std::deque<Job> m_waiting;
};

}  // namespace berth::loader
