// Timers of one owner, all behind one of the loop's. What is due is run through `enter`, which may take its time; a
// period whose last tick has not run yet is not put into that line once more.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "service/event_loop.hpp"

namespace berth::service {

class Timers {
 public:
  using Tick = std::function<void(std::uint64_t timer, std::uint64_t missed)>;  // periods that passed unheard
  // Runs something on the I/O thread, now or later, or never. Called on the I/O thread.
  using Enter = std::function<void(std::function<void()>)>;

  Timers(EventLoop& loop, Enter enter, std::size_t most);
  ~Timers();
  void end();  // any thread: none ticks from here on, but for one that is running, and none is made
  Timers(const Timers&) = delete;

  // Any thread. `every` zero: once. The timer's number, never used twice; 0: there are too many.
  std::uint64_t add(std::chrono::milliseconds after, std::chrono::milliseconds every, Tick tick);
  // Any thread. False: it is running just now on another thread, or had ended; true: it will not tick any more.
  bool cancel(std::uint64_t timer);
  std::size_t size() const;

 private:
  struct Body;
  std::shared_ptr<Body> m_body;
};

}  // namespace berth::service
