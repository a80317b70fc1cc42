// A wire as Beast's templates want a stream, with every step's handler behind one face: what they make of a WebSocket
// or of a request is compiled once, and not again for TLS and for each step. It costs an allocation for each read and
// write, which the path of a request does not take.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "edge/wire.hpp"

namespace berth::edge {

class WireStream {
 public:
  using executor_type = Socket::executor_type;
  using Failure = boost::system::error_code;

  explicit WireStream(Wire wire) : m_wire(std::move(wire)) {}

  executor_type get_executor() { return m_wire.socket().get_executor(); }
  Wire& wire() { return m_wire; }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    read_some(Pieces<boost::asio::mutable_buffer>(buffers), Then(std::forward<Handler>(handler)));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    write_some(Pieces<boost::asio::const_buffer>(buffers), Then(std::forward<Handler>(handler)));
  }

  // Beast's names for the end of what a WebSocket lives on.
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, WireStream& stream, Handler&& handler) {
    stream.tear_down(role, Then(std::forward<Handler>(handler)));
  }
  friend void beast_close_socket(WireStream& stream) { stream.m_wire.close(); }

 private:
  // As many of the buffers as one system call takes gladly; a stream may always take fewer than it is given.
  template <class Buffer>
  class Pieces {
   public:
    using value_type = Buffer;
    using const_iterator = const Buffer*;
    template <class Buffers>
    explicit Pieces(const Buffers& buffers) {
      auto at = boost::asio::buffer_sequence_begin(buffers);
      const auto end = boost::asio::buffer_sequence_end(buffers);
      for (; at != end && m_count < m_pieces.size(); ++at) m_pieces[m_count++] = *at;
    }
    const_iterator begin() const { return m_pieces.data(); }
    const_iterator end() const { return m_pieces.data() + m_count; }

   private:
    std::array<Buffer, 16> m_pieces;
    std::size_t m_count = 0;
  };

  class Then {  // a handler of (Failure, std::size_t) or of (Failure), called once
   public:
    template <class Handler>
    explicit Then(Handler handler) : m_body(std::make_unique<Of<Handler>>(std::move(handler))) {}
    void operator()(Failure failed, std::size_t count = 0) { std::exchange(m_body, nullptr)->call(failed, count); }

   private:
    struct Any {
      virtual ~Any() = default;
      virtual void call(Failure failed, std::size_t count) = 0;
    };
    template <class Handler>
    struct Of : Any {
      explicit Of(Handler given) : handler(std::move(given)) {}
      void call(Failure failed, std::size_t count) override {
        auto mine = std::move(handler);  // Beast's may end what holds it
        if constexpr (std::is_invocable_v<Handler&, Failure, std::size_t>)
          mine(failed, count);
        else
          mine(failed);
      }
      Handler handler;
    };
    std::unique_ptr<Any> m_body;
  };

  void read_some(const Pieces<boost::asio::mutable_buffer>& buffers, Then then);
  void write_some(const Pieces<boost::asio::const_buffer>& buffers, Then then);
  void tear_down(boost::beast::role_type role, Then then);

  Wire m_wire;
};

}  // namespace berth::edge
