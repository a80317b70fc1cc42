// One direction of a connection: what comes in at one socket goes out at the other. Nothing more is read until what was
// read has left, so a slow reader slows the writer and costs one piece of memory. Everything on the I/O thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace berth::service::proxy {

using Socket = boost::asio::ip::tcp::socket;

class Flow : public std::enable_shared_from_this<Flow> {
 public:
  enum class End {
    finished,  // the last has gone; and that was passed on, if it is to be
    from,      // reading failed
    to,        // writing failed
    refused,   // the filter found something wrong
  };
  // Puts onto `out` what is to go on of a piece.
  enum class Taken { more, last, wrong };
  using Filter = std::function<Taken(std::string_view piece, std::string& out)>;
  struct Ears {
    std::function<void()> moved;     // some bytes have come or gone
    std::function<void(End)> ended;  // once, and the last that is heard
  };
  // The sockets outlive what is heard of the flow. Without a filter everything goes on as it is.
  Flow(Socket& from, Socket& to, Filter filter, bool passes_end, Ears ears);

  // `ready` goes first and as it is; `begun` was read from the socket already.
  void start(std::string ready, std::string_view begun);
  std::uint64_t bytes() const { return m_bytes; }  // that came, and those of `ready` that went

 private:
  void read();
  void on_readable();
  void take(std::string_view piece, std::string ready);
  void push(std::string_view bytes);
  void wait_to_push();
  void finish();
  void end(End how);

  Socket& m_from;
  Socket& m_to;
  const Filter m_filter;
  const bool m_passes_end;
  Ears m_ears;
  std::string m_waiting;  // to be written
  bool m_last = false;
  std::uint64_t m_bytes = 0;
};

}  // namespace berth::service::proxy
