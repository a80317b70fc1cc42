// Keeps the promise of the SDK's threading rule: calls into one plugin instance come one after the other, on the I/O
// thread if they do not block and on a pool thread if they do, and nobody on the I/O thread ever waits for that. Those
// that may run beside each other do, on at most half of the pool's threads: handlers that keep their thread for as long
// as a stream lasts then hold up their own plugin and no other.
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
  void forget();  // what waits is not run any more: jobs hold their owner, which would outlive its end

 private:
  void begin(Job job);  // the lane is ours
  void done();          // gives the lane to the next in line
  void beside(Job job);
  void begin_beside(Job job);  // a thread of our share is ours
  void done_beside();          // gives it to the next in line

  service::Loop& m_loop;
  service::Pool& m_pool;
  const std::size_t m_most_waiting, m_share;
  std::mutex m_mutex;  // guards what follows
  bool m_taken = false;
  std::size_t m_beside = 0;  // how many threads of the share are taken
  std::deque<Job> m_waiting, m_waiting_beside;
};

}  // namespace berth::loader
