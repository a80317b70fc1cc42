// One client of the soak, on one connection: carries out its plan and judges every answer it gets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "plan.hpp"
#include "tally.hpp"

namespace berth::bench {

using Clock = std::chrono::steady_clock;

class Client {
 public:
  Client(Plan plan, std::uint16_t port, std::chrono::seconds patience, Tally& tally);
  ~Client();
  Client(const Client&) = delete;

  int fd() const { return m_fd; }
  bool refused() const { return m_refused; }  // nobody listens any more
  bool over() const { return m_stage == Stage::over; }
  unsigned wanted() const;  // EPOLLIN, EPOLLOUT
  void on_ready(unsigned events);
  void on_time(Clock::time_point now);

 private:
  enum class Stage { talking, pausing, over };

  void open(std::uint16_t port);
  void ask_more();
  void flush();
  void take();
  void read_answers();
  void on_answer(const struct Answer& answer);
  void on_lost_connection(const std::string& why);
  bool asked_all() const { return m_asked == m_plan.questions.size(); }
  bool answered_all() const { return m_answered == m_plan.questions.size(); }
  bool should_leave() const;
  bool left_if_due();
  void pause();
  void leave();
  void end();

  const Plan m_plan;
  const std::chrono::seconds m_patience;
  Tally& m_tally;
  int m_fd = -1;
  bool m_refused = false;
  Stage m_stage = Stage::talking;
  std::size_t m_asked = 0, m_answered = 0;
  std::string m_out, m_in;
  std::size_t m_out_done = 0;
  Clock::time_point m_until;  // talking: for patience to end; pausing: for the pause
};

}  // namespace berth::bench
