// One line a second at most says how many are missing.
#include "loader/line_gate.hpp"

#include <utility>

#include "loader/services/bounds.hpp"

namespace berth::loader {

LineGate::LineGate(service::Log& log, std::string plugin, std::uint64_t times)
    : m_log(log),
      m_plugin(std::move(plugin)),
      m_lines(times * lines_at_once, times * lines_a_second),
      m_bytes(times * line_bytes_at_once, times * line_bytes_a_second),
      m_told(1, 1) {}

bool LineGate::lets(std::size_t bytes) {
  const auto now = Budget::Moment::clock::now();
  bool passes = false;
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(m_mutex);
    passes = m_lines.has(1, now) && m_bytes.has(bytes, now);
    if (passes) {
      m_lines.spend(1);
      m_bytes.spend(bytes);
    } else {
      ++m_left_out;
    }
    left_out = due(now);
  }
  say(left_out);
  return passes;
}

void LineGate::look() {
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(m_mutex);
    left_out = due(Budget::Moment::clock::now());
  }
  say(left_out);
}

void LineGate::tell() {
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(m_mutex);
    left_out = std::exchange(m_left_out, 0);
  }
  say(left_out);
}

// Under the lock.
std::uint64_t LineGate::due(Budget::Moment now) {
  if (m_left_out == 0 || !m_told.has(1, now)) return 0;
  m_told.spend(1);
  return std::exchange(m_left_out, 0);
}

void LineGate::say(std::uint64_t left_out) const {
  if (left_out == 0) return;
  m_log.write(service::Level::warn, m_plugin, "lines of this plugin are left out here: it says more than the log takes",
              {{"left_out", static_cast<std::int64_t>(left_out)}});
}

}  // namespace berth::loader
