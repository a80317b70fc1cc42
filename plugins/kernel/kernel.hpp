// One kernel: a worker and what waits for it. It heals itself: whatever its worker does, every task has one end, and
// the next one finds a worker that answers.
#pragma once

#include <berth/call.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backoff.hpp"
#include "history.hpp"
#include "loop.hpp"
#include "task.hpp"
#include "worker.hpp"

namespace kernel {

using loop::Backoff;
using loop::Loop;
using loop::Timer;

// Hears what becomes of a kernel. On the loop's thread.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void restarted() = 0;                     // its namespace is a new one
  virtual void closed(const std::string& why) = 0;  // it is over
};

class Kernel : public std::enable_shared_from_this<Kernel> {
 public:
  using Acquire = std::function<Worker::GiveUp(Worker::Born)>;  // what it returns may be empty
  using Shared = std::shared_ptr<Task>;
  struct Pids {
    pid_t old = 0, now = 0;
  };
  using Reset = std::function<void(Pids, std::optional<berth::Error>)>;
  // Where a worker's namespace has come from.
  struct Origin {
    std::string checkpoint;   // its id; that of a worker which was never anything else is fresh
    std::int64_t count = 0;   // of cells that had run
    History::Line line = {};  // these
  };
  static constexpr const char* fresh = "0";
  static constexpr std::size_t most_waiting = 64;

  // `engine` is the name of what runs its cells.
  Kernel(Loop& loop, std::string id, std::string engine, std::chrono::milliseconds grace, Acquire acquire);
  ~Kernel() { close("the session has ended"); }

  // All on the loop's thread.
  void run(const Shared& task);
  void warm();                  // so that the first task finds a worker
  void drop(const Task* task);  // nobody waits for it any more: out of the queue, or interrupted
  bool interrupt();             // whatever runs; false: nothing does
  void reset(const Reset& then);
  // With a worker that somebody else has made; what runs or waits is broken off. Throws Error(404).
  Pids replace(const std::shared_ptr<Worker>& worker, Origin origin);
  void refuse_cells(const berth::Error& error);  // all that wait
  void close(const std::string& why);            // all that waits ends
  // For the task that runs: an answer to a question of the worker's; slowness of whoever listens.
  void say(const Task* task, const berth::Json& frame);
  void hold(const Task* task, bool held);

  void watch(const std::weak_ptr<Watcher>& watcher);
  // What the next cell's answer says of a namespace that was there before.
  void tell_first(const std::string& news) { m_news = news; }
  void remember_in(std::shared_ptr<History> history) { m_history = std::move(history); }
  const History::Line& line() const { return m_line; }

  const std::string& id() const { return m_id; }
  const std::string& engine() const { return m_engine; }
  std::int64_t count() const { return m_count; }  // of cells
  const std::string& checkpoint() const { return m_checkpoint; }
  void set_checkpoint(const std::string& id) { m_checkpoint = id; }
  bool busy() const;  // a cell runs, or waits
  bool idle() const { return m_worker && !m_current && m_queue.empty(); }
  std::uint64_t restarts() const { return m_restarts; }
  berth::Json facts() const;
  // What the last worker said of its engine; empty: there was none.
  const berth::Json& about() const { return m_about; }
  berth::Json debug() const { return m_worker ? m_worker->debug() : berth::Json(); }

 private:
  using Clock = std::chrono::steady_clock;
  void next();
  void get(const Worker::Born& then);
  void stop_getting();
  void acquire();
  void adopt(const std::shared_ptr<Worker>& worker, const Origin& origin);
  std::function<void(const std::string& why)> put_down();
  void probe();
  void start();
  void give_up();
  void refuse_keepers(const std::string& why);
  berth::Error gone() const;
  void told(Told told);
  void done(berth::Json frame);
  bool skip();
  std::size_t cells_waiting() const;
  void unanswered();
  void cut(Ending::How how, const std::string& why);
  void break_off(Ending::How how);
  void lost(const std::string& why);
  berth::Error ends_again(const std::string& why, const std::string& printed) const;
  void finish(Ending ending);
  void remember(const Ending& ending, std::unique_ptr<History::Recording> recording);
  void refuse_all(const berth::Error& error);
  void drop_worker();
  std::vector<std::shared_ptr<Watcher>> watchers();

  Loop& m_loop;
  const std::string m_id, m_engine;
  const std::chrono::milliseconds m_grace;
  const Acquire m_acquire;
  std::shared_ptr<Worker> m_worker;
  Worker::GiveUp m_give_up;  // the one that is on its way
  berth::Json m_about = berth::Json::object();
  std::deque<Shared> m_queue;
  Shared m_current;
  std::uint64_t m_serial = 0;        // of requests
  std::uint64_t m_round = 0;         // of workers: what one asked for before belongs to nobody
  std::int64_t m_count = 0;          // of cells
  std::string m_checkpoint = fresh;  // that its namespace has come from
  std::uint64_t m_restarts = 0;
  bool m_acquiring = false, m_probing = false, m_unsettled = false, m_closed = false;
  Shared m_unwanted;  // given up before it began
  int m_losses = 0;   // of workers, since a task was done
  Backoff m_backoff;  // of those that end without having run anything
  std::optional<Ending::How> m_cut;
  std::string m_news;                  // why the worker is a new one
  Shared m_unheard;                    // nobody hears how it ends: the news is the next one's
  std::array<std::string, 2> m_stray;  // what was printed between cells, on either stream
  Clock::time_point m_began, m_heard;
  std::vector<std::weak_ptr<Watcher>> m_watchers;
  std::shared_ptr<History> m_history;
  std::unique_ptr<History::Recording> m_recording;  // of the cell that runs
  History::Line m_line;
  Timer m_limit;
};

}  // namespace kernel
