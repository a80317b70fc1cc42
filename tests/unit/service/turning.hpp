// A loop that a test turns itself, on its own thread, until something has happened.
#pragma once

#include <chrono>

#include "service/event_loop.hpp"

namespace berth::test {

// False: it did not, for so long that it will not.
template <class Condition>
bool turn_until(service::EventLoop& loop, const Condition& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds() && std::chrono::steady_clock::now() < end) {
    loop.context().restart();
    loop.context().run_one_for(std::chrono::milliseconds(20));
  }
  return holds();
}

}  // namespace berth::test
