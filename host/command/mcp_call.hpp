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
  void is_sent() { change(m_sent, true); }
  void finish() {
    const std::lock_guard held(m_lock);
    m_client = nullptr;
    m_sent = m_finished = true;
    m_changed.notify_all();
  }
  // True: the host is to be told, once it knows what is to be cancelled; told() says that it was.
  bool cancel() {
    const std::lock_guard held(m_lock);
    m_cancelled = true;
    if (!m_client || m_telling) return false;
    if (m_modern) m_client->abandon();
    m_telling = !m_modern;
    return m_telling;
  }
  void told() { change(m_telling, false); }
  void leave() {
    const std::lock_guard held(m_lock);
    if (m_client) m_client->abandon();
  }

  bool cancelled() const {
    const std::lock_guard held(m_lock);
    return m_cancelled;
  }
  bool over() const {  // and nobody will tell the host to cancel it
    const std::lock_guard held(m_lock);
    return m_finished && !m_telling;
  }
  void wait_until_sent(std::chrono::milliseconds patience) {
    wait(patience, [this] { return m_sent; });
  }
  bool wait_until_finished(std::chrono::milliseconds patience) {
    return wait(patience, [this] { return m_finished; });
  }
  void wait_until_over(std::chrono::milliseconds patience) {
    wait(patience, [this] { return m_finished && !m_telling; });
  }

 private:
  void change(bool& what, bool to) {
    const std::lock_guard held(m_lock);
    what = to;
    m_changed.notify_all();
  }
  template <class Until>
  bool wait(std::chrono::milliseconds patience, Until until) {
    std::unique_lock held(m_lock);
    return m_changed.wait_for(held, patience, until);
  }

  const bool m_modern;
  mutable std::mutex m_lock;
  std::condition_variable m_changed;
  Client* m_client = nullptr;
  bool m_cancelled = false, m_sent = false, m_finished = false, m_telling = false;
};

}  // namespace berth::command
