// One ZeroMQ socket on the plugin's loop: nothing waits, what comes is told message by message.
#pragma once

#include <zmq.hpp>

#include <functional>
#include <memory>
#include <string>

#include "loop.hpp"
#include "wire/door.hpp"
#include "wire/message.hpp"

namespace kernel::wire {

using loop::Loop;
using loop::Watched;

class Socket {
 public:
  using Heard = std::function<void(Frames)>;
  struct Bounds {
    int unsent = 64;                               // messages that wait for one client
    std::int64_t largest = Codec::most_bytes / 2;  // bytes of a frame that comes; who sends a larger one is cut off
  };

  // All on the loop's thread. Throws Error(503) if there are no more descriptors.
  Socket(Loop& loop, zmq::context_t& context, zmq::socket_type type, Bounds bounds, Heard heard);

  // ipc:// or tcp:// to be had; what it became, a port of the system's choice included. Clients come by a door there:
  // ZeroMQ's own socket is beside it, at the path with ".in" behind, or at another port. Throws Error.
  std::string bind(const std::string& address);
  bool cut_off_slow() { return m_door && m_door->cut_off_slow(); }
  // False: whoever it is for has no room for it, or is gone where that is told (tell_of_nobody).
  bool send(const Frames& frames);
  void hold(bool held);  // nothing more is heard, and waits with its senders

  void tell_of_nobody() { m_socket.set(zmq::sockopt::router_mandatory, 1); }  // of a router: send() is false then
  void drop_for_the_slow(bool drop) { m_socket.set(zmq::sockopt::xpub_nodrop, drop ? 0 : 1); }  // of a publisher

 private:
  void pump();
  void later();
  bool receive(Frames& frames, std::size_t& bytes);

  Loop& m_loop;
  zmq::socket_t m_socket;
  const Heard m_heard;
  const bool m_mute;  // nobody says anything to a publisher
  const std::shared_ptr<int> m_alive = std::make_shared<int>();
  std::unique_ptr<Watched> m_watched;
  std::unique_ptr<Door> m_door;
  bool m_held = false, m_coming = false;
};

}  // namespace kernel::wire
