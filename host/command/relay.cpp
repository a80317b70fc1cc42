// Two pumps a connection, each with one block: who reads slowly is waited for, and nothing grows.
#include "command/relay.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace berth::command {

namespace asio = boost::asio;
using boost::system::error_code;
using service::Error;

namespace {

using Protocol = asio::generic::stream_protocol;
using Line = Protocol::socket;

Protocol::endpoint endpoint_of(const Place& place) {
  if (!place.path.empty()) return asio::local::stream_protocol::endpoint(place.path);
  return asio::ip::tcp::endpoint(asio::ip::make_address(place.ip), place.port);
}

std::string words_of(const Place& place) {
  return place.path.empty() ? place.ip + ":" + std::to_string(place.port) : place.path;
}

// One that was left by a program that is no more: nobody answers there.
bool is_stale(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0 || !S_ISSOCK(facts.st_mode) || facts.st_uid != ::geteuid()) return false;
  asio::io_context io;
  asio::local::stream_protocol::socket tried(io);
  error_code failed;
  tried.connect(asio::local::stream_protocol::endpoint(path), failed);
  return failed == asio::error::connection_refused;
}

struct Pair : std::enable_shared_from_this<Pair> {
  Pair(Line one, asio::io_context& io) : near(std::move(one)), far(io) {}

  void pump_in() {
    near.async_read_some(asio::buffer(in), [self = shared_from_this(), this](error_code failed, std::size_t got) {
      if (failed) return close();
      // A far end that hears no more may still have something to say: pump_out() finds its end.
      asio::async_write(far, asio::buffer(in, got), [self, this](error_code unsent, std::size_t) {
        if (!unsent) pump_in();
      });
    });
  }
  void pump_out() {
    far.async_read_some(asio::buffer(out), [self = shared_from_this(), this](error_code failed, std::size_t got) {
      if (failed) return close();
      asio::async_write(near, asio::buffer(out, got),
                        [self, this](error_code unsent, std::size_t) { unsent ? close() : pump_out(); });
    });
  }
  void close() {
    error_code ignored;
    near.close(ignored);
    far.close(ignored);
  }

  Line near, far;
  std::array<char, 64 << 10> in{}, out{};
};

}  // namespace

Relay::~Relay() {
  m_io.stop();
  if (m_run.valid()) m_run.wait();
  clear();
}

void Relay::clear() const {
  for (const auto& door : m_doors)
    if (!door.file.empty()) ::unlink(door.file.c_str());
}

std::optional<Error> Relay::listen(const Place& at) {
  error_code failed;
  asio::basic_socket_acceptor<Protocol> acceptor(m_io);
  const auto endpoint = endpoint_of(at);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed && at.path.empty()) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed && !at.path.empty() && is_stale(at.path)) ::unlink(at.path.c_str());
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed)
    return Error{0, "no_port", words_of(at) + " cannot be served: " + failed.message(),
                 "is another kernel still running with the same connection file?"};
  m_doors.push_back({std::move(acceptor), at.path, std::make_unique<asio::steady_timer>(m_io)});
  return std::nullopt;
}

void Relay::start(const std::vector<Place>& to) {
  for (std::size_t i = 0; i < m_doors.size() && i < to.size(); ++i) accept(m_doors[i], endpoint_of(to[i]));
  m_run = std::async(std::launch::async, [this] { m_io.run(); });
}

// The thread ends by itself when no pair is left.
void Relay::finish(std::chrono::milliseconds patience) {
  if (!m_run.valid()) return;
  asio::post(m_io, [this] { stop_taking(); });
  m_run.wait_for(patience);
}

void Relay::stop_taking() {
  m_finishing = true;
  error_code ignored;
  for (auto& door : m_doors) {
    door.acceptor.close(ignored);
    door.rest->cancel();
  }
}

// Without descriptors there is nothing to accept with, for a while.
void Relay::accept(Door& door, const Protocol::endpoint& to) {
  if (m_finishing) return;
  door.acceptor.async_accept([this, &door, to](error_code failed, Line came) {
    if (failed == asio::error::operation_aborted) return;
    if (failed) {
      door.rest->expires_after(std::chrono::milliseconds(100));
      return door.rest->async_wait([this, &door, to](error_code over) {
        if (!over) accept(door, to);
      });
    }
    const auto pair = std::make_shared<Pair>(std::move(came), m_io);
    pair->far.async_connect(to, [pair](error_code unreachable) {
      if (unreachable) return pair->close();
      pair->pump_in();
      pair->pump_out();
    });
    accept(door, to);
  });
}

}  // namespace berth::command
