// The life of a connection. Reading, judging, answering and lingering are phases; every phase has its deadline.
#include "edge/connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <utility>

#include "edge/answer.hpp"
#include "edge/intake.hpp"
#include "edge/target.hpp"
#include "edge/trace.hpp"

namespace berth::edge {

using boost::system::error_code;
using service::Error;
namespace asio = boost::asio;

namespace {

constexpr std::size_t head_room = 4u << 10;           // read at once while a head is expected
constexpr std::size_t body_room = 64u << 10;          // and while a body is
constexpr std::size_t most_ahead = 64u << 10;         // pipelined bytes that are read before their turn
constexpr std::size_t most_lingering = 16u << 20;     // of a refused body, read so that the client can read its answer
constexpr std::chrono::milliseconds fresh_time{500};  // while draining: a connection so new may still bring its request

}  // namespace

Connection::Connection(Commons& commons, Wire wire, std::string peer, bool is_unix, Ended ended)
    : m_commons(commons),
      m_wire(std::move(wire)),
      m_peer(std::move(peer)),
      m_is_unix(is_unix),
      m_ended(std::move(ended)) {
  m_commons.connections.add(1);
}

Connection::~Connection() { m_commons.connections.add(-1); }

void Connection::start() {
  if (!m_wire.tls()) {
    set_phase(Phase::idle, m_commons.options.limits.idle_time);
    return read();
  }
  set_phase(Phase::handshake, m_commons.options.limits.handshake_time);
  m_wire.secure().async_handshake(
      asio::ssl::stream_base::server, [self = shared_from_this()](const error_code& failed) {
        if (self->m_phase == Phase::closed) return;
        if (failed) return self->no_handshake(handshake_trouble(failed, self->m_wire.secure().native_handle()));
        self->set_phase(Phase::idle, self->m_commons.options.limits.idle_time);
        self->read();
      });
}

void Connection::no_handshake(const std::string& why) {
  if (!why.empty()) m_commons.failed_handshakes.tell(m_peer, why);
  close();
}

void Connection::set_phase(Phase phase, std::chrono::milliseconds time) {
  m_phase = phase;
  m_deadline = m_commons.clock.recent() + time;
}

// ---- reading

void Connection::read() {
  if (m_reading || m_eof || m_phase == Phase::closed) return;
  const bool ahead = m_phase == Phase::busy || is_asking();
  if (ahead && m_input.size() >= most_ahead) return;
  m_reading = true;
  const auto room = m_input.room(m_phase == Phase::body || m_phase == Phase::lingering ? body_room : head_room);
  m_wire.read_some(
      room, [self = shared_from_this()](const error_code& failed, std::size_t count) { self->on_read(failed, count); });
}

void Connection::on_read(const error_code& failed, std::size_t count) {
  m_reading = false;
  if (m_phase == Phase::closed) return;
  m_commons.received.add(count);
  if (m_phase == Phase::lingering) {
    m_lingered += count;
    if (failed || m_lingered > most_lingering) return close();
    return read();
  }
  m_input.filled(count);
  m_window_bytes += count;
  m_eof = m_eof || bool(failed);
  if (m_phase == Phase::busy) {
    if (m_eof) return peer_left();
    return read();
  }
  advance();
}

// Goes on with what was read, as far as it leads.
void Connection::advance() {
  if (m_advancing) return;
  m_advancing = true;
  bool forward = true;
  while (forward) {
    switch (m_phase) {
      case Phase::idle:
      case Phase::head: forward = take_head(); break;
      case Phase::body: forward = take_body(); break;
      default: forward = false;
    }
  }
  m_advancing = false;
  if (!wants_bytes()) return;
  if (m_eof) return peer_left();
  if (m_phase == Phase::idle) return read_later();
  read();
}

// Asio looks at once whether there is something to read. Right after an answer there is nothing; by this connection's
// next turn there mostly is.
void Connection::read_later() {
  asio::post(m_wire.socket().get_executor(), [self = shared_from_this()] { self->read(); });
}

// While a call runs, reading goes on: it is how a client that leaves is seen.
bool Connection::wants_bytes() const {
  switch (m_phase) {
    case Phase::idle:
    case Phase::head: return true;
    case Phase::body: return !m_answer_over && m_exchange && (m_exchange->hungry() || is_asking());
    case Phase::busy: return !m_answer_over;
    default: return false;
  }
}

bool Connection::is_asking() const { return m_phase == Phase::body && m_exchange && m_exchange->asking(); }

bool Connection::take_head() {
  if (m_input.empty()) return false;
  const auto& limits = m_commons.options.limits;
  if (!m_reader) m_reader = m_commons.readers.lend({limits.header, limits.fields, limits.target});
  const auto step = m_reader->feed(m_input.unread());
  m_input.use(step.used);
  if (step.error) {
    broken(*step.error);
    return false;
  }
  if (m_reader->stage() == RequestReader::Stage::head) {
    if (m_phase == Phase::idle && m_reader->begun()) set_phase(Phase::head, limits.header_time);
    return step.used > 0 && !step.more;
  }
  on_head();
  return true;
}

void Connection::on_head() {
  renew_window();
  m_answer_over = false;
  m_answer_bytes = 0;
  m_phase = Phase::body;
  Judged judged = judge(head(), {m_peer, m_wire.tls(), m_is_unix}, m_commons, m_memory);
  const auto exchange = m_exchange = make_exchange(*this, std::move(judged));
  exchange->start();
}

bool Connection::take_body() {
  const auto exchange = m_exchange;
  if (!exchange || m_answer_over || !exchange->hungry()) return false;
  if (m_reader->stage() == RequestReader::Stage::body) {
    const auto step = m_reader->feed(m_input.unread());
    m_input.use(step.used);
    if (step.error) {
      exchange->client_left();
      broken(*step.error);
      return false;
    }
    if (step.more && step.used == 0) return false;
  }
  const bool last = m_reader->stage() == RequestReader::Stage::done;
  if (last) m_phase = Phase::busy;
  if (last || m_reader->gathered() > 0) exchange->body(m_reader->take_body(), last);
  return m_phase == Phase::body;
}

void Connection::resume_reading() {
  if (m_phase == Phase::body) advance();
}

void Connection::renew_window() {
  m_window = m_commons.clock.recent();
  m_window_bytes = 0;
}

void Connection::continue_100() {
  if (head().version == 10 || !head().find("Expect")) return;
  if (!m_input.empty()) return;  // the body comes already
  write("HTTP/1.1 100 Continue\r\n\r\n");
}

bool Connection::keeps_alive() const {
  return m_reader->stage() == RequestReader::Stage::done && head().keep_alive && !m_commons.draining;
}

// An answer to what was no request; the connection is of no use after it.
void Connection::broken(const Error& error) {
  Judged judged;
  judged.inbound.method = head().method;
  judged.inbound.path = unread_target(head().target).substr(0, 200);
  judged.inbound.began = m_commons.clock.now();
  judged.inbound.asker = std::make_shared<session::Asker>();
  judged.inbound.asker->peer = m_peer;
  judged.inbound.asker->request_id = request_id_of({});
  judged.error = error;
  judged.fatal = true;
  m_answer_over = false;
  m_phase = Phase::busy;
  const auto exchange = m_exchange = make_exchange(*this, std::move(judged));
  exchange->start();
}

// ---- time and ends

bool Connection::body_too_slow(service::Clock::Moment now) {
  const auto& limits = m_commons.options.limits;
  if (now - m_window < limits.body_stall) return false;
  const auto wanted = static_cast<double>(limits.body_rate) * std::chrono::duration<double>(now - m_window).count();
  const bool slow = static_cast<double>(m_window_bytes) < wanted && m_exchange && m_exchange->hungry();
  m_window = now;
  m_window_bytes = 0;
  return slow;
}

void Connection::sweep(service::Clock::Moment now) {
  const auto self = shared_from_this();
  if (m_unsent > 0 && now - m_progress > m_commons.options.limits.write_stall) return peer_left();
  switch (m_phase) {
    case Phase::handshake:
      if (now < m_deadline) return;
      return no_handshake(handshake_begun(m_wire.secure().native_handle()) ? "it took too long"
                                                                           : "the client said nothing in time");
    case Phase::lingering:
      if (now >= m_deadline) close();
      return;
    case Phase::idle:
      if (now >= m_deadline) linger();
      return;
    case Phase::head:
      if (now >= m_deadline) broken({408, "request_timeout", "the header of the request did not arrive in time"});
      return;
    case Phase::body:
      if (body_too_slow(now)) {
        if (m_exchange) m_exchange->client_left();
        return broken({408, "request_timeout", "the body of the request arrives too slowly"});
      }
      break;
    default: break;
  }
  if (const auto exchange = m_exchange) exchange->tick(now);
}

void Connection::drain(bool late) {
  const auto self = shared_from_this();
  const auto& limits = m_commons.options.limits;
  const auto waited = m_commons.clock.now() + limits.idle_time - m_deadline;
  if (m_phase == Phase::handshake || (m_phase == Phase::idle && waited >= fresh_time)) return close();
  const auto exchange = m_exchange;
  if (exchange && (late || exchange->endless())) exchange->closing_now();
}

void Connection::peer_left() {
  if (m_phase == Phase::closed) return;
  if (const auto exchange = std::exchange(m_exchange, nullptr)) {
    exchange->client_left();
    log_request(exchange->inbound(), 499, m_answer_bytes);
  }
  close();
}

void Connection::close() {
  if (m_phase == Phase::closed) return;
  const bool goodbye = may_say_goodbye();
  m_phase = Phase::closed;
  const auto self = shared_from_this();
  if (const auto exchange = std::exchange(m_exchange, nullptr)) exchange->client_left();
  if (goodbye)
    m_wire.close_with_goodbye(self);
  else if (!m_released)
    m_wire.close();
  m_ended(this);
}

Wire Connection::release() {
  m_released = true;
  m_phase = Phase::upgraded;
  return std::move(m_wire);
}

}  // namespace berth::edge
