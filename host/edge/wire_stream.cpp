// The only place where Asio's and OpenSSL's templates meet the handlers of Beast.
#include "edge/wire_stream.hpp"

#include <boost/beast/websocket/teardown.hpp>

namespace berth::edge {

void WireStream::read_some(const Pieces<boost::asio::mutable_buffer>& buffers, Then then) {
  m_wire.read_some(buffers, std::move(then));
}

void WireStream::write_some(const Pieces<boost::asio::const_buffer>& buffers, Then then) {
  m_wire.write_some(buffers, std::move(then));
}

// Beast's own way to end TLS waits for the peer's goodbye.
void WireStream::tear_down(boost::beast::role_type role, Then then) {
  if (m_wire.tls()) return m_wire.say_goodbye(std::move(then));
  boost::beast::websocket::async_teardown(role, m_wire.socket(), std::move(then));
}

}  // namespace berth::edge
