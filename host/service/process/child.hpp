// One child process: started, its output read as fast as it is taken, its limits watched, its end seen and put into
// words. It ends with this object, with its whole group. Everything on the I/O thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"
#include "service/process/end.hpp"
#include "service/process/in_pipe.hpp"
#include "service/process/launcher.hpp"
#include "service/process/out_pipe.hpp"

namespace berth::service {

enum class Outlet { output, errors };

class Child : public std::enable_shared_from_this<Child> {
 public:
  struct Size {  // of a terminal
    unsigned short rows = 24, columns = 80;
  };
  struct Plan {
    Order order;                   // of its descriptors 0 to 2, those that are not there yet are made
    bool input = false;            // 0 is what write() gives it; otherwise empty
    bool together = false;         // errors come with the output
    std::optional<Size> terminal;  // all three are one
    Bounds bounds;
  };
  struct Ears {
    std::function<bool(Outlet, std::string_view piece)> output;  // false: no more of it until resume()
    std::function<void(End)> ended;                              // once, after the last of its output
    std::function<void(std::size_t bytes)> took = {};            // so much of what was written has left
    std::function<void(const Hits&)> hits = {};                  // for each look(), as long as it is there
  };

  // An Error: it is known at once that it cannot be. What turns out later is told as its end, `not_started`.
  static Result<std::shared_ptr<Child>> spawn(EventLoop& loop, Launcher& launcher, Plan plan, Ears ears);
  ~Child();
  Child(const Child&) = delete;

  pid_t pid() const { return m_pid; }  // -1: it is not there yet
  void write(std::string piece);
  void close_input();
  void resume(Outlet outlet);
  void resize(Size size);
  void signal(int number);                                 // to its group
  void stop(int number, std::chrono::milliseconds grace);  // the same, and SIGKILL if it is still there then
  void kill();                                             // at once; how it ended is heard as always
  void look();                                             // at its jail's limits
  std::optional<std::uint64_t> memory() const;  // bytes that it holds for itself and has touched; null: unknown

 private:
  struct Ends;  // ours, of what connects us
  Child(EventLoop& loop, Bounds bounds, Limits limits, Ears ears);
  void connect(Ends ends);
  void connect_terminal(UniqueFd other);
  Launcher::Ears launch_ears();
  void on_started(pid_t pid, UniqueFd terminal);
  bool on_output(Outlet outlet, std::string_view piece);
  void end_for(Cause cause);
  void on_ended(Result<Outcome> outcome);
  void tell_end();

  EventLoop& m_loop;
  pid_t m_pid = -1;
  const Bounds m_bounds;
  const Limits m_limits;
  Ears m_ears;
  std::unique_ptr<Ends> m_ends;        // of a terminal, until the program runs: it may be given another one
  std::vector<std::string> m_written;  // meanwhile
  bool m_closed = false;               // as well
  std::shared_ptr<InPipe> m_in;
  std::shared_ptr<OutPipe> m_out[2];
  boost::asio::steady_timer m_deadline, m_grace;
  std::chrono::steady_clock::time_point m_since;
  Cause m_verdict = Cause::exited;
  std::optional<End> m_end;  // once it is over
  std::uint64_t m_output = 0;
  int m_open = 0;                      // outlets that are not over
  int m_terminal = -1;                 // a part of an outlet
  std::unique_ptr<Running> m_running;  // last: it ends first
};

}  // namespace berth::service
