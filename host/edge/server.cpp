// Owns connections from accept to close.
#include "edge/server.hpp"

#include <utility>

#include "edge/connection.hpp"
#include "edge/listener.hpp"

namespace berth::edge {

using service::Error;

namespace {
constexpr std::chrono::milliseconds beat{200};
constexpr std::chrono::minutes upload_sweep{30};
}  // namespace

Server::Server(Commons& commons)
    : m_commons(commons), m_timer(std::make_shared<boost::asio::steady_timer>(commons.loop.context())) {}

Server::~Server() {
  for (const auto& listener : m_listeners) listener->close();  // whose next client may be on its way
  auto connections = std::move(m_connections);
  m_connections.clear();
  for (auto& [raw, connection] : connections) connection->close();
}

std::optional<Error> Server::listen() {
  std::vector<std::shared_ptr<Listener>> opened;
  for (const auto& what : m_commons.options.listens) {
    auto listener = std::make_shared<Listener>(*this, what);
    if (auto error = listener->open()) return error;
    opened.push_back(std::move(listener));
  }
  m_listeners = std::move(opened);
  return std::nullopt;
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> urls;
  for (const auto& listener : m_listeners) urls.push_back(listener->url());
  return urls;
}

void Server::start() {
  for (const auto& listener : m_listeners) listener->accept();
  wind();
}

void Server::admit(Wire wire, const std::string& peer, bool is_unix) {
  auto connection = std::make_shared<Connection>(m_commons, std::move(wire), peer, is_unix,
                                                 [this](Connection* ended) { m_connections.erase(ended); });
  m_connections.emplace(connection.get(), connection);
  connection->start();
}

// A beat that is on its way cannot be stopped, and may come when the server is gone: so it asks for the timer first.
void Server::wind() {
  m_timer->expires_after(beat);
  m_timer->async_wait([this, alive = std::weak_ptr(m_timer)](const boost::system::error_code& stopped) {
    if (stopped || alive.expired()) return;
    sweep();
    wind();
  });
}

void Server::sweep() {
  const auto now = m_commons.clock.now();
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(m_connections.size());
  for (const auto& [raw, connection] : m_connections) all.push_back(connection);
  for (const auto& connection : all) connection->sweep(now);
  m_commons.streams.sweep(now);
  if (now >= m_next_upload_sweep) {
    m_next_upload_sweep = now + upload_sweep;
    m_commons.uploads.sweep();
  }
  if (m_commons.draining) check_drained();
}

void Server::drain(std::function<void()> done) {
  if (m_commons.draining) return;
  m_commons.draining = true;
  m_drained = std::move(done);
  m_commons.streams.cancel_left();
  m_drain_until = m_commons.clock.now() + m_commons.options.limits.drain_time;
  check_drained();
}

// Connections that only wait are closed as they are found so; what still runs gets its time.
void Server::check_drained() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [raw, connection] : m_connections) all.push_back(connection);
  const bool late = m_commons.clock.now() >= m_drain_until;
  for (const auto& connection : all) connection->drain(late);
  if (!m_drained) return;
  const bool idle = m_connections.empty() && m_commons.dispatcher.in_flight() == 0;
  if (!idle && late && !m_cut) {
    m_commons.log.write(service::Level::warn, "edge", "the time to drain is over; what still runs is ended",
                        {{"calls", static_cast<std::int64_t>(m_commons.dispatcher.in_flight())}});
  }
  if (!idle && !std::exchange(m_cut, late)) return;
  for (const auto& listener : m_listeners) listener->close();
  m_commons.streams.cancel_all();
  m_timer->cancel();
  std::exchange(m_drained, nullptr)();
}

}  // namespace berth::edge
