// The connection under the client, shared by its HTTP and its WebSocket half. Everything is asynchronous underneath, so
// that every wait has its limit and Ctrl-C is heard.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "command/client.hpp"
#include "command/url.hpp"
#include "edge/wire_stream.hpp"

namespace berth::command {

struct Client::Body {
  using Failure = boost::system::error_code;

  explicit Body(Target to) : target(std::move(to)), url(parse_url(target.url)) {}

  std::optional<service::Error> connect();
  void hear_interrupt();
  void close();
  bool still_open();  // what was kept, and the host has not hung up
  service::Error unreachable(const std::string& why) const;
  service::Error bad_tls(const Failure& why) const;
  service::Error unheard(const Failure& why) const;  // one of these two
  service::Error silent(std::chrono::milliseconds patience) const;

  struct Waiter {  // one type of handler for all operations, since each is a type of its own with it
    std::optional<Failure>* result;
    void operator()(Failure failed, std::size_t = 0) { *result = failed; }
  };
  // Waits for the end of an operation that was started with result's waiter; after `patience` the connection is closed
  // and it ends with timed_out.
  Failure wait(std::chrono::milliseconds patience, const std::optional<Failure>& result);
  template <class Start>
  Failure wait(std::chrono::milliseconds patience, Start start) {
    std::optional<Failure> result;
    start(Waiter{&result});
    return wait(patience, result);
  }

  edge::Wire& wire() { return stream->wire(); }

  Target target;
  const std::optional<Url> url;
  boost::asio::io_context io;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  std::optional<edge::WireStream> stream;
  std::optional<boost::asio::signal_set> signals;
  bool interrupted = false;
  std::atomic<bool> abandoned = false;
  std::optional<std::chrono::steady_clock::time_point> kept_since;  // the connection is open, and nothing under way

 private:
  Failure connect_tcp(edge::Socket& socket);
  std::optional<service::Error> shake_hands(edge::Socket socket);
};

}  // namespace berth::command
