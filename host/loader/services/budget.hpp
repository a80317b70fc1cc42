// So much at once, and so much a second: what one plugin may ask of what all share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace berth::loader {

class Budget {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  Budget(std::uint64_t at_once, std::uint64_t a_second)
      : m_most(static_cast<double>(at_once)), m_rate(static_cast<double>(a_second)), m_left(m_most) {}

  bool has(std::uint64_t amount, Moment now) {
    const std::chrono::duration<double> since = now - m_seen;
    if (m_seen != Moment()) m_left = std::min(m_most, m_left + m_rate * since.count());
    m_seen = now;
    return m_left >= static_cast<double>(amount);
  }
  void spend(std::uint64_t amount) { m_left -= static_cast<double>(amount); }

 private:
  const double m_most, m_rate;
  double m_left;
  Moment m_seen{};
};

}  // namespace berth::loader
