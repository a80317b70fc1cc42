// Finds the host and shakes hands with it.
#include "command/client_body.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <csignal>
#include <utility>

namespace berth::command {

namespace asio = boost::asio;
using edge::Socket;
using service::Error;

namespace {

constexpr std::chrono::seconds connect_time{10};
constexpr std::chrono::seconds longest_kept{30};  // shorter than hosts wait

}  // namespace

Error Client::Body::unreachable(const std::string& why) const {
  return {0, "unreachable", "no host answers at " + target.url + ": " + why,
          "start one with: berth serve; or name it with --url"};
}

// With TLS 1.3 the host looks at our certificate when we already think that all is well.
Error Client::Body::unheard(const Failure& why) const {
  if (why.category() == asio::error::get_ssl_category()) return bad_tls(why);
  return unreachable(why.message());
}

Error Client::Body::bad_tls(const Failure& why) const {
  return {0, "bad_tls", "TLS with " + target.url + " fails: " + why.message(),
          "--cacert says who may sign its certificate, --cert and --key show one of ours"};
}

Error Client::Body::silent(std::chrono::milliseconds patience) const {
  return {0, "silent", "the host said nothing for " + std::to_string(patience.count()) + " ms",
          "--timeout says how long to wait"};
}

void Client::Body::close() {
  if (stream) wire().close();
}

Client::Body::Failure Client::Body::wait(std::chrono::milliseconds patience, const std::optional<Failure>& result) {
  const auto end = std::chrono::steady_clock::now() + patience;
  io.restart();
  while (!result && !abandoned && io.run_one_until(end) > 0) {
  }
  if (result) return *result;
  const bool left = abandoned;
  close();
  io.restart();
  while (!result && io.run_one() > 0) {
  }
  return left ? asio::error::operation_aborted : asio::error::timed_out;
}

bool Client::Body::still_open() {
  const auto since = std::exchange(kept_since, std::nullopt);
  if (!since || !stream || std::chrono::steady_clock::now() - *since > longest_kept) return false;
  return wire().socket().is_open() && wire().peek() == edge::Wire::Next::nothing;
}

// From here on Ctrl-C closes the connection and does not end the process.
void Client::Body::hear_interrupt() {
  if (signals) return;
  signals.emplace(io, SIGINT);
  signals->async_wait([this](Failure failed, int) {
    if (failed) return;
    interrupted = true;
    close();
  });
}

std::optional<Error> Client::Body::connect() {
  if (!url)
    return Error{0, "bad_url", "\"" + target.url + "\" is no URL of a host",
                 "write http://HOST:PORT, https://HOST:PORT or unix:PATH"};
  Socket socket(io);
  Failure failed;
  if (url->is_unix)
    socket.connect(asio::local::stream_protocol::endpoint(url->path), failed);
  else
    failed = connect_tcp(socket);
  if (failed) return unreachable(failed.message());
  if (url->tls) return shake_hands(std::move(socket));
  stream.emplace(edge::Wire(std::move(socket)));
  return std::nullopt;
}

Client::Body::Failure Client::Body::connect_tcp(Socket& socket) {
  Failure failed;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(url->host, url->port, failed);
  if (failed) return failed;
  failed = asio::error::host_not_found;
  for (const auto& one : found) {
    Failure ignored;
    socket.close(ignored);
    stream.emplace(edge::Wire(Socket(io)));
    auto& trying = wire().socket();
    failed = wait(connect_time, [&](auto handler) { trying.async_connect(one.endpoint(), std::move(handler)); });
    if (failed) continue;
    socket = std::move(trying);
    break;
  }
  return failed;
}

std::optional<Error> Client::Body::shake_hands(Socket socket) {
  Failure failed;
  if (target.ca_file.empty())
    tls.set_default_verify_paths(failed);
  else
    tls.load_verify_file(target.ca_file, failed);
  if (failed) return Error{0, "bad_option", "--cacert " + target.ca_file + ": " + failed.message()};
  if (!target.certificate.empty()) tls.use_certificate_chain_file(target.certificate, failed);
  if (failed) return Error{0, "bad_option", "--cert " + target.certificate + ": " + failed.message()};
  const std::string& key = target.key.empty() ? target.certificate : target.key;
  if (!key.empty()) tls.use_private_key_file(key, asio::ssl::context::pem, failed);
  if (failed) return Error{0, "bad_option", "--key " + key + ": " + failed.message()};
  tls.set_verify_mode(asio::ssl::verify_peer);
  stream.emplace(edge::Wire(std::move(socket), tls));
  auto& secure = wire().secure();
  SSL_set_tlsext_host_name(secure.native_handle(), url->host.c_str());
  secure.set_verify_callback(asio::ssl::host_name_verification(url->host));
  failed = wait(connect_time,
                [&](auto handler) { secure.async_handshake(asio::ssl::stream_base::client, std::move(handler)); });
  if (!failed) return std::nullopt;
  return bad_tls(failed);
}

}  // namespace berth::command
