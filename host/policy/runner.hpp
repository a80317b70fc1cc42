// The process of the policies: started, watched and killed. A hook that uses a processor for longer than it may is the
// end of it, whatever it is at; where it was then, it has left behind in memory that both see. I/O thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/frame_socket.hpp"
#include "policy/wire.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/loop_lookout.hpp"
#include "service/process/child.hpp"
#include "service/process/plain_launcher.hpp"

namespace berth::policy {

class SharedWhere;

class Runner : public std::enable_shared_from_this<Runner> {
 public:
  struct Death {
    std::uint64_t question = 0;  // it was at; 0: none
    std::uint64_t script = 0, line = 0;
    std::string how;
    bool hung = false;
  };
  struct Rules {
    std::chrono::milliseconds deadline{20};       // of a hook, on a processor
    std::chrono::milliseconds reading_time{500};  // of all texts, when it is started
  };
  struct Ears {
    std::function<void(std::string_view)> frame;
    std::function<void(Death)> died;  // once
  };

  Runner(service::EventLoop& loop, std::string program, Rules rules);
  ~Runner();
  std::optional<service::Error> start(Ears ears);
  void send(std::string_view frame);
  void kill();              // heard as a death
  void owes();              // an answer: from here on it is watched
  void answered(bool all);  // one of what it owes, or the last
  void end();               // for good, and unheard
  pid_t pid() const;

 private:
  void watch();
  void look();
  void died(const std::string& how);

  service::EventLoop& m_loop;
  const std::string m_program;
  const Rules m_rules;
  Ears m_ears;
  service::PlainLauncher m_launcher;
  std::unique_ptr<SharedWhere> m_where;
  std::shared_ptr<service::Child> m_child;
  std::shared_ptr<FrameSocket> m_socket;
  boost::asio::steady_timer m_timer;
  service::Clock::Moment m_since{};   // of what it owes
  std::uint64_t m_stage = 0;          // that the last look found it at,
  std::chrono::nanoseconds m_used{};  // and what it had used by the first look that did
  service::LoopLookout m_lookout;
  bool m_owes = false, m_watching = false, m_hung = false, m_stood = false;
};

// In the process itself: the memory that it shares with the host, for as long as it lives.
Where* shared_where(int fd);

}  // namespace berth::policy
