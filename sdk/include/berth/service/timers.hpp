// Something later, once or again and again:
//
//   explicit Clock(const berth::Context& context) : m_timers(context) {
//     m_timers.every(1s, [this] { tick(); });
//   }
//   berth::Timers m_timers;
//
// What is called is serialised with the plugin's other calls and must not block. No timer outlives the instance.
#ifndef BERTH_SERVICE_TIMERS_HPP
#define BERTH_SERVICE_TIMERS_HPP

#include <berth/service/support.hpp>
#include <berth/service/timers.h>

#include <chrono>
#include <functional>
#include <memory>

namespace berth {

class Timers {
 public:
  explicit Timers(const berth_host* host) : m_host(host), m_timers(detail::lent<berth_timers>(host, BERTH_TIMERS)) {}
  explicit Timers(const Context& context) : Timers(context.host) {}

  // Any thread; never block. The timer's number, for cancel(). Throw Error(503) if there are 10,000 already.
  std::uint64_t after(std::chrono::milliseconds time, std::function<void()> then) const {
    return add(m_timers->after, time, [then = std::move(then)](std::uint64_t) { then(); });
  }
  std::uint64_t every(std::chrono::milliseconds time, std::function<void()> then) const {
    return add(m_timers->every, time, [then = std::move(then)](std::uint64_t) { then(); });
  }
  // The same, and how many periods had passed without a tick since the last one.
  std::uint64_t every_counted(std::chrono::milliseconds time, std::function<void(std::uint64_t missed)> then) const {
    return add(m_timers->every, time, std::move(then));
  }
  // Any thread. True: it will not tick any more. False: it had ended, or is running just now.
  bool cancel(std::uint64_t timer) const { return m_timers->cancel(m_host, timer) == 1; }

 private:
  using Then = std::function<void(std::uint64_t)>;
  struct Held {
    const berth_host* host;
    Then then;
  };
  using Add = std::uint64_t (*)(const berth_host*, std::uint64_t, const berth_tick*);

  std::uint64_t add(Add how, std::chrono::milliseconds time, Then then) const {
    auto held = std::make_unique<Held>(Held{m_host, std::move(then)});
    const berth_tick tick{sizeof(berth_tick), 0, &on_tick, &on_gone, held.get()};
    const auto ms = time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
    const auto timer = how(m_host, ms, &tick);
    if (timer == 0) throw Error(503, "too_many_timers", "the plugin has 10,000 timers already, or is ending");
    held.release();  // gone() has it now
    return timer;
  }
  static void on_tick(void* with, std::uint64_t, std::uint64_t missed) {
    const auto* held = static_cast<Held*>(with);
    detail::kept(held->host, "a timer", [&] { held->then(missed); });
  }
  static void on_gone(void* with) { delete static_cast<Held*>(with); }

  const berth_host* m_host;
  const berth_timers* m_timers;
};

}  // namespace berth

#endif
