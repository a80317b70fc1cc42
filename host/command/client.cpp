// One request and its answer, with Beast.
#include "command/client.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>

#include "command/client_body.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace http = boost::beast::http;
using boost::system::error_code;
using service::Error;
using service::Result;

namespace {

// An answer may take ten minutes; event streams say something every fifteen seconds.
constexpr std::chrono::minutes usual_patience{20};
constexpr std::size_t largest_body = 1u << 30;  // that is kept; a sink may take more
constexpr std::size_t block_size = 64u << 10;

using Head = http::request<http::buffer_body>;

// One exchange: first the request, then the answer, each operation with its limit.
class Exchange {
 public:
  using Body = Client::Body;
  Exchange(Body& body, std::chrono::milliseconds patience) : m_body(body), m_patience(patience) {
    m_buffer.reserve(block_size);  // or Beast reads half a kilobyte at a time
  }

  // A file that cannot be read to its end is asio::error::no_data: the host must not take it for a whole one.
  error_code write(const Client::Request& request, Head& head, std::istream* file) {
    Writer writer(head);
    if (file) return write_pieces(writer, head, *file);
    head.body().data = request.body.empty() ? nullptr : const_cast<char*>(request.body.data());
    head.body().size = request.body.size();
    head.body().more = false;
    return write_piece(writer);
  }

  // failed: the answer ended too early. Nothing came at all: its status is 0.
  Client::Answer read(const Client::Request& request, const Client::Sink& sink, error_code& failed) {
    std::optional<Parser> parser;
    do {
      failed = read_head(parser);
      if (failed) return {};
    } while (is_interim(parser->get().result_int()));
    Client::Answer answer;
    answer.status = static_cast<int>(parser->get().result_int());
    for (const auto& field : parser->get())
      answer.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    if (request.head) request.head(answer);
    read_body(*parser, answer, answer.status < 400 ? sink : Client::Sink(), failed);
    m_reusable = !failed && parser->is_done() && parser->keep_alive();
    return answer;
  }
  bool reusable() const { return m_reusable; }

 private:
  using Parser = http::response_parser<http::buffer_body>;
  using Writer = http::request_serializer<http::buffer_body>;

  static bool is_interim(unsigned status) { return status < 200 && status != 101; }

  error_code read_head(std::optional<Parser>& parser) {
    parser.emplace();
    parser->header_limit(1u << 20);
    parser->body_limit(boost::optional<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()));
    return m_body.wait(m_patience, [&](auto handler) {
      http::async_read_header(*m_body.stream, m_buffer, *parser, std::move(handler));
    });
  }

  error_code write_piece(Writer& writer) {
    auto failed =
        m_body.wait(m_patience, [&](auto handler) { http::async_write(*m_body.stream, writer, std::move(handler)); });
    if (failed == http::error::need_buffer) failed = {};
    return failed;
  }

  // A host that refuses a body says so before its end; then nobody waits for the rest.
  error_code write_pieces(Writer& writer, Head& head, std::istream& from) {
    std::vector<char> block(256u << 10);
    error_code failed;
    while (!failed && !answered()) {
      from.read(block.data(), static_cast<std::streamsize>(block.size()));
      const auto got = static_cast<std::size_t>(from.gcount());
      if (from.bad()) return boost::asio::error::no_data;
      head.body().data = got > 0 ? block.data() : nullptr;
      head.body().size = got;
      head.body().more = got > 0;
      failed = write_piece(writer);
      if (got == 0) break;
    }
    return failed;
  }

  // TLS has words of its own on the line at any time.
  bool answered() {
    error_code ignored;
    return !m_body.url->tls && m_body.wire().socket().available(ignored) > 0;
  }

  void read_body(Parser& parser, Client::Answer& answer, const Client::Sink& sink, error_code& failed) {
    const auto block = std::make_unique_for_overwrite<char[]>(block_size);
    while (!parser.is_done()) {
      parser.get().body().data = block.get();
      parser.get().body().size = block_size;
      failed = m_body.wait(m_patience, [&](auto handler) {
        http::async_read_some(*m_body.stream, m_buffer, parser, std::move(handler));
      });
      if (failed == http::error::need_buffer) failed = {};
      const std::string_view got(block.get(), block_size - parser.get().body().size);
      if (!sink && answer.body.size() + got.size() > largest_body) {
        failed = http::error::body_limit;
      } else if (!sink) {
        answer.body += got;
      } else if (!got.empty() && !sink(got)) {
        failed = {};
        return;
      }
      if (failed) return;
    }
  }

  Body& m_body;
  const std::chrono::milliseconds m_patience;
  boost::beast::flat_buffer m_buffer;
  bool m_reusable = false;
};

// The bytes of a request that come from a file or from standard input.
class BodyFile {
 public:
  explicit BodyFile(const std::string& name) : m_name(name) {
    if (!name.empty() && name != "-") m_file.open(name, std::ios::binary);
  }
  std::istream* stream() { return m_name.empty() ? nullptr : m_name == "-" ? &std::cin : &m_file; }
  bool opened() {
    if (stream() != &m_file) return true;
    m_file.peek();  // a folder can be opened and not be read
    return !m_file.fail();
  }
  Error unreadable() const { return {0, "no_file", (m_name == "-" ? "standard input" : m_name) + " cannot be read"}; }

 private:
  const std::string m_name;
  std::ifstream m_file;
};

Error abandoned() { return {0, "abandoned", "the answer is not waited for any more"}; }

}  // namespace

std::string Client::Answer::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (service::equal_fold(key, name)) return value;
  }
  return {};
}

Client::Client(Target target) : m_body(std::make_unique<Body>(std::move(target))) {}
Client::~Client() = default;

void Client::abandon() {
  m_body->abandoned = true;
  boost::asio::post(m_body->io, [] {});  // wakes who waits
}

void Client::renew() { m_body->abandoned = false; }

Result<Client::Answer> Client::send(const Request& request, const Sink& sink) {
  const auto verb = http::string_to_verb(request.method);
  if (verb == http::verb::unknown) return Error{0, "stranger", "\"" + request.method + "\" is no method of HTTP"};
  BodyFile file(request.body_file);
  if (!file.opened()) return file.unreadable();
  if (m_body->abandoned) return abandoned();
  if (!m_body->still_open()) {
    if (auto error = m_body->connect()) return m_body->abandoned ? abandoned() : *error;
  }
  if (request.interruptible) m_body->hear_interrupt();
  const std::string prefix = m_body->url->is_unix ? "" : m_body->url->path;
  Head head{verb, prefix + request.path, 11};
  head.set(http::field::host, m_body->url->authority());
  head.set(http::field::connection, request.keep ? "keep-alive" : "close");
  if (!m_body->target.token.empty()) head.set(http::field::authorization, "Bearer " + m_body->target.token);
  for (const auto& [name, value] : request.fields) head.set(name, value);
  if (file.stream())
    head.chunked(true);
  else if (!request.body.empty())
    head.content_length(request.body.size());
  const auto patience = m_body->target.patience.count() > 0 ? m_body->target.patience : usual_patience;
  error_code unsent, unread;
  Exchange exchange(*m_body, patience);
  Answer answer;
  unsent = exchange.write(request, head, file.stream());
  // A host that refuses a body early says why before it closes: read that even if writing failed.
  if (!unsent && request.sent) request.sent();
  if (unsent != boost::asio::error::no_data) answer = exchange.read(request, sink, unread);
  if (request.keep && !unsent && exchange.reusable())
    m_body->kept_since = std::chrono::steady_clock::now();
  else
    m_body->close();
  if (m_body->abandoned) return abandoned();
  if (m_body->interrupted) return answer;
  if (unsent == boost::asio::error::no_data) return file.unreadable();
  if (unread == boost::asio::error::timed_out) return m_body->silent(patience);
  if (answer.status == 0 && unread.category() == make_error_code(http::error::bad_version).category() &&
      unread != http::error::end_of_stream && unread != http::error::partial_message)
    return Error{0, "stranger", "what answers at " + m_body->target.url + " speaks no HTTP: " + unread.message(),
                 "name the host with --url"};
  if (answer.status == 0) return m_body->unheard(unsent ? unsent : unread);
  if (unread) return Error{0, "cut_off", "the host's answer broke off: " + unread.message()};
  return answer;
}

}  // namespace berth::command
