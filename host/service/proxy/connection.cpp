// The way there: a request is read, its name looked up, each address looked at and tried.
#include "service/proxy/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "service/proxy/connection_waits.hpp"

namespace berth::service::proxy {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_addresses = 8;
constexpr std::size_t head_piece_size = 16u << 10;

}  // namespace

Connection::Connection(const Rules& rules, Resolver& resolver, Socket client, Gone gone)
    : m_rules(rules),
      m_resolver(resolver),
      m_client(std::move(client)),
      m_server(m_client.get_executor()),
      m_timer(m_client.get_executor()),
      m_gone(std::move(gone)) {
  error_code ignored;
  m_client.non_blocking(true, ignored);
  m_client.set_option(asio::ip::tcp::no_delay(true), ignored);
  m_record.label = rules.label;
}

void Connection::start() {
  arm(m_rules.limits.head_time, [](Connection& self) {
    if (self.m_text.empty()) return self.end();
    self.refuse({408, "too_slow", "the head of the request did not come in time", "send it in one piece"});
  });
  read_head();
}

void Connection::turn_away() {
  refuse({503, "busy",
          "this session has as many connections to the proxy as it may have: " +
              std::to_string(m_rules.limits.connections),
          "close some, or try again in a moment"});
}

void Connection::read_head() {
  m_client.async_wait(Socket::wait_read, guarded([](Connection& self) { self.on_head_bytes(); }));
}

void Connection::on_head_bytes() {
  if (m_told) return;  // it was refused meanwhile
  char room[head_piece_size];
  error_code failed;
  const std::size_t got = m_client.read_some(asio::buffer(room), failed);
  if (failed == asio::error::would_block || failed == asio::error::interrupted) return read_head();
  if (failed && m_text.empty()) return end();
  if (failed) return cut("client_gone", "the client hung up within its head");
  m_text.append(room, got);
  if (const char* wrong = m_end.go(m_text)) return refuse({400, "bad_message", wrong, "send plain HTTP/1.1"});
  if ((m_end.at() > 0 ? m_end.at() : m_text.size()) > m_rules.limits.head)
    return refuse({431, "header_too_large",
                   "the head of the request has more than " + std::to_string(m_rules.limits.head) + " bytes",
                   "send fewer or shorter fields"});
  m_end.at() > 0 ? on_head() : read_head();
}

void Connection::on_head() {
  auto request = parse_request(std::string_view(m_text).substr(0, m_end.at()));
  if (!request) return refuse(request.error());
  m_request = std::move(*request);
  m_record.method = m_request.method;
  m_record.host = m_request.to.host;
  m_record.port = m_request.port;
  const auto permit = m_rules.allow.check(m_request.to, m_request.port);
  if (!permit) return refuse(permit.error());
  m_permit = *permit;
  if (m_request.to.address) return on_found(std::vector<Address>{*m_request.to.address});
  arm(m_rules.limits.lookup_time, [](Connection& self) {
    self.refuse({504, "name_server_silent", "the name servers did not answer for " + self.m_record.host,
                 "try again in a moment"});
  });
  m_lookup = m_resolver.resolve(m_rules.label, m_request.to.host,
                                [this](Result<std::vector<Address>> found) { on_found(std::move(found)); });
}

void Connection::on_found(Result<std::vector<Address>> found) {
  const auto self = shared_from_this();
  if (m_over) return;
  if (!found) return refuse(found.error());
  m_addresses = std::move(*found);
  if (m_addresses.size() > most_addresses) m_addresses.resize(most_addresses);
  m_failure = Error{502, "no_such_host", m_record.host + " has no address", ""};
  connect_next();
}

void Connection::connect_next() {
  while (m_next < m_addresses.size()) {
    const Address address = m_addresses[m_next++];
    m_record.address = address.to_string();
    const std::string why = m_permit.own ? "" : m_rules.closed(address, m_permit.inside);
    if (why.empty()) return connect(address);
    m_failure = Error{403, "private_address", m_record.host + " is allowed, but " + why,
                      "only public addresses are connected to, unless the operator's entry says private = true"};
  }
  refuse(*m_failure);
}

void Connection::connect(const Address& address) {
  error_code failed;
  m_server = Socket(m_client.get_executor());
  m_server.open(address.is_v4() ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), failed);
  if (failed == asio::error::address_family_not_supported) return on_connected("this host does not speak its protocol");
  if (failed) return refuse({503, "busy", "the host has no socket left: " + failed.message(), "try again in a moment"});
  arm(m_rules.limits.connect_time, [](Connection& self) {
    self.on_connected("nothing answered within " + std::to_string(self.m_rules.limits.connect_time.count()) + " ms");
  });
  m_server.async_connect({address, m_request.port},
                         [weak = weak_from_this(), turn = m_turn](const error_code& refused) {
                           const auto self = weak.lock();
                           if (!self || self->m_over || self->m_turn != turn) return;
                           self->on_connected(refused ? refused.message() : "");
                         });
}

void Connection::on_connected(const std::string& failure) {
  error_code ignored;
  if (failure.empty()) {
    m_server.non_blocking(true, ignored);
    m_server.set_option(asio::ip::tcp::no_delay(true), ignored);
    return begin();
  }
  ++m_turn;  // whatever was waited for is not any more
  m_server.close(ignored);
  m_failure = Error{502, "unreachable", m_record.host + " at " + m_record.address + ": " + failure, ""};
  connect_next();
}

}  // namespace berth::service::proxy
