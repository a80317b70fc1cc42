// The edge as a whole: its listeners, its connections, their clockwork, and its orderly end.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/commons.hpp"
#include "edge/wire.hpp"
#include "service/error.hpp"

namespace berth::edge {

class Connection;
class Listener;

class Server {
 public:
  explicit Server(Commons& commons);
  ~Server();

  // Opens all listeners, or none.
  std::optional<service::Error> listen();
  std::vector<std::string> addresses() const;  // "http://127.0.0.1:8888", with the real port
  void start();
  // These instead of those there are; connections live on. With an error all is as it was.
  std::optional<service::Error> listen_anew(const std::vector<Listen>& wanted);

  // Stops accepting, lets calls in flight end, for at most the drain time; then `done`, once.
  void drain(std::function<void()> done);
  void sweep();  // what the clockwork does; public for a test with a clock of its own
  std::size_t connections() const { return m_connections.size(); }

 private:
  friend class Listener;
  void admit(Wire wire, const std::string& peer, bool is_unix);
  void wind();
  void check_drained();

  Commons& m_commons;
  std::vector<std::shared_ptr<Listener>> m_listeners;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> m_connections;
  std::shared_ptr<boost::asio::steady_timer> m_timer;
  std::function<void()> m_drained;
  service::Clock::Moment m_drain_until{};
  service::Clock::Moment m_next_upload_sweep{};
  bool m_cut = false;
};

}  // namespace berth::edge
