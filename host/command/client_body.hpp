// The connection under the client, shared by its HTTP and its WebSocket half. Everything is asynchronous underneath, so
// that every wait has its limit and Ctrl-C is heard.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "command/client.hpp"
#include "command/url.hpp"
#include "edge/wire.hpp"

namespace berth::command {

struct Client::Body {
  using Failure = boost::system::error_code;

  explicit Body(Target to) : target(std::move(to)), url(parse_url(target.url)) {}

  std::optional<service::Error> connect();
  void hear_interrupt();
  void close();
  service::Error unreachable(const std::string& why) const;
  service::Error bad_tls(const Failure& why) const;
  service::Error unheard(const Failure& why) const;  // one of these two
  service::Error silent(std::chrono::milliseconds patience) const;

  // Starts one operation and waits for its end; after `patience` the connection is closed and it ends with timed_out.
  template <class Start>
  Failure wait(std::chrono::milliseconds patience, Start start) {
    Failure result = boost::asio::error::timed_out;
    bool done = false;
    start([&](Failure failed, auto&&...) {
      result = failed;
      done = true;
    });
    const auto end = std::chrono::steady_clock::now() + patience;
    io.restart();
    while (!done && io.run_one_until(end) > 0) {
    }
    if (done) return result;
    close();
    io.restart();
    while (!done && io.run_one() > 0) {
    }
    return boost::asio::error::timed_out;
  }

  template <class Work>
  auto with_stream(Work work) {
    if (auto* plain = std::get_if<edge::Socket>(&stream)) return work(*plain);
    return work(*std::get<2>(stream));
  }

  edge::Socket& socket() {
    if (auto* plain = std::get_if<edge::Socket>(&stream)) return *plain;
    return std::get<2>(stream)->next_layer();
  }

  Target target;
  const std::optional<Url> url;
  boost::asio::io_context io;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  std::variant<std::monostate, edge::Socket, std::unique_ptr<edge::TlsStream>> stream;
  std::optional<boost::asio::signal_set> signals;
  bool interrupted = false;

 private:
  Failure connect_tcp(edge::Socket& socket);
  std::optional<service::Error> shake_hands(edge::Socket socket);
};

}  // namespace berth::command
