// One client's byte stream: TCP, Unix or TLS over TCP, behind one face.
#pragma once

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cerrno>
#include <memory>
#include <string_view>
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
  TlsStream& secure() { return *std::get<1>(m_stream); }  // of a TLS wire
  Socket& socket() { return tls() ? secure().next_layer() : std::get<0>(m_stream); }

  template <class Work>
  void with_stream(Work work) {
    if (tls()) return work(secure());
    work(std::get<0>(m_stream));
  }
  template <class Buffers, class Handler>
  void read_some(const Buffers& buffers, Handler handler) {
    with_stream([&](auto& stream) { stream.async_read_some(buffers, std::move(handler)); });
  }
  template <class Buffers, class Handler>
  void write_some(const Buffers& buffers, Handler handler) {
    with_stream([&](auto& stream) { stream.async_write_some(buffers, std::move(handler)); });
  }

  // What is taken without waiting, of a wire without TLS and with nothing under way; a write says what is wrong.
  std::size_t send_now(std::string_view bytes) {
    const auto count = ::send(socket().native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }

  // What a read would find, without one: of a stream that nobody reads.
  enum class Next { nothing, bytes, end };
  Next peek() {
    char byte = 0;
    const auto count = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count > 0) return Next::bytes;
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? Next::nothing : Next::end;
  }

  // Tells the peer that nothing more follows. `owner`: keeps this, until it is said.
  void end_sending(std::shared_ptr<void> owner) {
    if (!tls()) return shutdown_send();
    say_goodbye([this, owner = std::move(owner)](boost::system::error_code) { shutdown_send(); });
  }
  // TLS has a word of its own for its end: without it a client takes what it got for cut off, and may not take the
  // session up again. The peer's own is not waited for, and what it still sends can be read: OpenSSL, asked to wait,
  // would take that for an error. Unless the socket is full, it is there at once, and `then` is called later.
  template <class Then>
  void say_goodbye(Then then) {  // of a TLS wire whose handshake is over
    SSL* const ssl = secure().native_handle();
    const int before = SSL_get_shutdown(ssl);
    SSL_set_shutdown(ssl, before | SSL_RECEIVED_SHUTDOWN);
    secure().async_shutdown(std::move(then));
    SSL_set_shutdown(ssl, before | SSL_SENT_SHUTDOWN);
  }
  void close_with_goodbye(std::shared_ptr<void> owner) {
    if (tls()) say_goodbye([owner = std::move(owner)](boost::system::error_code) {});
    close();
  }
  void close() {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

 private:
  void shutdown_send() {
    boost::system::error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }

  std::variant<Socket, std::unique_ptr<TlsStream>> m_stream;
};

}  // namespace berth::edge
