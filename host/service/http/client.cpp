// Beast over whatever socket leads there. A kept connection may be gone by the time it is used: then, and only if
// nothing was answered yet, the question is put once more on a new one.
#include "service/http/client.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>

#include "service/http/target.hpp"
#include "service/text.hpp"

namespace berth::service {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Protocol = boost::asio::generic::stream_protocol;
using Stream = beast::basic_stream<Protocol, boost::asio::io_context::executor_type>;

namespace {

constexpr std::size_t most_kept = 8;  // of one target
constexpr auto kept_for = std::chrono::seconds(15);
constexpr std::uint32_t longest_head = 64u << 10;

std::optional<Protocol::endpoint> endpoint_of(const HttpTarget& target) {
  if (!target.socket.empty()) return boost::asio::local::stream_protocol::endpoint(target.socket);
  return boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address(target.address), target.port);
}

bool has_controls(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

// What would be more, or something else, than one request.
bool well_formed(const HttpRequest& request) {
  if (!is_token(request.method) || request.path.empty() || request.path[0] != '/') return false;
  if (has_controls(request.path) || request.path.find(' ') != std::string::npos) return false;
  for (const auto& [name, value] : request.fields) {
    if (!is_token(name) || has_controls(value) || beast::iequals(name, "content-length") ||
        beast::iequals(name, "transfer-encoding"))
      return false;
  }
  return true;
}

}  // namespace

struct HttpClient::Kept {
  struct One {
    std::unique_ptr<Stream> stream;
    std::chrono::steady_clock::time_point since;
  };
  explicit Kept(EventLoop& on) : loop(on) {}

  std::unique_ptr<Stream> take(const std::string& target) {
    auto& all = idle[target];
    std::unique_ptr<Stream> stream;
    if (!all.empty() && std::chrono::steady_clock::now() - all.back().since < kept_for)
      stream = std::move(all.back().stream);
    stream ? all.pop_back() : all.clear();  // the last is the youngest
    return stream;
  }
  void give(const std::string& target, std::unique_ptr<Stream> stream) {
    auto& all = idle[target];
    if (all.size() < most_kept) all.push_back({std::move(stream), std::chrono::steady_clock::now()});
  }
  EventLoop& loop;
  std::map<std::string, std::vector<One>> idle;
};

namespace {

class Exchange : public HttpExchange, public std::enable_shared_from_this<Exchange> {
 public:
  using Take = std::function<std::unique_ptr<Stream>()>;
  using Give = std::function<void(std::unique_ptr<Stream>)>;
  Exchange(EventLoop& loop, HttpTarget target, HttpRequest request, HttpClient::Ears ears, Take take, Give give)
      : m_loop(loop),
        m_target(std::move(target)),
        m_request(std::move(request)),
        m_ears(std::move(ears)),
        m_take(std::move(take)),
        m_give(std::move(give)) {}
  ~Exchange() override { m_stream.reset(); }

  void start() {
    m_question.version(11);
    m_question.method_string(m_request.method);
    m_question.target(m_request.path);
    for (const auto& [name, value] : m_request.fields) m_question.insert(name, value);
    if (m_question.find(http::field::host) == m_question.end()) m_question.set(http::field::host, m_target.host);
    m_question.body() = std::move(m_request.body);
    if (!m_question.body().empty() || m_request.method == "POST" || m_request.method == "PUT" ||
        m_request.method == "PATCH")
      m_question.content_length(m_question.body().size());
    // What may not be done twice is not put to a connection that may be gone: one could not tell whether it was heard.
    const bool once = m_request.method == "POST" || m_request.method == "PATCH";
    if (!once) m_stream = m_take();
    m_used = m_stream != nullptr;
    m_used ? ask() : connect();
  }

  void resume() override {
    if (!std::exchange(m_full, false)) return;
    read();
  }

 private:
  template <class Then>
  auto then(Then what) {
    return [weak = weak_from_this(), what](const error_code& failed, auto&&...) {
      const auto self = weak.lock();
      if (!self || !self->m_stream) return;
      what(*self, failed);
    };
  }

  void connect() {
    m_used = false;
    m_stream = std::make_unique<Stream>(m_loop.context());
    m_stream->expires_after(m_request.patience);
    m_stream->async_connect(*endpoint_of(m_target), then([](Exchange& self, const error_code& failed) {
      failed ? self.fail("unreachable", failed) : self.ask();
    }));
  }

  void ask() {
    m_parser.emplace();
    m_parser->header_limit(longest_head);
    m_parser->body_limit(m_request.body_most);
    if (m_request.method == "HEAD") m_parser->skip(true);
    m_buffer.clear();
    m_stream->expires_after(m_request.patience);
    http::async_write(*m_stream, m_question, then([](Exchange& self, const error_code& failed) {
      // A service may answer and hang up before it has read it all.
      if (failed && self.m_used) return self.connect();
      if (failed == beast::error::timeout) return self.fail("silent", failed);
      self.read_head();
    }));
  }

  void read_head() {
    m_stream->expires_after(m_request.patience);
    http::async_read_header(*m_stream, m_buffer, *m_parser, then([](Exchange& self, const error_code& failed) {
      if (failed && self.m_used && failed != beast::error::timeout && self.m_buffer.size() == 0 &&
          !self.m_parser->got_some())
        return self.connect();
      if (failed) return self.fail(nullptr, failed);
      self.on_head();
    }));
  }

  void on_head() {
    const auto& head = m_parser->get();
    if (head.result_int() < 200) return skip_interim();
    HttpFields fields;
    for (const auto& field : head) fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    const auto length = m_parser->content_length();
    if (length && *length > m_request.body_most) return fail(nullptr, http::error::body_limit);
    m_ears.head(static_cast<int>(head.result_int()), fields);
    if (m_stream) read();
  }

  // "100 Continue" and its like go before the answer.
  void skip_interim() {
    if (++m_interim > 8) return fail("stranger", http::error::bad_status);
    m_parser.emplace();
    m_parser->header_limit(longest_head);
    m_parser->body_limit(m_request.body_most);
    read_head();
  }

  void read() {
    if (m_parser->is_done()) return end();
    auto& body = m_parser->get().body();
    body.data = m_room;
    body.size = sizeof m_room;
    m_stream->expires_after(m_request.patience);
    http::async_read_some(*m_stream, m_buffer, *m_parser, then([](Exchange& self, const error_code& failed) {
      self.on_body(failed == http::error::need_buffer ? error_code() : failed);
    }));
  }

  void on_body(const error_code& failed) {
    const std::size_t got = sizeof m_room - m_parser->get().body().size;
    if (got > 0) m_full = !m_ears.piece({m_room, got});
    if (!m_stream) return;
    if (failed) return fail(nullptr, failed);
    m_stream->expires_never();
    if (!m_full) read();
  }

  void end() {
    m_stream->expires_never();
    if (m_parser->keep_alive() && m_buffer.size() == 0) m_give(std::move(m_stream));
    m_stream.reset();
    std::exchange(m_ears.ended, nullptr)(std::nullopt);
  }

  void fail(const char* code, const error_code& failed) {
    if (!code) code = "stranger";
    if (failed == beast::error::timeout) code = "silent";
    const bool cut = failed == http::error::end_of_stream || failed == http::error::partial_message ||
                     failed == boost::asio::error::connection_reset || failed == boost::asio::error::eof ||
                     failed == boost::asio::error::broken_pipe;
    if (cut) code = "cut_off";
    if (failed == http::error::body_limit) code = "answer_too_large";
    if (!m_target.socket.empty() && failed == boost::system::errc::operation_not_permitted) code = "not_permitted";
    Error error{std::string_view(code) == "silent" ? 504 : 502, code, m_request.target + ": " + failed.message()};
    m_stream.reset();
    std::exchange(m_ears.ended, nullptr)(error);
  }

  EventLoop& m_loop;
  const HttpTarget m_target;
  HttpRequest m_request;
  HttpClient::Ears m_ears;
  const Take m_take;
  const Give m_give;
  std::unique_ptr<Stream> m_stream;
  http::request<http::string_body> m_question;
  std::optional<http::response_parser<http::buffer_body>> m_parser;
  beast::flat_buffer m_buffer;
  bool m_used = false, m_full = false;
  int m_interim = 0;
  char m_room[16u << 10];
};

}  // namespace

HttpClient::HttpClient(EventLoop& loop) : m_kept(std::make_shared<Kept>(loop)) {}
HttpClient::~HttpClient() = default;

Result<std::shared_ptr<HttpExchange>> HttpClient::start(HttpRequest request, Ears ears) {
  auto target = parse_target(request.target);
  if (!target) return target.error();
  if (!well_formed(request))
    return Error{422, "bad_request", "the request's method, path or headers are none",
                 "the host itself states Content-Length"};
  const auto take = [kept = m_kept, name = request.target] { return kept->take(name); };
  const auto give = [kept = m_kept, name = request.target](std::unique_ptr<Stream> stream) {
    kept->give(name, std::move(stream));
  };
  const auto exchange =
      std::make_shared<Exchange>(m_kept->loop, std::move(*target), std::move(request), std::move(ears), take, give);
  exchange->start();
  return std::shared_ptr<HttpExchange>(exchange);
}

}  // namespace berth::service
