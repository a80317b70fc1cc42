// Accepts, counts, and lets go.
#include "service/proxy/proxy.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "service/proxy/connection.hpp"
#include "service/unique_fd.hpp"

namespace berth::service::proxy {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int most_waiting = 4096;                // in the listener's line; the kernel's own limit
constexpr std::chrono::milliseconds breath{100};  // after accept failed, mostly for want of file descriptors

Error no_listener(const std::string& why) {
  return {500, "no_listener", "the proxy was given no socket that listens: " + why, ""};
}

bool listens(int fd) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

}  // namespace

struct Proxy::Body : std::enable_shared_from_this<Body> {
  Body(EventLoop& loop, Resolver& names, Rules all)
      : rules(std::move(all)), resolver(names), acceptor(loop.context()), pause(loop.context()) {}

  void accept();
  void take(Socket socket);
  void rest();
  void end_waiting();
  void leave(const Connection* one);
  // Those that are turned away count, too: so many that they, too, are bounded.
  bool crowded() const { return connections.size() >= 2 * rules.limits.connections; }

  const Rules rules;
  Resolver& resolver;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::map<const Connection*, std::shared_ptr<Connection>> connections;
  bool waiting = false;  // for one of them to leave
};

Result<std::unique_ptr<Proxy>> Proxy::open(EventLoop& loop, Resolver& resolver, int listener, Rules rules) {
  if (!listens(listener)) return no_listener("it does not listen");
  UniqueFd own(::fcntl(listener, F_DUPFD_CLOEXEC, 0));
  if (!own) return no_listener(std::strerror(errno));
  auto body = std::make_shared<Body>(loop, resolver, std::move(rules));
  error_code failed;
  body->acceptor.assign(asio::ip::tcp::v4(), own.get(), failed);
  if (failed) return no_listener(failed.message());
  own.release();
  body->acceptor.non_blocking(true, failed);
  body->accept();
  return std::unique_ptr<Proxy>(new Proxy(std::move(body)));
}

Proxy::Proxy(std::shared_ptr<Body> body) : m_body(std::move(body)) {}

Proxy::~Proxy() {
  for (const auto& [one, owned] : std::exchange(m_body->connections, {})) owned->stop();
  m_body->end_waiting();
}

std::size_t Proxy::connections() const { return m_body->connections.size(); }

void Proxy::Body::accept() {
  acceptor.async_accept([weak = weak_from_this()](const error_code& failed, Socket socket) {
    const auto self = weak.lock();
    if (!self) return;
    if (failed) return self->rest();
    self->take(std::move(socket));
    self->waiting = self->crowded();
    if (!self->waiting) self->accept();
  });
}

void Proxy::Body::take(Socket socket) {
  const bool full = connections.size() >= rules.limits.connections;
  const auto one =
      std::make_shared<Connection>(rules, resolver, std::move(socket), [this](const Connection* gone) { leave(gone); });
  connections[one.get()] = one;
  full ? one->turn_away() : one->start();
}

void Proxy::Body::rest() {
  pause.expires_after(breath);
  pause.async_wait([weak = weak_from_this()](const error_code&) {
    if (const auto self = weak.lock()) self->accept();
  });
}

// Those that nobody has accepted would wait for ever.
void Proxy::Body::end_waiting() {
  error_code failed;
  for (int i = 0; i < most_waiting && !failed; ++i) acceptor.accept(failed);
}

void Proxy::Body::leave(const Connection* one) {
  connections.erase(one);
  if (waiting && !crowded()) {
    waiting = false;
    accept();
  }
}

std::vector<std::string> environment(std::uint16_t port) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  std::vector<std::string> all;
  for (const char* name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}) all.push_back(name + ("=" + url));
  for (const char* name : {"no_proxy", "NO_PROXY"}) all.push_back(std::string(name) + "=localhost,127.0.0.1,::1");
  return all;
}

}  // namespace berth::service::proxy
