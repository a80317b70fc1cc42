// A request of the client's that has no answer yet, as whoever wants to cancel it sees it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "command/mcp_bridge.hpp"

namespace berth::command {

class McpBridge::Call {
 public:
  explicit Call(bool modern) : m_modern(modern) {}

  bool begin(Client& client) {  // false: it was cancelled before
    const std::lock_guard held(m_lock);
    if (!m_cancelled) m_client = &client;
    return m_client != nullptr;
  }
  void is_sent() {
    const std::lock_guard held(m_lock);
    m_sent = true;
    m_changed.notify_all();
  }
  void finish() {
    const std::lock_guard held(m_lock);
    m_client = nullptr;
    m_sent = true;
    m_changed.notify_all();
  }
  // True: that was all. False: the host is to be told, once it knows what is to be cancelled.
  bool cancel() {
    const std::lock_guard held(m_lock);
    m_cancelled = true;
    if (!m_client) return true;
    if (m_modern) m_client->abandon();
    return m_modern;
  }
  bool cancelled() const {
    const std::lock_guard held(m_lock);
    return m_cancelled;
  }
  void wait_until_sent(std::chrono::seconds patience) {
    std::unique_lock held(m_lock);
    m_changed.wait_for(held, patience, [this] { return m_sent; });
  }

 private:
  const bool m_modern;
  mutable std::mutex m_lock;
  std::condition_variable m_changed;
  Client* m_client = nullptr;
  bool m_cancelled = false, m_sent = false;
};

}  // namespace berth::command
