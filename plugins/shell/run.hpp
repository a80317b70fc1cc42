// One program that runs for a session: started, bounded in time, ended, and what it left behind learned.
#pragma once

#include <berth/service/process.hpp>
#include <berth/service/timers.hpp>
#include <berth/spill.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "ids.hpp"
#include "outcome.hpp"
#include "script.hpp"

namespace shell {

class Seat;

struct Tools {  // what all of them use of the plugin; outlives them
  const berth::Processes& processes;
  const berth::Timers& timers;
  std::chrono::milliseconds grace;  // between asking it to end and making it
  std::size_t most_output;          // bytes of each stream, for an answer
  berth::Spiller& spiller;          // for what is more
  Ids& ids;                         // of background processes
};

class Run : public std::enable_shared_from_this<Run> {
 public:
  struct Ears {
    std::function<berth::Flow(Run&, berth::Outlet, std::string_view)> output;
    std::function<void(const Outcome&, bool kept)> ended;  // once; whether what it changed was kept
  };
  Run(const Run&) = delete;
  // Serialised with the plugin's calls, as all but what says otherwise. Throws berth::Error.
  static std::shared_ptr<Run> begin(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, Ears ears);

  // Any thread. Its whole group is asked to end, and made to after the grace; nothing holds its output back any more.
  void end(Why why);
  void kill(Why why);               // any thread; at once
  void resume();                    // any thread
  std::function<void()> resumer();  // that: also when it has gone by then
  void signal(int number);          // any thread

 private:
  Run(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, Ears ears);
  void start(const Ask& ask);
  void spawn(const Ask& ask);
  berth::Flow heard(berth::Outlet outlet, std::string_view bytes);
  void ended(const berth::End& end);
  bool learn(bool whole);
  bool first(Why why);

  const Tools& m_tools;
  const std::weak_ptr<Seat> m_seat;
  const std::chrono::milliseconds m_timeout;
  const bool m_learns;
  Ears m_ears;
  berth::Fd m_told;
  const State::Begin m_begin;
  std::optional<berth::Process> m_process;  // from begin() on
  std::uint64_t m_timer = 0;
  std::atomic<Why> m_why{Why::nothing};
};

}  // namespace shell
