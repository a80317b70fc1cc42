// Threads that each have a client of their own, and so a connection that stays: a request waits on its own, and none
// behind another. There are never more than a bound, and what they and those who wait for one hold is bounded, too.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "command/client.hpp"

namespace berth::command {

class McpWorkers {
 public:
  using Job = std::function<void(Client&)>;

  McpWorkers(Client::Target target, std::size_t threads, std::size_t bytes)
      : m_target(std::move(target)), m_most(threads), m_most_bytes(bytes) {}
  ~McpWorkers() { end(); }

  bool post(Job job, std::size_t bytes);  // false: more is held than may be, or it is the end
  // Until nothing is done or waits, or until then.
  void settle(std::chrono::steady_clock::time_point until);
  void end();  // what waits is dropped, what is under way abandoned; returns once all threads are gone

 private:
  struct Waiting {
    Job job;
    std::size_t bytes;
  };
  struct Worker {
    explicit Worker(const Client::Target& target) : client(target) {}
    Client client;
    std::thread thread;
  };
  void hire();
  void serve(Worker& worker);

  const Client::Target m_target;
  const std::size_t m_most, m_most_bytes;
  std::mutex m_lock;
  std::condition_variable m_work, m_settled;
  std::deque<Waiting> m_waiting;
  std::list<Worker> m_workers;
  std::size_t m_idle = 0, m_bytes = 0;
  bool m_ended = false;
};

}  // namespace berth::command
