// ZeroMQ's descriptor tells of a change and not of a state, and any use of the socket may eat the telling: so after
// each there is a look at what has come.
#include "socket.hpp"

#include <fcntl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <string_view>
#include <utility>

namespace kernel::wire {

using berth::Error;

namespace {

constexpr int most_at_once = 64, linger_ms = 500;
constexpr int most_heard = 8;                         // messages that wait of one client, here; then it waits
constexpr std::size_t most_bytes_at_once = 2u << 20;  // then others have the loop for a moment

zmq::socket_t open(zmq::context_t& context, zmq::socket_type type) {
  try {
    return {context, type};
  } catch (const zmq::error_t& error) {
    throw Error(503, "no_wire", std::string("no socket can be had: ") + error.what());
  }
}

Error cannot_bind(const std::string& address, int number, const char* what) {
  const std::string why = "the wire cannot be served at " + address + ": " + what;
  if (address.rfind("ipc:", 0) == 0 && (number == EPERM || number == EACCES))
    return {
        503, "no_wire", why,
        "a plugin that is confined to a process of its own has no Unix sockets: allow tcp in berth.lua and ask for it"};
  return {503, "no_wire", why};
}

Door::Protocol::endpoint loopback(int port) {
  return boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
}

Door::Protocol::endpoint local(const std::string& address) {
  return boost::asio::local::stream_protocol::endpoint(address.substr(std::string_view("ipc://").size()));
}

int inner_port(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

}  // namespace

Socket::Socket(Loop& loop, zmq::context_t& context, zmq::socket_type type, Bounds bounds, Heard heard)
    : m_loop(loop), m_socket(open(context, type)), m_heard(std::move(heard)), m_mute(type == zmq::socket_type::pub) {
  m_socket.set(zmq::sockopt::linger, linger_ms);
  m_socket.set(zmq::sockopt::sndhwm, bounds.unsent);
  m_socket.set(zmq::sockopt::rcvhwm, most_heard);
  m_socket.set(zmq::sockopt::maxmsgsize, bounds.largest);
  berth::Fd watched(::fcntl(m_socket.get(zmq::sockopt::fd), F_DUPFD_CLOEXEC, 3));
  if (!watched) throw Error(503, "no_wire", "there are no more descriptors");
  m_watched = std::make_unique<Watched>(loop, std::move(watched), [this] { pump(); });
  later();
}

std::string Socket::bind(const std::string& address) {
  try {
    const bool tcp = address.rfind("tcp:", 0) == 0;
    m_socket.bind(tcp ? address : address + ".in");
    const std::string inner = m_socket.get(zmq::sockopt::last_endpoint);
    m_door = std::make_unique<Door>(m_loop, tcp ? loopback(0) : local(address),
                                    tcp ? loopback(inner_port(inner)) : local(inner));
    return tcp ? "tcp://127.0.0.1:" + std::to_string(m_door->port()) : address;
  } catch (const zmq::error_t& error) {
    throw cannot_bind(address, error.num(), error.what());
  } catch (const boost::system::system_error& error) {
    throw cannot_bind(address, error.code().value(), error.what());
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
  if (m_mute) {
    static_cast<void>(m_socket.get(zmq::sockopt::events));  // a look, so that the descriptor tells of the next change
    return m_watched->want();
  }
  const std::weak_ptr<int> alive = m_alive;
  std::size_t bytes = 0;
  for (int i = 0; i < most_at_once && bytes < most_bytes_at_once; ++i) {
    if (m_held) return;
    Frames frames;
    if (!receive(frames, bytes)) return m_watched->want();
    m_heard(std::move(frames));
    if (alive.expired()) return;
  }
  later();
}

// Of a message that is more than any may be the rest is thrown away as it comes, and what is told is refused as too
// large. False: there is none.
bool Socket::receive(Frames& frames, std::size_t& total) {
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
    total += part.size();
    if (bytes <= Codec::most_bytes && frames.size() <= Codec::most_frames) frames.push_back(part.to_string());
    if (bytes > Codec::most_bytes) frames.resize(Codec::most_frames + 1);
  }
  return true;
}

}  // namespace kernel::wire
