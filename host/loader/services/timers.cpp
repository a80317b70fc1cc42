// berth.timers/1: a tick is let go of, by its gone(), with the timer that holds it.
#include <berth/service/timers.h>

#include <algorithm>
#include <memory>

#include "loader/services/local.hpp"
#include "loader/services/tables.hpp"

namespace berth::loader {

namespace {

// gone() is the plugin's word that it may free what `with` is, so it comes once, and only for what was taken.
struct HeldTick {
  explicit HeldTick(const berth_tick& given) : tick(given) {}
  HeldTick(const HeldTick&) = delete;
  ~HeldTick() {
    if (taken && tick.gone) tick.gone(tick.with);
  }
  const berth_tick tick;
  bool taken = false;
};

std::uint64_t add_timer(const berth_host* host, std::uint64_t ms, bool again, const berth_tick* given) {
  Local* local = Local::of(host);
  if (!local || !given || given->size < sizeof(berth_tick) || !given->tick) return 0;
  constexpr std::uint64_t longest = 1ull << 40;  // milliseconds; some 35 years
  const std::chrono::milliseconds time(std::min(std::max<std::uint64_t>(ms, again ? 1 : 0), longest));
  const auto held = std::make_shared<HeldTick>(*given);
  held->taken = true;
  const auto timer = local->timers().add(
      time, again ? time : std::chrono::milliseconds(0),
      [held](std::uint64_t self, std::uint64_t missed) { held->tick.tick(held->tick.with, self, missed); });
  if (timer == 0) held->taken = false;
  return timer;
}

std::uint64_t after(const berth_host* host, std::uint64_t ms, const berth_tick* tick) {
  return add_timer(host, ms, false, tick);
}
std::uint64_t every(const berth_host* host, std::uint64_t ms, const berth_tick* tick) {
  return add_timer(host, ms, true, tick);
}

int cancel_timer(const berth_host* host, std::uint64_t timer) {
  Local* local = Local::of(host);
  return local && local->timers().cancel(timer) ? 1 : 0;
}

}  // namespace

const void* timers_table() {
  static constexpr berth_timers table{sizeof(berth_timers), &after, &every, &cancel_timer};
  return &table;
}

}  // namespace berth::loader
