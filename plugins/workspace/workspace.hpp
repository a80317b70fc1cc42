// The plugin: its operations, each a function of what is asked, and the workspaces that they work on.
#pragma once

#include <berth/plugin.hpp>

#include "asked.hpp"
#include "helpers.hpp"
#include "seats.hpp"
#include "threads.hpp"

namespace workspace {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context) : m_seats(context) {}

 private:
  static Asked asked(const Seat& seat, const berth::Call& call) {
    Seat::Shared& shared = *seat.shared;
    return {seat.root, shared.usage, shared.changing, shared.proven, call.input(), call.scope()};
  }
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
    return operation(asked(*seat, call));
  }

  // Of operations that need more of a call than its input, or that answer through it.
  template <berth::Json (*operation)(const Asked&, const berth::Call&)>
  berth::Json run_for(const berth::Call& call) {
    const auto seat = m_seats.of(call.session());
    return operation(asked(*seat, call), call);
  }
  template <void (*operation)(const Asked&, const berth::Call&)>
  void live(berth::Call call) {
    const auto seat = m_seats.of(call.session());
    operation(asked(*seat, call), call);
  }
  // Of operations that last as long as their client takes.
  template <void (*operation)(const Asked&, const berth::Call&, Threads&), Threads Plugin::*threads>
  void last(berth::Call call) {
    const auto seat = m_seats.of(call.session());
    operation(asked(*seat, call), call, this->*threads);
  }

  void look_for(berth::Call call);

  Seats m_seats;
  Helpers m_helpers{Helpers::usual()};  // outlive what they help
  Threads m_watches{{"watches", 16, 64, "end one of them, or watch a folder that has all that you want to see"}};
  Threads m_readers{{"readers", 32, 128, "read to its end what was begun: searches, and downloads of folders"}};
};

}  // namespace workspace
