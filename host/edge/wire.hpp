// One client's byte stream: TCP, Unix or TLS over TCP, behind one face.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>
#include <variant>

namespace berth::edge {

// With the executor's own type: the usual one that can hold any costs a virtual call for each step.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;
using TlsStream = boost::asio::ssl::stream<Socket>;

class Wire {
 public:
  explicit Wire(Socket socket) : m_stream(std::move(socket)) {}
  Wire(Socket socket, boost::asio::ssl::context& tls) : m_stream(std::make_unique<TlsStream>(std::move(socket), tls)) {}

  bool tls() const { return std::holds_alternative<std::unique_ptr<TlsStream>>(m_stream); }
  const SSL* ssl() { return std::get<1>(m_stream)->native_handle(); }  // of a TLS wire
  Socket& socket() { return tls() ? std::get<1>(m_stream)->next_layer() : std::get<0>(m_stream); }

  template <class Handler>
  void handshake(Handler handler) {
    std::get<1>(m_stream)->async_handshake(boost::asio::ssl::stream_base::server, std::move(handler));
  }
  template <class Buffers, class Handler>
  void read_some(const Buffers& buffers, Handler handler) {
    if (tls()) return std::get<1>(m_stream)->async_read_some(buffers, std::move(handler));
    std::get<0>(m_stream).async_read_some(buffers, std::move(handler));
  }
  template <class Buffers, class Handler>
  void write_some(const Buffers& buffers, Handler handler) {
    if (tls()) return std::get<1>(m_stream)->async_write_some(buffers, std::move(handler));
    std::get<0>(m_stream).async_write_some(buffers, std::move(handler));
  }

  void shutdown_send() {
    boost::system::error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }
  void close() {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

  // Gives the stream away, for a WebSocket to live on.
  Socket release_plain() { return std::move(std::get<0>(m_stream)); }
  std::unique_ptr<TlsStream> release_tls() { return std::move(std::get<1>(m_stream)); }

 private:
  std::variant<Socket, std::unique_ptr<TlsStream>> m_stream;
};

}  // namespace berth::edge
