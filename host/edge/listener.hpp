// One listening socket: TCP, TLS or Unix.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "edge/options.hpp"
#include "edge/wire.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"

namespace berth::edge {

class Server;

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using Tls = std::shared_ptr<boost::asio::ssl::context>;  // null: none
  static service::Result<Tls> read_tls(const Listen& what);

  Listener(Server& server, Listen what);
  ~Listener();

  static constexpr const char* in_the_way = "address_in_use";  // the code, if somebody listens there already
  std::optional<service::Error> open();
  void accept();
  void close();
  const Listen& what() const { return m_what; }
  void become(Listen what, Tls tls);  // of the same address; for connections that come
  std::string url() const;            // "http://127.0.0.1:8888", "unix:/run/berth.sock"

 private:
  std::optional<service::Error> open_tcp(const std::string& host, const std::string& port);
  std::optional<service::Error> open_unix(const std::string& path);
  std::optional<service::Error> bind(const boost::asio::generic::stream_protocol::endpoint& at, int family);
  void out_of_breath(const boost::system::error_code& failed);
  void take(Socket socket);
  void turn_away(Socket socket);

  Server& m_server;
  Listen m_what;
  boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>
      m_acceptor;
  boost::asio::steady_timer m_pause;
  std::optional<service::Clock::Moment> m_said;  // that connections cannot be taken
  Tls m_tls;
  std::string m_unix_path;
};

}  // namespace berth::edge
