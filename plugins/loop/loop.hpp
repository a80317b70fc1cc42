// A plugin's one thread: all that it drives is driven there, so nothing of that needs a lock, and nothing on it may
// wait. Whatever comes from elsewhere is posted.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <thread>

#include <berth/fd.hpp>

namespace loop {

class Timer;

class Loop {
 public:
  using Then = std::function<void()>;
  // `trouble` hears of what was thrown and should never have been: it costs whoever it was for, and not the host.
  explicit Loop(std::function<void(const char* what)> trouble);
  ~Loop();  // ends the thread; end() has been called

  void post(Then then);  // any thread
  // Runs it on the thread, behind what was posted before; returns when it has. Not on the thread itself.
  void wait_for(Then then);
  // Nothing more is run then. What timers would have called is gone, and with it whoever was kept by that alone.
  void end();

  boost::asio::io_context& context() { return m_context; }

 private:
  friend class Timer;
  void run();
  void let_go();
  const std::function<void(const char* what)> m_trouble;
  std::set<Timer*> m_timers;  // the thread's; outlives what waits in the context
  boost::asio::io_context m_context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
  std::thread m_thread;
};

// Something later, unless it is set again or gone before. On the loop's thread.
class Timer {
 public:
  explicit Timer(Loop& loop) : m_loop(loop), m_timer(loop.context()) { m_loop.m_timers.insert(this); }
  ~Timer() { m_loop.m_timers.erase(this); }
  Timer(const Timer&) = delete;
  void set(std::chrono::milliseconds after, Loop::Then then);
  void cancel();

 private:
  friend class Loop;
  Loop& m_loop;
  boost::asio::steady_timer m_timer;
  std::shared_ptr<Loop::Then> m_then;  // of the last set(): what an earlier one left in the queue finds its own gone
};

// Calls when a descriptor can be read, once for each want(). On the loop's thread; owns the descriptor.
class Watched {
 public:
  Watched(Loop& loop, berth::Fd fd, Loop::Then readable);
  ~Watched();
  int get() const { return m_fd.get(); }
  void want();
  void stop();                      // nothing is called any more
  void want_room(Loop::Then then);  // once, when it can be written

 private:
  berth::Fd m_fd;
  boost::asio::posix::stream_descriptor m_stream;
  std::shared_ptr<Loop::Then> m_readable;
  bool m_waiting = false;
};

}  // namespace loop
