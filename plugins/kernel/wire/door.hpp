// Where clients of the wire come in. Each is joined, byte for byte, with ZeroMQ's own socket behind it. ZeroMQ ends the
// process when it may not accept for want of descriptors, and tells nobody who does not read; a door does not, and can
// cut such a client off.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "loop.hpp"

namespace kernel::wire {

using loop::Loop;
using loop::Timer;

class Door {
 public:
  using Protocol = boost::asio::generic::stream_protocol;
  static constexpr std::size_t most_clients = 64;
  static constexpr std::uint64_t spare_descriptors = 64;  // a process that has fewer lets nobody in

  // All on the loop's thread. Throws boost::system::system_error if it cannot listen at `outer`.
  Door(Loop& loop, const Protocol::endpoint& outer, Protocol::endpoint inner);
  ~Door();  // nobody new comes in; who is in is told what is on its way, for a second
  Door(const Door&) = delete;

  int port() const;     // of TCP
  bool cut_off_slow();  // who has not taken yet what was for him; false: there is none

 private:
  struct Pair;
  void accept();
  void let_in(Protocol::socket came);

  Loop& m_loop;
  const Protocol::endpoint m_inner;
  boost::asio::basic_socket_acceptor<Protocol> m_acceptor;
  std::set<std::weak_ptr<Pair>, std::owner_less<std::weak_ptr<Pair>>> m_pairs;
  Timer m_rest;
  const std::shared_ptr<int> m_alive = std::make_shared<int>();
};

// What this process may have, and how many of those may still be free: all below the lowest free number are taken.
struct Descriptors {
  std::uint64_t all = 0, left = 0;
};
Descriptors descriptors();

}  // namespace kernel::wire
