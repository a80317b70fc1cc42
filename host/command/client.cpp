// Beast, synchronously.
#include "command/client.hpp"

#include <poll.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>
#include <variant>

#include "edge/wire.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using edge::Socket;
using edge::TlsStream;
using service::Error;
using service::Result;

namespace {

struct Place {
  bool tls = false, is_unix = false;
  std::string host, port, path;
};

std::optional<Place> place_of(std::string url) {
  Place place;
  if (url.starts_with("unix:")) {
    place.is_unix = true;
    place.path = url.substr(5);
    place.host = "localhost";
    return place;
  }
  place.tls = url.starts_with("https://");
  if (!place.tls && !url.starts_with("http://")) return std::nullopt;
  url.erase(0, place.tls ? 8 : 7);
  url = url.substr(0, url.find('/'));
  const auto colon = url.rfind(':');
  const bool port = colon != std::string::npos && url.find(']', colon) == std::string::npos;
  place.host = port ? url.substr(0, colon) : url;
  place.port = port ? url.substr(colon + 1) : place.tls ? "443" : "80";
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  return place;
}

std::string authority_of(const Place& place) {
  if (place.is_unix) return "localhost";
  const bool six = place.host.find(':') != std::string::npos;
  return (six ? "[" + place.host + "]" : place.host) + ":" + place.port;
}

Error unreachable(const std::string& url, const std::string& why) {
  return {0, "unreachable", "no host answers at " + url + ": " + why,
          "start one with: berth serve; or name it with --url"};
}

}  // namespace

struct Client::Body {
  Target target;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::variant<std::monostate, Socket, std::unique_ptr<TlsStream>> stream;

  std::optional<Error> connect() {
    const auto place = place_of(target.url);
    if (!place)
      return Error{0, "bad_url", "\"" + target.url + "\" is no URL of a host",
                   "write http://HOST:PORT, https://HOST:PORT or unix:PATH"};
    error_code failed;
    Socket socket(io);
    if (place->is_unix) {
      socket.connect(asio::local::stream_protocol::endpoint(place->path), failed);
    } else {
      connect_tcp(socket, *place, failed);
    }
    if (failed) return unreachable(target.url, failed.message());
    if (!place->tls) {
      stream = std::move(socket);
      return std::nullopt;
    }
    return shake_hands(std::move(socket), *place);
  }

  void connect_tcp(Socket& socket, const Place& place, error_code& failed) {
    asio::ip::tcp::resolver resolver(io);
    const auto found = resolver.resolve(place.host, place.port, failed);
    if (failed) return;
    failed = asio::error::host_not_found;
    for (const auto& one : found) {
      error_code ignored;
      socket.close(ignored);
      socket.connect(one.endpoint(), failed);
      if (!failed) return;
    }
  }

  std::optional<Error> shake_hands(Socket socket, const Place& place) {
    error_code failed;
    if (target.ca_file.empty())
      tls.set_default_verify_paths(failed);
    else
      tls.load_verify_file(target.ca_file, failed);
    if (failed) return Error{0, "bad_ca", "--cacert: " + failed.message()};
    tls.set_verify_mode(asio::ssl::verify_peer);
    auto secure = std::make_unique<TlsStream>(std::move(socket), tls);
    SSL_set_tlsext_host_name(secure->native_handle(), place.host.c_str());
    secure->set_verify_callback(asio::ssl::host_name_verification(place.host));
    secure->handshake(asio::ssl::stream_base::client, failed);
    if (failed) return unreachable(target.url, failed.message());
    stream = std::move(secure);
    return std::nullopt;
  }

  template <class Work>
  auto with_stream(Work work) {
    if (auto* plain = std::get_if<Socket>(&stream)) return work(*plain);
    return work(*std::get<2>(stream));
  }
};

namespace {

using Head = http::request<http::buffer_body>;

template <class Stream>
void write_file(Stream& stream, http::request_serializer<http::buffer_body>& writer, Head& head, std::istream& from,
                error_code& failed) {
  std::vector<char> block(256u << 10);
  while (!failed) {
    from.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto got = static_cast<std::size_t>(from.gcount());
    head.body().data = got > 0 ? block.data() : nullptr;
    head.body().size = got;
    head.body().more = got > 0;
    http::write(stream, writer, failed);
    if (failed == http::error::need_buffer) failed = {};
    if (got == 0) return;
  }
}

template <class Stream>
void write_request(Stream& stream, const Client::Request& request, Head& head, error_code& failed) {
  http::request_serializer<http::buffer_body> writer(head);
  if (request.body_file.empty()) {
    head.body().data = request.body.empty() ? nullptr : const_cast<char*>(request.body.data());
    head.body().size = request.body.size();
    head.body().more = false;
    http::write(stream, writer, failed);
    return;
  }
  if (request.body_file == "-") return write_file(stream, writer, head, std::cin, failed);
  std::ifstream file(request.body_file, std::ios::binary);
  write_file(stream, writer, head, file, failed);
}

template <class Stream>
Client::Answer read_answer(Stream& stream, const Client::Sink& sink, error_code& failed) {
  beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.header_limit(1u << 20);
  parser.body_limit(boost::optional<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()));
  http::read_header(stream, buffer, parser, failed);
  Client::Answer answer;
  if (failed) return answer;
  answer.status = parser.get().result_int();
  for (const auto& field : parser.get())
    answer.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
  const bool stream_out = sink && answer.status < 400;
  std::vector<char> block(64u << 10);
  while (!parser.is_done()) {
    parser.get().body().data = block.data();
    parser.get().body().size = block.size();
    http::read_some(stream, buffer, parser, failed);
    if (failed == http::error::need_buffer) failed = {};
    if (failed) break;
    const std::string_view got(block.data(), block.size() - parser.get().body().size);
    if (!stream_out)
      answer.body += got;
    else if (!got.empty() && !sink(got))
      break;
  }
  return answer;
}

}  // namespace

std::string Client::Answer::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (service::equal_fold(key, name)) return value;
  }
  return {};
}

Client::Client(Target target) : m_body(std::make_unique<Body>()) { m_body->target = std::move(target); }
Client::~Client() = default;

Result<Client::Answer> Client::send(const Request& request, const Sink& sink) {
  if (auto error = m_body->connect()) return *error;
  Head head{http::string_to_verb(request.method), request.path, 11};
  head.set(http::field::host, authority_of(*place_of(m_body->target.url)));
  head.set(http::field::connection, "close");
  if (!m_body->target.token.empty()) head.set(http::field::authorization, "Bearer " + m_body->target.token);
  for (const auto& [name, value] : request.fields) head.set(name, value);
  if (!request.body_file.empty())
    head.chunked(true);
  else if (!request.body.empty())
    head.content_length(request.body.size());
  error_code failed;
  Answer answer = m_body->with_stream([&](auto& stream) {
    write_request(stream, request, head, failed);
    // A host that refuses a body early says why before it closes: read that even if writing failed.
    error_code read_failed;
    Answer got = read_answer(stream, sink, read_failed);
    failed = read_failed;
    return got;
  });
  if (failed && answer.status == 0) return unreachable(m_body->target.url, failed.message());
  return answer;
}

int Client::converse(const std::string& path) {
  if (auto error = m_body->connect()) return report(*error);
  const std::string host = authority_of(*place_of(m_body->target.url));
  return m_body->with_stream([&](auto& stream) {
    beast::websocket::stream<std::remove_reference_t<decltype(stream)>&> socket(stream);
    socket.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
      if (!m_body->target.token.empty()) request.set(http::field::authorization, "Bearer " + m_body->target.token);
    }));
    error_code failed;
    beast::websocket::response_type answer;
    socket.handshake(answer, host, path, failed);
    if (failed) {
      std::cerr << "berth: the host did not open the socket: " << answer.result_int() << " " << answer.reason() << "\n";
      return answer.result() == http::status::unauthorized || answer.result() == http::status::forbidden ? 4 : 1;
    }
    std::thread reader([&socket] {
      beast::flat_buffer buffer;
      error_code ended;
      while (socket.read(buffer, ended), !ended) {
        std::cout << beast::buffers_to_string(buffer.data()) << std::endl;
        buffer.consume(buffer.size());
      }
    });
    for (std::string line; std::getline(std::cin, line) && !failed;) socket.write(asio::buffer(line), failed);
    // What is on its way still arrives: the reader ends when the host closes.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    socket.close(beast::websocket::close_code::normal, failed);
    reader.join();
    return 0;
  });
}

}  // namespace berth::command
