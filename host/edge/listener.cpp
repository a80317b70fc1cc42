// Binding, accepting, and what to do when there is no room.
#include "edge/listener.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "edge/answer.hpp"
#include "edge/connection.hpp"
#include "edge/server.hpp"
#include "edge/trace.hpp"
#include "routing/problem.hpp"

namespace berth::edge {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;
using service::Error;

namespace {

constexpr std::chrono::milliseconds breath{100};  // after accept failed, mostly for want of file descriptors
constexpr std::string_view unix_prefix = "unix:";

Error cannot(const Listen& what, const std::string& why,
             const char* hint = "choose another address with --listen or in berth.lua") {
  return {500, "cannot_listen", what.where + ": cannot listen on " + what.address + ": " + why, hint};
}

constexpr const char* look_at_tls = "look at tls = { cert = …, key = …, client_ca = … }";

std::string full_answer() {
  Error error{503, "busy", "this host has as many connections as it takes", "try again in a moment"};
  error.retry_after = std::chrono::seconds(1);
  const std::string body = routing::problem_json(error, "/");
  AnswerHead head(503);
  head.field("X-Request-Id", request_id_of({}))
      .field("X-Content-Type-Options", "nosniff")
      .field("Cache-Control", "no-store");
  head.field("Content-Type", "application/problem+json").field("Retry-After", "1").field("Connection", "close");
  return std::move(head.field("Content-Length", body.size())).done() + body;
}

std::string peer_of(const Socket& socket) {
  error_code failed;
  const auto end = socket.remote_endpoint(failed);
  if (failed || end.data()->sa_family == AF_UNIX) return "unix";
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (getnameinfo(end.data(), static_cast<socklen_t>(end.size()), host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "unknown";
  }
  return std::string(host) + ":" + port;
}

}  // namespace

Listener::Listener(Server& server, Listen what)
    : m_server(server),
      m_what(std::move(what)),
      m_acceptor(server.m_commons.loop.context()),
      m_pause(server.m_commons.loop.context()) {}

Listener::~Listener() { close(); }

std::optional<Error> Listener::open() {
  if (m_what.address.starts_with(unix_prefix)) return open_unix(m_what.address.substr(unix_prefix.size()));
  const auto colon = m_what.address.rfind(':');
  if (colon == std::string::npos) return cannot(m_what, "an address is HOST:PORT or unix:PATH");
  std::string host = m_what.address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!m_tls) {  // else it was open before, and its files may be gone
    auto tls = read_tls(m_what);
    if (!tls) return tls.error();
    m_tls = std::move(*tls);
  }
  return open_tcp(host, m_what.address.substr(colon + 1));
}

service::Result<Listener::Tls> Listener::read_tls(const Listen& what) {
  if (!what.tls) return Tls();
  error_code failed;
  auto tls = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  tls->use_certificate_chain_file(what.tls->cert, failed);
  if (failed) return cannot(what, "certificate " + what.tls->cert + ": " + failed.message(), look_at_tls);
  tls->use_private_key_file(what.tls->key, ssl::context::pem, failed);
  if (failed) return cannot(what, "key " + what.tls->key + ": " + failed.message(), look_at_tls);
  if (!what.tls->client_ca) return tls;
  tls->load_verify_file(*what.tls->client_ca, failed);
  if (failed) return cannot(what, "client_ca " + *what.tls->client_ca + ": " + failed.message(), look_at_tls);
  tls->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  // Or else OpenSSL refuses whoever takes a session up again. Their keys are this context's own.
  SSL_CTX_set_session_id_context(tls->native_handle(), reinterpret_cast<const unsigned char*>("berth"), 5);
  return tls;
}

void Listener::become(Listen what, Tls tls) {
  m_what = std::move(what);
  m_tls = std::move(tls);
}

std::optional<Error> Listener::open_tcp(const std::string& host, const std::string& port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const int failed = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (failed != 0) return cannot(m_what, gai_strerror(failed));
  const asio::generic::stream_protocol::endpoint at(found->ai_addr, found->ai_addrlen);
  const int family = found->ai_family;
  freeaddrinfo(found);
  return bind(at, family);
}

std::optional<Error> Listener::open_unix(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path) return cannot(m_what, "the path is empty or too long");
  std::memcpy(name.sun_path, path.c_str(), path.size());
  // A socket file that nobody answers on is left from a host that was killed.
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool alive = ::connect(probe, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0;
  ::close(probe);
  if (alive) return cannot(m_what, "another program listens there");
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode)) ::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  auto error = bind({&name, sizeof name}, AF_UNIX);
  ::umask(before);
  if (!error) m_unix_path = path;
  return error;
}

std::optional<Error> Listener::bind(const asio::generic::stream_protocol::endpoint& at, int family) {
  error_code failed;
  m_acceptor.open(asio::generic::stream_protocol(family, family == AF_UNIX ? 0 : IPPROTO_TCP), failed);
  if (failed) return cannot(m_what, failed.message());
  if (family != AF_UNIX) m_acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (family == AF_INET6) {
    const int on = 1;
    ::setsockopt(m_acceptor.native_handle(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  m_acceptor.bind(at, failed);
  if (!failed) m_acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) return std::nullopt;
  auto error = cannot(m_what, failed.message());
  if (failed == asio::error::address_in_use) error.code = in_the_way;
  m_acceptor.close(failed);  // for another try
  return error;
}

std::string Listener::url() const {
  if (!m_unix_path.empty()) return "unix:" + m_unix_path;
  error_code failed;
  const auto end = m_acceptor.local_endpoint(failed);
  char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";
  if (!failed) {
    getnameinfo(end.data(), static_cast<socklen_t>(end.size()), host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
  }
  const bool six = std::string_view(host).find(':') != std::string_view::npos;
  return std::string(m_tls ? "https://" : "http://") + (six ? "[" : "") + host + (six ? "]" : "") + ":" + port;
}

void Listener::accept() {
  m_acceptor.async_accept([self = shared_from_this()](const error_code& failed, Socket socket) {
    if (failed == asio::error::operation_aborted || !self->m_acceptor.is_open()) return;
    if (!failed) {
      self->take(std::move(socket));
      return self->accept();
    }
    self->out_of_breath(failed);
    self->m_pause.expires_after(breath);
    self->m_pause.async_wait([self](const error_code& stopped) {
      if (!stopped) self->accept();
    });
  });
}

// Said once a minute at most.
void Listener::out_of_breath(const error_code& failed) {
  auto& commons = m_server.m_commons;
  const auto now = commons.clock.now();
  if (m_said && now - *m_said < std::chrono::minutes(1)) return;
  m_said = now;
  commons.log.write(service::Level::error, "edge", "connections cannot be taken",
                    {{"address", m_what.address}, {"reason", failed.message()}});
}

void Listener::take(Socket socket) {
  auto& commons = m_server.m_commons;
  if (m_server.connections() >= commons.options.limits.connections) return turn_away(std::move(socket));
  const bool is_unix = !m_unix_path.empty();
  const std::string peer = peer_of(socket);
  if (!is_unix) {
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Wire wire = m_tls ? Wire(std::move(socket), *m_tls) : Wire(std::move(socket));
  m_server.admit(std::move(wire), peer, is_unix);
}

// One try to say why, without waiting for anybody.
void Listener::turn_away(Socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  if (!m_tls) socket.send(asio::buffer(full_answer()), 0, ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
}

void Listener::close() {
  error_code ignored;
  m_acceptor.close(ignored);
  m_pause.cancel();
  if (!m_unix_path.empty()) ::unlink(std::exchange(m_unix_path, {}).c_str());
}

}  // namespace berth::edge
