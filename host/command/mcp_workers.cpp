// A thread is made when a job finds none that is idle.
#include "command/mcp_workers.hpp"

#include <system_error>
#include <utility>

namespace berth::command {

bool McpWorkers::post(Job job, std::size_t bytes) {
  {
    const std::lock_guard held(m_lock);
    if (m_ended || (m_bytes > 0 && m_bytes + bytes > m_most_bytes)) return false;
    if (m_waiting.size() >= m_idle && m_workers.size() < m_most) hire();
    if (m_workers.empty()) return false;
    m_waiting.push_back({std::move(job), bytes});
    m_bytes += bytes;
  }
  m_work.notify_one();  // who wakes finds the lock free
  return true;
}

// Where the machine gives no more threads, those there are do it.
void McpWorkers::hire() {
  auto& worker = m_workers.emplace_back(m_target);
  try {
    worker.thread = std::thread([this, &worker] { serve(worker); });
    ++m_idle;  // or will be, once it runs
  } catch (const std::system_error&) {
    m_workers.pop_back();
  }
}

void McpWorkers::serve(Worker& worker) {
  std::unique_lock held(m_lock);
  while (true) {
    m_work.wait(held, [this] { return m_ended || !m_waiting.empty(); });
    if (m_ended) return;
    auto next = std::move(m_waiting.front());
    m_waiting.pop_front();
    --m_idle;
    worker.client.renew();
    held.unlock();
    next.job(worker.client);
    next.job = nullptr;
    held.lock();
    m_bytes -= next.bytes;
    ++m_idle;
    if (m_waiting.empty() && m_idle == m_workers.size()) m_settled.notify_all();
  }
}

void McpWorkers::settle(std::chrono::steady_clock::time_point until) {
  std::unique_lock held(m_lock);
  m_settled.wait_until(held, until, [this] { return m_waiting.empty() && m_idle == m_workers.size(); });
}

void McpWorkers::end() {
  {
    const std::lock_guard held(m_lock);
    m_ended = true;
    m_waiting.clear();
    for (auto& worker : m_workers) worker.client.abandon();
  }
  m_work.notify_all();
  for (auto& worker : m_workers) {
    if (worker.thread.joinable()) worker.thread.join();
  }
}

}  // namespace berth::command
