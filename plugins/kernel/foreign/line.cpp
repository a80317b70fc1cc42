// A descriptor from a jail may be anything; of a Unix stream neither reading, writing nor closing can wait.
#include "foreign/line.hpp"

#include <sys/socket.h>

#include <utility>
#include <vector>

#include "channel.hpp"

namespace kernel::foreign {

namespace {

constexpr std::size_t block = 256u << 10, round = 4u << 20;

bool is_stream(int fd) {
  const auto is = [fd](int what, int value) {
    int found = 0;
    socklen_t size = sizeof found;
    return ::getsockopt(fd, SOL_SOCKET, what, &found, &size) == 0 && found == value;
  };
  return is(SO_DOMAIN, AF_UNIX) && is(SO_TYPE, SOCK_STREAM) && is(SO_ACCEPTCONN, 0);
}

berth::Fd checked(berth::Fd socket) {
  if (is_stream(socket.get())) return socket;
  throw berth::Error(503, "kernel_down", "what was to be a connection to the kernel is none");
}

}  // namespace

Line::Line(Loop& loop, berth::Fd socket, const std::string& type, const std::string& identity, Ears ears)
    : m_loop(loop), m_ears(std::move(ears)), m_zmtp(type, identity) {
  m_socket = std::make_unique<Watched>(loop, checked(std::move(socket)), [this] { pump(); });
  again();
}

void Line::send(const wire::Frames& frames) {
  if (m_over) return;
  if (m_zmtp.unsent().size() > most_unsent) return end("it did not listen to what it was told");
  m_zmtp.put(frames);
  flush();
}

void Line::flush() {
  auto& unsent = m_zmtp.unsent();
  while (!m_over && !unsent.empty() && !m_writing) {
    const auto sent = kernel::send(m_socket->get(), unsent);
    if (!sent) return unsent.clear();  // its end is heard by reading
    unsent.erase(0, *sent);
    if (*sent > 0) continue;
    m_writing = true;
    return m_socket->want_room([this] {
      m_writing = false;
      flush();
    });
  }
}

// Later, so that others have their turn.
void Line::again() {
  m_loop.post([this, weak = std::weak_ptr(m_alive)] {
    if (!weak.expired()) pump();
  });
}

void Line::pump() {
  if (m_over) return;
  const std::weak_ptr alive = m_alive;
  const bool more = read(round);
  if (alive.expired() || m_over) return;
  flush();
  more ? again() : m_socket->want();
}

void Line::drain() {
  const std::weak_ptr alive = m_alive;
  for (int i = 0; i < 8 && !alive.expired() && !m_over; ++i)
    if (!read(round)) return;
}

// True: there may be more.
bool Line::read(std::size_t most) {
  const std::weak_ptr alive = m_alive;
  for (std::size_t total = 0; total < most && !m_over;) {
    std::string bytes;
    std::vector<berth::Fd> unwanted;
    const auto received = receive(m_socket->get(), block, bytes, unwanted);
    if (received.got == Got::nothing_yet) return false;
    if (received.got == Got::end) return end("it closed its connection"), false;
    total += bytes.size();
    if (!m_zmtp.feed(bytes)) return end("it does not speak ZMTP 3"), false;
    while (auto came = m_zmtp.next()) {
      m_ears.heard(std::move(*came));
      if (alive.expired() || m_over) return false;
    }
  }
  return !m_over;
}

void Line::end(const std::string& why) {
  if (std::exchange(m_over, true)) return;
  m_socket->stop();
  m_loop.post([weak = std::weak_ptr(m_alive), this, why] {
    if (!weak.expired()) m_ears.ended(why);
  });
}

}  // namespace kernel::foreign
