// ZeroMQ tells nobody when there is room again, so it is asked.
#include "publisher.hpp"

#include <utility>

namespace kernel::wire {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_again = 5ms;
constexpr auto patience = 5s, dropping = 2s;

std::size_t size_of(const Frames& frames) {
  std::size_t bytes = 0;
  for (const auto& one : frames) bytes += one.size();
  return bytes;
}

}  // namespace

Publisher::Publisher(Loop& loop, zmq::context_t& context, std::function<void()> relieved)
    : m_socket(loop, context, zmq::socket_type::pub, {16, 1024}, [](const Frames&) {}),
      m_relieved(std::move(relieved)),
      m_later(loop) {
  m_socket.drop_for_the_slow(false);
}

void Publisher::put(Frames frames, Kind kind) {
  const std::size_t bytes = size_of(frames);
  if (kind == Kind::output && full() && m_bytes - size_of(m_waiting.front()) + bytes > most_waiting) return;
  m_bytes += bytes;
  m_waiting.push_back(std::move(frames));
  if (m_waiting.size() == 1) flush();
}

// Whoever takes nothing for long is cut off; once it reads again it may come back, and hears what is said then. Only
// who came past the door (TCP has no other lock) cannot be, and then what does not go out to all at once is dropped;
// every now and then it is looked whether it reads again.
bool Publisher::send(const Frames& frames) {
  const auto now = Clock::now();
  if (m_dropping && now > m_dropping_until) {
    m_socket.drop_for_the_slow(false);
    if (m_socket.send(frames)) {
      m_dropping = false;
      return true;
    }
    m_socket.drop_for_the_slow(true);
    m_dropping_until = now + dropping;
  }
  if (m_socket.send(frames)) {
    m_stuck = false;
    return true;
  }
  if (!std::exchange(m_stuck, true)) m_stuck_since = now;
  if (now - m_stuck_since < patience) return false;
  if (m_socket.cut_off_slow()) {
    m_stuck_since = now;
    return false;
  }
  m_dropping = true;
  m_stuck = false;
  m_dropping_until = now + dropping;
  m_socket.drop_for_the_slow(true);
  return m_socket.send(frames);
}

void Publisher::flush() {
  const bool waited = m_stuck;
  while (!m_waiting.empty()) {
    if (!send(m_waiting.front())) return m_later.set(ask_again, [this] { flush(); });
    m_bytes -= size_of(m_waiting.front());
    m_waiting.pop_front();
  }
  if (waited) m_relieved();
}

}  // namespace kernel::wire
