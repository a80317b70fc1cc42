// workspace.watch: what watch.hpp tells, as events.
#pragma once

#include <berth/schema.hpp>

#include <atomic>

#include "asked.hpp"

namespace workspace {

// A watch holds a thread as long as its client stays, so there are not more than so many.
class WatchSeats {
 public:
  static constexpr int most = 64;
  bool take() { return m_taken.fetch_add(1) < most || (give(), false); }
  void give() { m_taken.fetch_sub(1); }

 private:
  std::atomic<int> m_taken{0};
};

berth::Schema watch_input();
void watch(const Asked& asked, const berth::Call& call, WatchSeats& seats);

}  // namespace workspace
