// The plugin: its operations, all of which only hand over to its loop, and the seats of the sessions.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/events.hpp>
#include <berth/service/files.hpp>
#include <berth/service/jobs.hpp>
#include <berth/service/process.hpp>
#include <berth/service/workspace.hpp>

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "cell.hpp"
#include "seat.hpp"
#include "wire/wires.hpp"

namespace kernel {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);
  ~Plugin();
  std::optional<std::string> ailment() const { return m_health.ailment(); }

 private:
  static void declare_cells(Declaration& d);
  static void declare_kernels(Declaration& d);
  static void declare_care(Declaration& d);
  static void declare_checkpoints(Declaration& d);
  static void declare_cryo(Declaration& d);
  static void declare_history(Declaration& d);
  static void declare_questions(Declaration& d);
  static void declare_wires(Declaration& d);

  void exec(berth::Call call);
  void exec_stream(berth::Call call);
  void exec_job(berth::Call call);
  void input(berth::Call call);
  void create(berth::Call call);
  void list(berth::Call call);
  void remove(berth::Call call);
  void reset(berth::Call call);
  void interrupt(berth::Call call);
  void checkpoint(berth::Call call);
  void checkpoints(berth::Call call);
  void restore(berth::Call call);
  void branch(berth::Call call);
  void forget_checkpoint(berth::Call call);
  void cryo_store(berth::Call call);
  void cryo_reload(berth::Call call);
  void cryo_look(berth::Call call);
  void status(berth::Call call);
  void history(berth::Call call);
  void notebook(berth::Call call);
  void variables(berth::Call call);
  void complete(berth::Call call);
  void inspect(berth::Call call);
  void ping(berth::Call call);
  void connection(berth::Call call);
  void connection_file(berth::Call call);
  void disconnect(berth::Call call);
  void bridge(berth::Call call);
  void debug(berth::Call call);

  using On = std::function<void(Seat&, const std::shared_ptr<Kernel>&)>;
  // On the loop, with the kernel that is meant; what is thrown there answers the call.
  void with_kernel(const berth::Call& call, On then);
  void with_seat(const berth::Call& call, std::function<void(Seat&)> then);
  Seat& seat(const std::string& session);
  void drop_if_left(const berth::Call& call, const std::shared_ptr<Kernel>& kernel, const std::shared_ptr<Task>& task);
  // Throws Error(409) if the session has a cell of that id.
  Ask ask_of(const berth::Call& call, const Kernel& kernel);
  std::shared_ptr<Cell> find_cell(const std::string& session, const std::string& id);
  void run(const std::shared_ptr<Cell>& cell, const std::shared_ptr<Kernel>& kernel);
  void run_behind_checkpoint(const std::shared_ptr<Cell>& cell, const std::shared_ptr<Kernel>& kernel);
  CellTools tools() { return {m_loop, m_calls, m_spiller}; }
  // What the engine is asked, and the fields of its answer that are ours.
  void keep(const berth::Call& call, const berth::Json& request, Task::Stake stake,
            std::initializer_list<const char*> fields);
  // The worker is null: a fresh one is meant.
  using Thawed = std::function<void(const Checkpoint&, const std::shared_ptr<Worker>&)>;
  void thaw(const berth::Call& call, Seat& seat, const std::string& kernel, const Thawed& then);
  void restored(const berth::Call& call, std::chrono::steady_clock::time_point began,
                const std::shared_ptr<Kernel>& kernel, const Checkpoint& one, const std::shared_ptr<Worker>& worker);
  void question(const berth::Call& call, berth::Json request, std::function<berth::Json(berth::Json)> then);

  wire::Server::Owner owner_of(Seat& seat, const std::string& kernel);
  const wire::Wires::Opened& opened(const berth::Call& call, Seat& seat, const std::shared_ptr<Kernel>& kernel);
  void join(const berth::Call& call, Seat& seat, const std::shared_ptr<Kernel>& kernel, bool own);
  berth::Json file_of(const Kernel& kernel) const;  // its connection file, or null

  const berth::Log m_log;
  const berth::Processes m_processes;
  const berth::Workspaces m_workspaces;
  berth::Calls m_calls;
  berth::Jobs m_jobs;
  berth::Events m_events;
  std::uint64_t m_begins = 0, m_ends = 0;  // subscriptions: sessions
  Health m_health;
  Kept m_kept;
  SeatOptions m_options;
  std::size_t m_most_output;
  Loop m_loop;
  berth::Spiller m_spiller;                              // goes before the loop, which it posts to
  wire::Wires m_wires;                                   // the loop's
  std::map<std::string, std::shared_ptr<Seat>> m_seats;  // the loop's
  std::map<std::string, std::weak_ptr<Cell>> m_cells;    // that are not over, by session and id; the loop's
};

}  // namespace kernel
