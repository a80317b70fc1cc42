// Upgrades a connection once its call has started, and carries messages.
#include "edge/socket_exchange.hpp"

#include <berth/base64.hpp>
#include <utility>

#include "edge/connection.hpp"
#include "edge/field_list.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

constexpr std::string_view subprotocol = "berth";
constexpr std::uint16_t going_away = 1001, internal_error = 1011;
constexpr std::chrono::seconds farewell{2};  // for a client to answer that the host goes away

bool is_upgrade(const RequestHead& request) {
  return request.upgrade && service::equal_fold(request.value("Upgrade"), "websocket") &&
         request.value("Sec-WebSocket-Version") == "13" &&
         berth::from_base64(request.value("Sec-WebSocket-Key")).value_or("").size() == 16;
}

bool offers(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    if (take_item(list) == wanted) return true;
  }
  return false;
}

}  // namespace

SocketExchange::~SocketExchange() {
  if (m_socket) m_socket->drop();
}

void SocketExchange::start() {
  const RequestHead& request = m_connection->head();
  m_reusable = !request.has_body();
  if (request.method != "GET" || !is_upgrade(request)) {
    return fail({426, "upgrade_required", m_inbound.route->operation.name + " is a WebSocket",
                 "connect with a WebSocket client (RFC 6455, version 13)"});
  }
  if (request.has_body() || m_connection->has_early_bytes()) return refuse_early_bytes();
  auto wanted = wanted_by({});
  if (!wanted) return fail(wanted.error());
  m_waiting = true;
  start_call(std::move(*wanted));
  m_waiting = m_call && !m_entered;
  if (m_call && m_entered) upgrade();
}

// Perhaps before start_call() is back, perhaps when policies have had their say.
void SocketExchange::entered() {
  m_entered = true;
  if (!m_call || !attached()) return;
  m_waiting = false;
  upgrade();
}

// Nobody reads while it waits, and a client that has left must not keep its place, nor be let in.
void SocketExchange::tick(service::Clock::Moment) {
  if (!m_waiting || !m_call || !attached()) return;
  switch (m_connection->peek()) {
    case Wire::Next::nothing: return;
    case Wire::Next::end: return m_connection->peer_left();
    case Wire::Next::bytes: return refuse_early_bytes();
  }
}

void SocketExchange::refuse_early_bytes() {
  m_reusable = m_waiting = false;
  const auto call = std::exchange(m_call, nullptr);
  Exchange::fail({400, "bad_request", "nothing may follow the upgrade before it is answered"});
  if (call) call->cancel();
}

void SocketExchange::upgrade() {
  m_head_sent = true;
  const RequestHead& request = m_connection->head();
  const bool named = offers(request.value("Sec-WebSocket-Protocol"), subprotocol);
  const auto& limits = commons().options.limits;
  m_socket =
      WebSocket::make(m_connection->release(),
                      {limits.message, limits.heartbeat, limits.write_stall, named ? std::string(subprotocol) : "",
                       m_inbound.asker->request_id, m_inbound.asker->traceparent},
                      *this);
  m_socket->accept(request);
}

void SocketExchange::opened() {
  for (auto& chunk : m_early) m_socket->send(std::move(chunk));
  m_early.clear();
  m_socket->read_on();
}

void SocketExchange::received(loader::Chunk chunk) {
  m_bytes += chunk.bytes.size();
  if (!m_call) return;
  auto self = std::static_pointer_cast<SocketExchange>(shared_from_this());
  m_call->message(std::move(chunk), [self] {
    if (self->m_socket) self->m_socket->read_on();
  });
}

void SocketExchange::chunk(loader::Chunk chunk) {
  if (m_socket)
    m_socket->send(std::move(chunk));
  else
    m_early.push_back(std::move(chunk));
}

void SocketExchange::sent(std::size_t bytes) {
  m_bytes += bytes;
  if (m_call) m_call->consumed(bytes + 64);
}

void SocketExchange::finish(std::uint32_t code, std::string reason) {
  m_over = true;
  m_call.reset();
  const bool allowed = code == 1000 || (code >= 3000 && code <= 4999);
  if (m_socket) return m_socket->close(allowed ? static_cast<std::uint16_t>(code) : std::uint16_t{1000}, reason);
  Exchange::fail({500, "plugin_error", "the plugin ended the socket before it was open"});
}

void SocketExchange::fail(Error error) {
  m_over = true;
  if (m_call && m_waiting) m_reusable = false;  // what was not read meanwhile is not looked for
  m_call.reset();
  if (m_socket) return m_socket->close(internal_error, error.message);
  Exchange::fail(std::move(error));
}

void SocketExchange::closed() {
  const auto self = shared_from_this();
  m_socket.reset();
  if (const auto call = std::exchange(m_call, nullptr)) call->cancel();
  if (!attached()) return;
  auto* connection = std::exchange(m_connection, nullptr);
  connection->log_request(m_inbound, 101, m_bytes);
  connection->close();
}

void SocketExchange::client_left() {
  if (const auto socket = std::exchange(m_socket, nullptr)) socket->drop();
  Exchange::client_left();
}

// Comes again and again while the host drains: a client that does not answer is not waited for until all others are
// done.
bool SocketExchange::closing_now() {
  if (!m_socket && m_waiting) return Exchange::closing_now();
  if (!m_socket || !attached()) return false;
  const auto now = commons().clock.now();
  if (m_told != service::Clock::Moment{}) {
    if (now - m_told >= farewell) m_connection->close();
    return true;
  }
  m_told = now;
  if (const auto call = std::exchange(m_call, nullptr)) call->cancel();
  m_socket->close(going_away, "the host is shutting down");
  return true;
}

}  // namespace berth::edge
