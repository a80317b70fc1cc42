// How fast one plugin may publish. On its own side, so that a flood costs nobody but itself, and again on the host's,
// since it may not be believed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "loader/services/bounds.hpp"
#include "loader/services/budget.hpp"
#include "service/log.hpp"

namespace berth::loader {

class EventGate {
 public:
  EventGate(service::Log& log, std::string plugin) : m_log(log), m_plugin(std::move(plugin)) {}

  // False: it is dropped, which the log is told of once a second.
  bool lets(std::size_t bytes) {
    const auto now = Budget::Moment::clock::now();
    if (m_count.has(1, now) && m_bytes.has(bytes, now)) {
      m_count.spend(1);
      m_bytes.spend(bytes);
      return true;
    }
    ++m_dropped;
    if (!m_told.has(1, now)) return false;
    m_told.spend(1);
    m_log.write(service::Level::warn, m_plugin, "events that it publishes too fast are dropped",
                {{"events", std::exchange(m_dropped, 0)}});
    return false;
  }

 private:
  service::Log& m_log;
  const std::string m_plugin;
  Budget m_count{events_at_once, events_a_second}, m_bytes{event_bytes_at_once, event_bytes_a_second};
  Budget m_told{1, 1};
  std::int64_t m_dropped = 0;  // that the log has not told of
};

}  // namespace berth::loader
