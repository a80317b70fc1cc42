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
  // Jobs for which there are so many places at once: one, if they come one after the other.
  struct Line {
    explicit Line(std::size_t most) : places(most) {}
    const std::size_t places;
    std::size_t taken = 0;
    std::deque<Job> waiting;
  };
  void begin(Line& line, Job job);  // a place of it is the job's
  void done(Line& line);            // gives that to the next; any thread

  service::Loop& m_loop;
  service::Pool& m_pool;
  const std::size_t m_most_waiting;
  std::mutex m_mutex;  // guards what follows
  Line m_serial, m_beside;
};

}  // namespace berth::loader
