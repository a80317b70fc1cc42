// The plugin: its operations, each a function of what is asked, and the workspaces that they work on.
#pragma once

#include <berth/plugin.hpp>

#include "asked.hpp"
#include "seats.hpp"
#include "watch_operation.hpp"

namespace workspace {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context) : m_seats(context) {}

 private:
  static void declare_looking(Declaration& d);
  static void declare_reading(Declaration& d);
  static void declare_writing(Declaration& d);
  static void declare_moving(Declaration& d);
  static void declare_wide(Declaration& d);
  static void declare_transfers(Declaration& d);
  static void declare_stores(Declaration& d);

  template <berth::Json (*operation)(const Asked&)>
  berth::Json run(const berth::Call& call) {
    const auto seat = m_seats.of(call.session());
    return operation({seat->root, seat->shared->usage, seat->shared->changing, call.input(), call.scope()});
  }

  // Of operations that need more of a call than its input, or that answer through it.
  template <berth::Json (*operation)(const Asked&, const berth::Call&)>
  berth::Json run_for(const berth::Call& call) {
    const auto seat = m_seats.of(call.session());
    return operation({seat->root, seat->shared->usage, seat->shared->changing, call.input(), call.scope()}, call);
  }
  template <void (*operation)(const Asked&, const berth::Call&)>
  void live(berth::Call call) {
    const auto seat = m_seats.of(call.session());
    operation({seat->root, seat->shared->usage, seat->shared->changing, call.input(), call.scope()}, call);
  }
  void watch_folder(berth::Call call);

  Seats m_seats;
  WatchThreads m_watches;
};

}  // namespace workspace
