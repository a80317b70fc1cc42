// What one session has: the state of its shell, what runs, what ran in the background, its terminals.
#pragma once

#include <berth/call.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "background.hpp"
#include "run.hpp"
#include "state.hpp"
#include "terminal.hpp"

namespace shell {

class Seat : public std::enable_shared_from_this<Seat> {
 public:
  static constexpr std::size_t most_running = 64;  // commands and terminals
  static constexpr std::size_t most_ended = 64;    // background commands whose output is kept; terminals whose end is

  // Serialised with the plugin's calls, all of it.
  Seat(const Tools& tools, std::string session) : m_tools(tools), m_session(std::move(session)) {}

  const std::string& session() const { return m_session; }
  State& state() { return m_state; }
  const State& state() const { return m_state; }

  void check_room() const;  // throws berth::Error(429)
  void add(const std::shared_ptr<Run>& run) { m_runs[run.get()] = run; }
  void remove(const Run& run) { m_runs.erase(&run); }

  std::shared_ptr<Background> start(const Ask& ask, std::function<void(Background&)> over);  // throws berth::Error
  std::shared_ptr<Background> process(const std::string& id) const;                          // throws Error(404)
  void remove_process(const std::string& id);                                                // throws Error(404)
  berth::Json processes() const;

  // The one of that id; if there is none, it is made. Throws berth::Error.
  std::shared_ptr<Terminal> open_terminal(const std::string& id, Terminal::Size size);
  std::shared_ptr<Terminal> terminal(const std::string& id) const;  // throws Error(404)
  void remove_terminal(const std::string& id);                      // throws Error(404)
  berth::Json terminals() const;

  void forget_past();  // its state, and all that has ended; what runs goes on
  void close();        // the session has ended: so does all of it

 private:
  void forget_ended(std::size_t most);
  void forget(const Terminal& terminal);
  const Tools& m_tools;
  const std::string m_session;
  State m_state;
  std::map<const Run*, std::weak_ptr<Run>> m_runs;
  std::map<std::uint64_t, std::shared_ptr<Background>> m_processes;  // by age
  std::map<std::string, std::shared_ptr<Terminal>> m_terminals;
  std::deque<std::pair<std::string, berth::End>> m_ended;  // terminals: how, the last one at the end
  std::uint64_t m_last = 0;
};

}  // namespace shell
