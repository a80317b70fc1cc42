// The plugin: its operations, and the seats of the sessions. Everything is serialised by the host, but for clients that
// leave: so nothing here needs a lock.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/events.hpp>
#include <berth/service/process.hpp>
#include <berth/service/timers.hpp>
#include <berth/service/workspace.hpp>
#include <berth/spill.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ids.hpp"
#include "seat.hpp"

namespace shell {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);
  ~Plugin();

 private:
  static void declare_commands(Declaration& d);
  static void declare_state(Declaration& d);
  static void declare_processes(Declaration& d);
  static void declare_terminals(Declaration& d);
  static void declare_terminal_use(Declaration& d);

  void run(berth::Call call);
  void stream(berth::Call call);
  void folder(berth::Call call);
  void cd(berth::Call call);
  void environment(berth::Call call);
  void set(berth::Call call);
  void reset(berth::Call call);
  berth::Json processes(const berth::Call& call);
  void process(berth::Call call);
  void follow(berth::Call call);
  void wait(berth::Call call);
  berth::Json signal(const berth::Call& call);
  berth::Json remove(const berth::Call& call);
  void terminal(berth::Call call);
  berth::Json make_terminal(const berth::Call& call);
  berth::Json terminals(const berth::Call& call);
  berth::Json look(const berth::Call& call);
  berth::Json type(const berth::Call& call);
  berth::Json resize(const berth::Call& call);
  berth::Json remove_terminal(const berth::Call& call);

  std::shared_ptr<Seat> seat(const berth::Call& call);
  void doubt();
  void run_in_background(const berth::Call& call, const Ask& ask);
  // Once the state is known: bash is asked if it is not.
  void with_state(const berth::Call& call, std::function<void(Seat&)> then);
  void change_folder(const berth::Call& call, const std::shared_ptr<Seat>& seat, bool again);

  const berth::Processes m_processes;
  const berth::Timers m_timers;
  const berth::Workspaces m_workspaces;
  berth::Events m_events;
  berth::Spiller m_spiller;  // goes before what it calls
  Ids m_ids;
  const Tools m_tools;
  std::uint64_t m_ends = 0;  // subscription: sessions that end
  std::map<std::string, std::shared_ptr<Seat>> m_seats;
};

}  // namespace shell
