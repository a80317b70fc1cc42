// What does not come up is tried again, but not again and again: each failure doubles the wait, and who asks meanwhile
// is told why.
#pragma once

#include <berth/call.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace loop {

class Backoff {
 public:
  // What failed last, if it is too early to try again.
  std::optional<berth::Error> refusal() const { return Clock::now() < m_not_before ? m_why : std::nullopt; }
  void check() const {  // throws that
    if (const auto error = refusal()) throw berth::Error(*error);
  }
  void failed(const berth::Error& why) {
    m_failures = std::min(m_failures + 1, most_doublings);
    m_not_before = Clock::now() + first_wait * (1 << m_failures);
    m_why = why;
  }
  void well() {
    m_failures = 0;
    m_not_before = {};
  }
  int failures() const { return m_failures; }
  berth::Json why() const { return m_why ? berth::Json(m_why->message()) : berth::Json(); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto first_wait = std::chrono::milliseconds(500);
  static constexpr int most_doublings = 6;
  int m_failures = 0;
  Clock::time_point m_not_before;
  std::optional<berth::Error> m_why;
};

}  // namespace loop
