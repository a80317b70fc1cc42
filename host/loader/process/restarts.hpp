// When a process that has died is started again, and when no more: later each time, never all at once, and not for
// ever.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>

#include "service/clock.hpp"

namespace berth::loader {

class Restarts {
 public:
  using Moment = service::Clock::Moment;
  struct Rules {
    std::uint32_t deaths = 5;  // so many within `within`, and it stays down
    std::chrono::milliseconds within{60'000};
    std::chrono::milliseconds first{100}, longest{30'000};

    bool operator==(const Rules&) const = default;
  };
  Restarts(Rules rules, std::uint32_t seed) : m_rules(rules), m_dice(seed) {}

  // How long to wait before the next start; null: no more of them.
  std::optional<std::chrono::milliseconds> died(Moment now) {
    while (!m_deaths.empty() && now - m_deaths.front() > m_rules.within) m_deaths.pop_front();
    if (m_deaths.empty()) m_next = m_rules.first;
    m_deaths.push_back(now);
    ++m_total;
    if (m_deaths.size() >= m_rules.deaths) return std::nullopt;
    const auto wait = m_next * std::uniform_real_distribution<>(0.8, 1.2)(m_dice);
    m_next = std::min(m_next * 2, m_rules.longest);
    return std::chrono::duration_cast<std::chrono::milliseconds>(wait);
  }
  void forgive() { m_deaths.clear(); }  // as if none had been
  std::uint64_t total() const { return m_total; }
  const Rules& rules() const { return m_rules; }

 private:
  const Rules m_rules;
  std::mt19937 m_dice;
  std::deque<Moment> m_deaths;
  std::chrono::milliseconds m_next{};
  std::uint64_t m_total = 0;
};

}  // namespace berth::loader
