// Heads by Beast's basic_parser with our own handlers, and the checks that it leaves to its user; bodies by ourselves.
#include "edge/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <utility>

#include "service/http/chunk_reader.hpp"
#include "service/text.hpp"

namespace berth::edge {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;
using service::ChunkReader;
using service::Error;

namespace {

std::string_view view(string_view text) { return {text.data(), text.size()}; }

// Of the head alone: it is given no byte behind it. Writes into a place that outlives it, since a parser is good for
// one request only.
class Parser : public http::basic_parser<true> {
 public:
  Parser(RequestHead& head, const HeadLimits& limits) : m_head(head), m_limits(limits) {
    header_limit(static_cast<std::uint32_t>(limits.header));
    body_limit(std::numeric_limits<std::uint64_t>::max());  // the exchanges limit bodies, each kind its own way
    eager(false);
  }

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version, error_code& ec) override {
    m_head.method = view(method);
    m_head.target = view(target);
    m_head.version = static_cast<unsigned>(version);
    if (target.size() > m_limits.target) ec = http::error::bad_target;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field, string_view name, string_view value, error_code& ec) override {
    if (m_head.fields() >= m_limits.fields) {
      ec = http::error::header_limit;
      return;
    }
    m_head.add(view(name), view(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  RequestHead& m_head;
  const HeadLimits& m_limits;
};

Error bad_request(std::string why) {
  return {400, "bad_request", std::move(why), "send plain HTTP/1.1 as RFC 9112 has it"};
}

Error error_of(const error_code& ec, const RequestHead& head, const HeadLimits& limits) {
  if (head.target.size() > limits.target) {
    return {414, "target_too_long", "the request target is longer than " + std::to_string(limits.target) + " bytes",
            "put large input into a JSON body"};
  }
  if (ec == http::error::header_limit) {
    return {431, "header_too_large",
            "the header has more than " + std::to_string(limits.header) + " bytes or " + std::to_string(limits.fields) +
                " fields",
            "send fewer or shorter fields"};
  }
  if (ec == http::error::bad_version) {
    return {505, "version_not_supported", "this is not HTTP/1.1 or HTTP/1.0", "send plain HTTP/1.1"};
  }
  return bad_request("the request cannot be parsed: " + ec.message());
}

// Where a header ends, seen before Beast sees it. Beast forgives what we do not: it lets a line be folded over two, and
// waits for ever after a bare LF.
struct HeadScan {
  std::size_t seen = 0;  // bytes that were looked at
  std::size_t line = 0;  // where the current line began
  std::size_t end = 0;   // one past the header, once it is complete

  std::optional<Error> go(std::string_view bytes) {
    while (end == 0) {
      const auto at = bytes.find('\n', seen);
      if (at == std::string_view::npos) {
        seen = bytes.size();
        return std::nullopt;
      }
      if (at == 0 || bytes[at - 1] != '\r') return bad_request("a header line ends in a bare LF");
      if (line > 0 && (bytes[line] == ' ' || bytes[line] == '\t')) {
        return bad_request("a header line is folded over two lines");
      }
      if (at == line + 1) end = at + 1;
      seen = line = at + 1;
    }
    return std::nullopt;
  }
};

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Error> check_head(const RequestHead& head) {
  if (head.version != 10 && head.version != 11) {
    return Error{505, "version_not_supported", "this host speaks HTTP/1.1 and HTTP/1.0", "send plain HTTP/1.1"};
  }
  if (head.count("Content-Length") > 1) return bad_request("there are two Content-Length fields");
  if (head.count("Transfer-Encoding") > 1) return bad_request("there are two Transfer-Encoding fields");
  const auto length = head.find("Content-Length");
  const auto encoding = head.find("Transfer-Encoding");
  if (length && encoding) return bad_request("Content-Length and Transfer-Encoding exclude each other");
  if (length && !digits(*length)) return bad_request("the Content-Length is not a number");
  if (encoding && head.version == 10) return bad_request("HTTP/1.0 has no Transfer-Encoding");
  if (encoding && !service::equal_fold(*encoding, "chunked")) {
    return bad_request("the only Transfer-Encoding known here is chunked");
  }
  if (head.count("Host") > 1) return bad_request("there are two Host fields");
  if (head.count("Origin") > 1) return bad_request("there are two Origin fields");
  if (head.count("Authorization") > 1) return bad_request("there are two Authorization fields");
  if (head.version == 11 && !head.find("Host")) return bad_request("the Host field is missing");
  return std::nullopt;
}

}  // namespace

struct RequestReader::Body {
  HeadLimits limits;
  RequestHead head;
  std::string gathered;
  std::optional<Parser> parser;
  HeadScan scan;
  bool begun = false;
  Stage stage = Stage::head;
  std::uint64_t left = 0;             // of a body whose length was told
  std::optional<ChunkReader> chunks;  // of another

  explicit Body(const HeadLimits& l) : limits(l) { parser.emplace(head, limits); }

  Step feed_head(std::string_view bytes) {
    if (!begun && bytes == "\r") return {0, true};
    const std::size_t blank = begun ? 0 : blank_line(bytes);
    if (blank > 0) return {blank, blank == bytes.size()};
    begun = true;
    if (auto error = scan.go(bytes)) return {0, false, error};
    if (scan.end > limits.header || (scan.end == 0 && bytes.size() > limits.header)) {
      return {0, false, error_of(http::error::header_limit, head, limits)};
    }
    if (scan.end == 0) return {0, true};
    error_code ec;
    const std::size_t used = parser->put(boost::asio::const_buffer(bytes.data(), scan.end), ec);
    if (ec) return {used, false, error_of(ec, head, limits)};
    return {used, false, finish_head()};
  }

  // RFC 9112 2.2 lets a client put an empty line before its request.
  static std::size_t blank_line(std::string_view bytes) { return bytes.starts_with("\r\n") ? 2 : 0; }

  std::optional<Error> finish_head() {
    head.keep_alive = parser->keep_alive();
    head.chunked = parser->chunked();
    head.upgrade = parser->upgrade();
    const auto length = parser->content_length();
    if (length) head.content_length = *length;
    if (auto error = check_head(head)) return error;
    left = head.content_length.value_or(0);
    if (head.chunked) chunks.emplace(limits.header);
    stage = head.chunked || left > 0 ? Stage::body : Stage::done;
    return std::nullopt;
  }

  Step feed_body(std::string_view bytes) {
    bytes = bytes.substr(0, left);
    gathered.append(bytes);
    left -= bytes.size();
    if (left == 0) stage = Stage::done;
    return {bytes.size(), left > 0};
  }

  Step feed_chunks(std::string_view bytes) {
    const auto step = chunks->feed(bytes, gathered);
    if (step.wrong) return {step.used, false, bad_request(step.wrong)};
    if (chunks->done()) stage = Stage::done;
    return {step.used, !chunks->done()};
  }
};

RequestReader::RequestReader(const HeadLimits& limits) : m_body(std::make_unique<Body>(limits)) {}
RequestReader::~RequestReader() = default;

RequestReader::Stage RequestReader::stage() const { return m_body->stage; }

RequestReader::Step RequestReader::feed(std::string_view bytes) {
  if (stage() == Stage::done || bytes.empty()) return {0, stage() != Stage::done};
  if (stage() == Stage::head) return m_body->feed_head(bytes);
  return m_body->chunks ? m_body->feed_chunks(bytes) : m_body->feed_body(bytes);
}

bool RequestReader::begun() const { return m_body->begun; }
const RequestHead& RequestReader::head() const { return m_body->head; }
std::string RequestReader::take_body() { return std::exchange(m_body->gathered, {}); }
std::size_t RequestReader::gathered() const { return m_body->gathered.size(); }

void RequestReader::next(const HeadLimits& limits) {
  m_body->limits = limits;
  m_body->head.clear();
  m_body->gathered.clear();
  m_body->begun = false;
  m_body->stage = Stage::head;
  m_body->scan = {};
  m_body->chunks.reset();
  m_body->parser.emplace(m_body->head, m_body->limits);
}

}  // namespace berth::edge
