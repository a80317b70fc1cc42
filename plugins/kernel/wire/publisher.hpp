// What is told to everybody: the iopub socket. A subscriber that reads slowly holds the cell back; one that does not
// read at all does so for a while only, and is then cut off.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>

#include "wire/socket.hpp"

namespace kernel::wire {

class Publisher {
 public:
  // Bytes behind the first; of what is more, outputs are left out.
  static constexpr std::size_t most_waiting = 16u << 20;

  // `relieved` is called when all that waited is out.
  Publisher(Loop& loop, zmq::context_t& context, std::function<void()> relieved);
  std::string bind(const std::string& address) { return m_socket.bind(address); }

  enum class Kind { output, word };  // a word (a status, an error) is never left out
  void put(Frames frames, Kind kind);
  bool full() const { return !m_waiting.empty(); }

 private:
  using Clock = std::chrono::steady_clock;
  void flush();
  bool send(const Frames& frames);

  Socket m_socket;
  const std::function<void()> m_relieved;
  std::deque<Frames> m_waiting;
  std::size_t m_bytes = 0;
  Clock::time_point m_stuck_since, m_dropping_until;
  bool m_stuck = false, m_dropping = false;
  Timer m_later;
};

}  // namespace kernel::wire
