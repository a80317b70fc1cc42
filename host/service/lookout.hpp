// Whoever sleeps has to be woken, and between two processors of a virtual machine that takes longer than most answers
// of another process do. So for a moment one looks for the other's word before it sleeps: as long as it has come within
// such a moment the last time, and where there is a processor for each. Who looks lets others have the processor; where
// somebody keeps it, it sleeps for a while instead, since who sleeps is woken before those who only compute.
#pragma once

#include <sched.h>

#include <chrono>
#include <utility>

namespace berth::service {

// That this process may use.
inline int processors() {
  cpu_set_t all;
  return ::sched_getaffinity(0, sizeof all, &all) == 0 ? CPU_COUNT(&all) : 1;
}

class Lookout {
 public:
  explicit Lookout(std::chrono::microseconds moment) : m_moment(moment) {}
  void begin() {
    if (m_apart) m_since = m_looked = std::chrono::steady_clock::now();
  }
  bool lasts() const { return m_soon && m_looked - m_since < m_moment; }
  // After work of this thread's own, which is not somebody else's.
  void resume() { m_looked = std::chrono::steady_clock::now(); }
  // Between two looks.
  void pause() {
    ::sched_yield();
    const auto before = std::exchange(m_looked, std::chrono::steady_clock::now());
    if (m_looked - before <= taken) return;
    m_not_before = m_looked + std::chrono::milliseconds(100);
    m_soon = false;
  }
  void came() {
    if (!m_apart) return;
    const auto now = std::chrono::steady_clock::now();
    m_soon = now - m_since < m_moment && now >= m_not_before;
  }

 private:
  static constexpr std::chrono::microseconds taken{2000};  // by somebody who computes, and not only by another call

  const std::chrono::microseconds m_moment;
  const bool m_apart = processors() > 1;
  std::chrono::steady_clock::time_point m_since{}, m_looked{}, m_not_before{};
  bool m_soon = false;
};

}  // namespace berth::service
