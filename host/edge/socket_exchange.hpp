// `socket` operations: a WebSocket between a client and a plugin, with backpressure both ways.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "edge/exchange.hpp"
#include "edge/web_socket.hpp"

namespace berth::edge {

class SocketExchange : public Exchange, public WebSocket::Owner {
 public:
  using Exchange::Exchange;
  ~SocketExchange() override;
  void start() override;
  void body(std::string, bool) override {}
  bool hungry() const override { return !m_waiting; }
  void tick(service::Clock::Moment now) override;
  void entered() override;
  void chunk(loader::Chunk chunk) override;
  void finish(std::uint32_t code, std::string reason) override;
  void fail(service::Error error) override;
  void client_left() override;
  bool endless() const override { return true; }
  bool closing_now() override;

  // WebSocket::Owner
  void opened() override;
  void received(loader::Chunk chunk) override;
  void sent(std::size_t bytes) override;
  void closed() override;

 private:
  void upgrade();
  void refuse_early_bytes();

  std::shared_ptr<WebSocket> m_socket;
  std::deque<loader::Chunk> m_early;  // sent before the socket was open
  std::size_t m_bytes = 0;
  bool m_waiting = false;  // to be let in: nothing is read meanwhile, since what follows is no request any more
  bool m_entered = false;
  service::Clock::Moment m_told{};  // when the client was told that the host goes
};

}  // namespace berth::edge
