// Whether Python comes up: told by the seats of all sessions, asked for by the host whenever it likes. What fails in
// one session may be its agent's own doing, so nothing is wrong as long as it comes up in another.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace kernel {

class Health {  // any thread
 public:
  void up(const std::string& session) {
    const std::lock_guard lock(m_mutex);
    m_down.erase(session);
    m_up.insert(session);
  }
  void down(const std::string& session, const std::string& why) {
    const std::lock_guard lock(m_mutex);
    m_up.erase(session);
    m_down[session] = why;
  }
  void forget(const std::string& session) {
    const std::lock_guard lock(m_mutex);
    m_up.erase(session);
    m_down.erase(session);
  }
  std::optional<std::string> ailment() const {
    const std::lock_guard lock(m_mutex);
    if (!m_up.empty() || m_down.empty()) return std::nullopt;
    return "no kernel comes up: " + m_down.begin()->second;
  }

 private:
  mutable std::mutex m_mutex;  // guards what follows
  std::set<std::string> m_up;
  std::map<std::string, std::string> m_down;
};

}  // namespace kernel
