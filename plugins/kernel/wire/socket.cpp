// ZeroMQ's descriptor tells of a change and not of a state, and any use of the socket may eat the telling: so after
// each there is a look at what has come.
#include "socket.hpp"

#include <fcntl.h>

#include <cerrno>
#include <utility>

namespace kernel::wire {

using berth::Error;

namespace {

constexpr int most_at_once = 64, linger_ms = 500;

zmq::socket_t open(zmq::context_t& context, zmq::socket_type type) {
  try {
    return {context, type};
  } catch (const zmq::error_t& error) {
    throw Error(503, "no_wire", std::string("no socket can be had: ") + error.what());
  }
}

Error cannot_bind(const std::string& address, const zmq::error_t& error) {
  const std::string why = "the wire cannot be served at " + address + ": " + error.what();
  if (address.rfind("ipc:", 0) == 0 && (error.num() == EPERM || error.num() == EACCES))
    return {503, "no_wire", why,
            "a plugin that is confined to a process of its own has no Unix sockets: ask for transport tcp"};
  return {503, "no_wire", why};
}

}  // namespace

Socket::Socket(Loop& loop, zmq::context_t& context, zmq::socket_type type, Bounds bounds, Heard heard)
    : m_loop(loop), m_socket(open(context, type)), m_heard(std::move(heard)) {
  m_socket.set(zmq::sockopt::linger, linger_ms);
  m_socket.set(zmq::sockopt::sndhwm, bounds.unsent);
  m_socket.set(zmq::sockopt::maxmsgsize, bounds.largest);
  berth::Fd watched(::fcntl(m_socket.get(zmq::sockopt::fd), F_DUPFD_CLOEXEC, 3));
  if (!watched) throw Error(503, "no_wire", "there are no more descriptors");
  m_watched = std::make_unique<Watched>(loop, std::move(watched), [this] { pump(); });
  later();
}

std::string Socket::bind(const std::string& address) {
  try {
    m_socket.bind(address);
    return m_socket.get(zmq::sockopt::last_endpoint);
  } catch (const zmq::error_t& error) {
    throw cannot_bind(address, error);
  }
}

bool Socket::send(const Frames& frames) {
  later();
  try {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto more = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
      if (!m_socket.send(zmq::buffer(frames[i]), more | zmq::send_flags::dontwait)) return false;
    }
  } catch (const zmq::error_t&) {
    return false;  // nobody is there
  }
  return true;
}

void Socket::hold(bool held) {
  if (std::exchange(m_held, held) && !held) later();
}

void Socket::later() {
  if (std::exchange(m_coming, true)) return;
  m_loop.post([this, weak = std::weak_ptr(m_alive)] {
    if (weak.expired()) return;
    m_coming = false;
    pump();
  });
}

// Whoever hears may end the socket.
void Socket::pump() {
  const std::weak_ptr<int> alive = m_alive;
  for (int i = 0; i < most_at_once; ++i) {
    if (m_held) return;
    Frames frames;
    if (!receive(frames)) return m_watched->want();
    m_heard(std::move(frames));
    if (alive.expired()) return;
  }
  later();
}

// Of a message that is more than any may be the rest is thrown away as it comes, and what is told is refused as too
// large. False: there is none.
bool Socket::receive(Frames& frames) {
  std::size_t bytes = 0;
  for (bool more = true; more;) {
    zmq::message_t part;
    try {
      if (!m_socket.recv(part, zmq::recv_flags::dontwait)) return false;
    } catch (const zmq::error_t&) {
      return false;
    }
    more = part.more();
    bytes += part.size();
    if (bytes <= Codec::most_bytes && frames.size() <= Codec::most_frames) frames.push_back(part.to_string());
    if (bytes > Codec::most_bytes) frames.resize(Codec::most_frames + 1);
  }
  return true;
}

}  // namespace kernel::wire
