// Beast as its own documentation uses it, with what makes it fast: one thread, no strand, no timer, a parser and a
// buffer that are kept, and an executor that is no type-erased one.
#include "beast_connection.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <utility>

#include "beast_courier.hpp"

namespace berth::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Failure = boost::system::error_code;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                         asio::io_context::executor_type>;

constexpr std::uint64_t largest_body = 16u << 20;

class BeastConnection final : public Connection, public std::enable_shared_from_this<BeastConnection> {
 public:
  BeastConnection(Socket socket, Courier& courier)
      : m_socket(std::move(socket)), m_timer(m_socket.get_executor()), m_courier(courier) {}

  void serve() override {
    m_parser.emplace();
    m_parser->body_limit(largest_body);
    http::async_read(m_socket, m_buffer, *m_parser, [self = shared_from_this()](Failure failed, std::size_t) {
      if (!failed) self->handle();
    });
  }

  void deliver(Parcel parcel) override {
    m_response = {};
    m_response.version(11);
    m_response.result(parcel.answer.status);
    m_response.keep_alive(m_keep_alive);
    m_response.set(http::field::content_type, "application/json");
    if (!parcel.request_id.empty()) m_response.set("X-Request-Id", parcel.request_id);
    m_response.body() = std::move(parcel.answer.body);
    m_response.prepare_payload();
    if (!parcel.stray.empty()) m_response.body() += parcel.stray;
    http::async_write(m_socket, m_response, [self = shared_from_this()](Failure failed, std::size_t) {
      if (!failed && self->m_keep_alive) self->serve();
    });
  }

 private:
  void handle() {
    const auto& request = m_parser->get();
    m_keep_alive = request.keep_alive();
    const auto target = request.target();
    const auto id = request["X-Request-Id"];
    Parcel parcel{answer_to(request.method() == http::verb::post, {target.data(), target.size()}, request.body()),
                  std::string(id.data(), id.size())};
    if (parcel.answer.later.count() == 0) return m_courier.carry(shared_from_this(), std::move(parcel));
    m_timer.expires_after(parcel.answer.later);
    m_timer.async_wait([self = shared_from_this(), parcel = std::move(parcel)](Failure) mutable {
      self->m_courier.carry(self, std::move(parcel));
    });
  }

  Socket m_socket;
  Timer m_timer;
  Courier& m_courier;
  beast::flat_buffer m_buffer;
  std::optional<http::request_parser<http::string_body>> m_parser;
  http::response<http::string_body> m_response;
  bool m_keep_alive = false;
};

}  // namespace

std::shared_ptr<Connection> make_connection(Socket socket, Courier& courier) {
  return std::make_shared<BeastConnection>(std::move(socket), courier);
}

}  // namespace berth::bench
