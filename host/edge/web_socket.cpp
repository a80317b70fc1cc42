// Beast's websocket::stream behind a plain interface.
#include "edge/web_socket.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "edge/wire_stream.hpp"

namespace berth::edge {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using beast::error_code;

namespace {

using Upgrade = http::request<http::empty_body>;

constexpr std::size_t largest_piece = 64u << 10;

Upgrade upgrade_of(const RequestHead& head) {
  Upgrade request{http::verb::get, "/", 11};
  for (const char* name : {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
    const auto value = head.find(name);
    if (value) request.set(name, beast::string_view(value->data(), value->size()));
  }
  return request;
}

class Socketry : public WebSocket, public std::enable_shared_from_this<Socketry> {
 public:
  Socketry(Wire wire, Options options, Owner& owner)
      : m_options(std::move(options)), m_owner(&owner), m_stream(std::move(wire)) {}

  void accept(const RequestHead& request) override {
    m_stream.read_message_max(m_options.most_message);
    m_stream.auto_fragment(false);
    m_stream.set_option(
        websocket::stream_base::timeout{std::chrono::seconds(10), websocket::stream_base::none(), false});
    m_stream.control_callback([this](websocket::frame_type, beast::string_view) { m_heard = now(); });
    m_stream.set_option(websocket::stream_base::decorator([options = m_options](websocket::response_type& answer) {
      answer.set(http::field::server, "berth");
      answer.set("X-Request-Id", options.request_id);
      answer.set("traceparent", options.traceparent);
      if (!options.subprotocol.empty()) answer.set(http::field::sec_websocket_protocol, options.subprotocol);
    }));
    m_upgrade = upgrade_of(request);
    m_stream.async_accept(m_upgrade, [self = shared_from_this()](const error_code& failed) {
      if (failed) return self->ended();
      self->m_open = true;
      self->watch();
      if (self->m_owner) self->m_owner->opened();
      self->write_on();
    });
  }

  void read_on() override {
    m_reading = true;
    m_heard = now();
    m_stream.async_read(m_input, [self = shared_from_this()](const error_code& failed, std::size_t) {
      self->m_reading = false;
      if (failed) return self->ended();
      loader::Chunk chunk{beast::buffers_to_string(self->m_input.data()), {}, {}, self->m_stream.got_binary()};
      self->m_input.consume(self->m_input.size());
      if (self->m_owner) self->m_owner->received(std::move(chunk));
    });
  }

  void send(loader::Chunk chunk) override {
    m_queue.push_back(std::move(chunk));
    write_on();
  }

  void close(std::uint16_t code, const std::string& reason) override {
    m_closing = true;
    m_reason = websocket::close_reason(static_cast<websocket::close_code>(code), reason.substr(0, 120));
    write_on();
  }

  void drop() override {
    m_owner = nullptr;
    m_timer.cancel();
    m_stream.next_layer().wire().close();
  }

 private:
  using Moment = std::chrono::steady_clock::time_point;
  static Moment now() { return std::chrono::steady_clock::now(); }

  // Not Beast's own idle timer: it takes a client for dead whose answers to pings nobody reads, because its last
  // message is still being worked on.
  void watch() {
    m_timer.expires_after(std::min(m_options.quiet, m_options.stall));
    m_timer.async_wait([weak = weak_from_this()](const error_code& failed) {
      const auto self = weak.lock();
      if (!failed && self && self->m_open) self->look();
    });
  }

  void look() {
    // While the host itself was kept from running nobody was silent: nobody was listened to.
    const auto late = now() - m_timer.expiry();
    for (Moment* since : {&m_heard, &m_progress, &m_pinged}) *since += late;
    if (std::exchange(m_seen, m_input.size()) != m_input.size()) m_heard = now();  // a large message comes slowly
    const bool dead = m_reading && now() - m_heard >= 2 * m_options.quiet;
    const bool deaf = (m_writing && now() - m_progress >= m_options.stall) ||
                      (m_pinging && now() - m_pinged >= std::max(m_options.stall, m_options.quiet));
    if (dead || deaf) return give_up();
    if (!m_pinging && !m_closing && now() - m_pinged >= m_options.quiet) ping();
    watch();
  }

  void ping() {
    m_pinging = true;
    m_pinged = now();
    m_stream.async_ping({}, [self = shared_from_this()](const error_code& failed) {
      self->m_pinging = false;
      if (failed && !self->m_closing) self->ended();
    });
  }

  void give_up() {
    m_stream.next_layer().wire().close();
    ended();
  }

  void write_on() {
    if (!m_open || m_writing) return;
    if (m_queue.empty()) {
      if (m_closing) say_goodbye();
      return;
    }
    m_writing = true;
    m_written = 0;
    m_progress = now();
    m_stream.binary(m_queue.front().binary);
    write_piece();
  }

  // In pieces, so that a slow reader is seen to read, and pings pass between them.
  void write_piece() {
    const std::string& bytes = m_queue.front().bytes;
    const std::size_t size = std::min(bytes.size() - m_written, largest_piece);
    const bool last = m_written + size == bytes.size();
    m_stream.async_write_some(last, boost::asio::buffer(bytes.data() + m_written, size),
                              [self = shared_from_this(), size, last](const error_code& failed, std::size_t) {
                                if (failed) self->m_writing = false;
                                if (failed) return self->ended();
                                self->m_progress = self->m_heard = now();
                                self->m_written += size;
                                if (!last) return self->write_piece();
                                self->written();
                              });
  }

  void written() {
    m_writing = false;
    const std::size_t size = m_queue.front().bytes.size();
    m_queue.pop_front();
    if (m_owner) m_owner->sent(size);
    write_on();
  }

  void say_goodbye() {
    m_writing = true;
    m_stream.async_close(m_reason, [self = shared_from_this()](const error_code&) { self->ended(); });
  }

  void ended() {
    m_open = false;
    m_timer.cancel();
    auto* const owner = std::exchange(m_owner, nullptr);
    if (!owner) return;
    m_stream.next_layer().wire().close_with_goodbye(shared_from_this());
    owner->closed();
  }

  const Options m_options;
  Owner* m_owner;
  websocket::stream<WireStream> m_stream;
  boost::asio::steady_timer m_timer{m_stream.get_executor()};
  Upgrade m_upgrade;
  beast::flat_buffer m_input;
  std::deque<loader::Chunk> m_queue;
  websocket::close_reason m_reason;
  bool m_open = false;
  bool m_reading = false;
  bool m_writing = false;
  bool m_pinging = false;
  bool m_closing = false;
  Moment m_heard = now(), m_progress = now(), m_pinged = now();
  std::size_t m_seen = 0;     // of m_input
  std::size_t m_written = 0;  // of the first in the queue
};

}  // namespace

std::shared_ptr<WebSocket> WebSocket::make(Wire wire, Options options, Owner& owner) {
  return std::make_shared<Socketry>(std::move(wire), std::move(options), owner);
}

}  // namespace berth::edge
