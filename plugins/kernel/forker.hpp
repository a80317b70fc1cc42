// One that forks workers on order, held by its order socket: a session's zygote, or a checkpoint. What it says is no
// more trusted than what its workers say: the agent's code has the same user.
#pragma once

#include <berth/call.hpp>
#include <berth/service/process.hpp>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loop.hpp"

namespace kernel {

using loop::Loop;
using loop::Timer;
using loop::Watched;

class Forker : public std::enable_shared_from_this<Forker> {
 public:
  // Of a fork: the worker's pid as the forker sees it, and a handle that signals it.
  struct Forked {
    std::int64_t pid = 0;
    berth::Fd handle;
    std::optional<berth::Error> error;
  };
  using Then = std::function<void(Forked)>;
  struct Death {
    std::int64_t code = -1, signal = 0;
  };
  using Looked = std::function<void(const std::optional<berth::Hits>&)>;

  // Everything on the loop's thread.
  virtual ~Forker() = default;
  void order_fork(const berth::Json& config, std::array<berth::Fd, 4> fds, Then then);  // work, out, err, life
  // What it has said of a worker's end, if it has.
  std::optional<Death> death(std::int64_t pid);
  // How often the session has run into its limits, as the host counts it; null: nobody tells.
  virtual void look(Looked then) = 0;
  // What became of one that was forked: those that end before they are ready are the forker's fault, if nobody else's.
  void born() { m_stillborn = 0; }
  void stillborn(const std::string& why);
  bool ready() const { return m_ready && !m_over; }
  bool over() const { return m_over; }
  void stop(const std::string& why) { finish(why); }
  // It does not do what it is asked: the next one does, unless there is none like it.
  virtual void give_up(const std::string& why) { finish(why); }
  const berth::Json& about() const { return m_about; }  // python, ipython, preloaded, ms

 protected:
  struct Answer {
    std::optional<berth::Error> ended;  // there is none
    berth::Json message;
    std::vector<berth::Fd> fds;
    pid_t sender = 0;  // that the operating system vouches for
    std::string refusal;
  };
  using Heard = std::function<void(Answer)>;
  using Ended = std::function<void(berth::Error)>;
  static constexpr int most_stillborn = 4;  // one after the other

  explicit Forker(Loop& loop) : m_loop(loop), m_patience(loop) {}
  // `ended` is called once, with the reason, if it ends by itself.
  void open(berth::Fd orders, Ended ended);
  void get_ready();  // what waits is sent
  void order(const char* name, const berth::Json& more, Heard then, std::vector<berth::Fd> fds = {});
  void order_at_once(const char* name, const berth::Json& more, std::chrono::milliseconds patience, Heard then);
  void finish(const std::string& what);
  void fail_all(const berth::Error& error);  // that wait for an answer

  virtual const char* name() const = 0;                            // as errors call it
  virtual void closed() { finish("its socket was closed"); }       // by itself
  virtual void let_go() {}                                         // of all that it is
  virtual berth::Error end_of(const std::string& what) const = 0;  // as those are told who wait

  Loop& m_loop;
  berth::Json m_about;
  Timer m_patience;
  int m_stillborn = 0;  // one after the other

 private:
  struct Order {
    std::string text;
    std::vector<berth::Fd> fds;
  };
  std::string enlist(const char* name, const berth::Json& more, Heard then);
  void flush();
  void be_patient();
  void read();
  void hear(berth::Json message, std::vector<berth::Fd> fds, pid_t sender);
  void forked(Answer answer, const Then& then);

  std::unique_ptr<Watched> m_orders;
  Ended m_ended;
  std::map<std::uint64_t, Heard> m_waiting;             // for answers
  std::deque<Order> m_unsent;                           // until it is ready, or has room
  std::deque<std::pair<std::int64_t, Death>> m_deaths;  // that nobody has asked for; the last is the newest
  bool m_ready = false, m_over = false;
};

}  // namespace kernel
