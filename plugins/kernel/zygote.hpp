// A session's zygote: a Python in the session's jail that has imported everything and forks workers. It is started by
// the host, and no more trusted than its workers are: the agent's code has the same user.
#pragma once

#include <berth/service/process.hpp>

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loop.hpp"
#include "tail.hpp"

namespace kernel {

using loop::Loop;
using loop::Timer;
using loop::Watched;

struct EngineOptions {
  std::string python;
  berth::Json preload;  // names
};

class Zygote : public std::enable_shared_from_this<Zygote> {
 public:
  // Of a fork: the worker's pid as the zygote sees it, and a handle that signals it.
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

  Zygote(Loop& loop, const EngineOptions& options, std::string session);
  ~Zygote();
  // Everything on the loop's thread. `ended` is called once, with the reason, if it ends by itself. Throws Error.
  void start(const berth::Processes& processes, std::function<void(berth::Error)> ended);
  void order_fork(const berth::Json& config, std::array<berth::Fd, 4> fds, Then then);  // work, out, err, life
  // What the zygote has said of a worker's end, if it has.
  std::optional<Death> death(std::int64_t pid);
  // How often the session has run into its limits, as the host counts it; null: nobody tells.
  void look(Looked then);
  // What became of one that was forked: those that end before they are ready are the zygote's fault, if nobody else's.
  void born() { m_stillborn = 0; }
  void stillborn(const std::string& why);
  bool ready() const { return m_ready && !m_over; }
  bool was_well() const { return !m_about.is_null() && m_stillborn < most_stillborn; }
  bool over() const { return m_over; }
  void stop(const std::string& why) { finish(why); }
  std::string printed() const { return m_tail.text(); }  // the last of it
  const berth::Json& about() const { return m_about; }   // python, ipython, preloaded, ms

 private:
  static constexpr int most_stillborn = 4;  // one after the other
  struct Order {
    std::string text;
    std::array<berth::Fd, 4> fds;
  };
  berth::Plan plan(int orders, int sources) const;
  void ended(const std::string& words);
  void looked(const berth::Hits& hits);
  void send(Order order);
  void flush();
  void be_patient();
  void read();
  void hear(const berth::Json& message, std::vector<berth::Fd> fds);
  void answer(const berth::Json& message, std::vector<berth::Fd> fds);
  void finish(const std::string& what);

  Loop& m_loop;
  const EngineOptions m_options;
  const std::string m_session;
  std::optional<berth::Process> m_process;
  std::unique_ptr<Watched> m_orders;
  std::function<void(berth::Error)> m_ended;
  std::map<std::uint64_t, Then> m_waiting;              // for answers
  std::deque<Order> m_unsent;                           // until it is ready, or has room
  std::deque<std::pair<std::int64_t, Death>> m_deaths;  // that nobody has asked for; the last is the newest
  std::deque<Looked> m_looks;                           // that are not answered
  std::uint64_t m_number = 1;                           // the first is `start`
  int m_stillborn = 0;
  berth::Json m_about;
  Tail m_tail;  // of what it printed
  std::string m_refusal;
  bool m_ready = false, m_over = false;
  Timer m_patience;
};

}  // namespace kernel
