// Time as the host sees it; a test puts a clock of its own here and makes ten minutes pass at once.
#pragma once

#include <chrono>
#include <ctime>

namespace berth::service {

class Clock {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  using WallMoment = std::chrono::system_clock::time_point;

  virtual ~Clock() = default;
  virtual Moment now() const { return std::chrono::steady_clock::now(); }
  // now(), as it was at the kernel's last tick: some milliseconds old, and a quarter of the price. For deadlines.
  virtual Moment recent() const {
    timespec at{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
    return Moment(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
  }
  virtual WallMoment wall() const { return std::chrono::system_clock::now(); }
};

// Moves only when told. Not thread-safe against advance(): a test advances on the thread that reads.
class ManualClock : public Clock {
 public:
  Moment now() const override { return m_now; }
  Moment recent() const override { return m_now; }
  WallMoment wall() const override { return m_wall; }
  void advance(std::chrono::milliseconds by) {
    m_now += by;
    m_wall += by;
  }

 private:
  Moment m_now = std::chrono::steady_clock::now();
  WallMoment m_wall = std::chrono::system_clock::now();
};

}  // namespace berth::service
