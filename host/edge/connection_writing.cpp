// The writing half of a connection: what is queued, what has left, and what follows an answer.
#include <boost/asio/buffer.hpp>
#include <utility>

#include "edge/connection.hpp"

namespace berth::edge {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {
constexpr std::chrono::milliseconds linger_time{1000};
constexpr std::size_t small = 4u << 10;  // copied behind what goes before it, rather than sent as a piece of its own
}  // namespace

void Connection::write(std::string bytes, std::string more) {
  if (m_phase == Phase::closed) return;
  if (more.size() <= small) {
    bytes += more;
    more.clear();
  }
  queue(std::move(bytes));
  queue(std::move(more));
  flush();
}

void Connection::queue(std::string bytes) {
  if (bytes.empty()) return;
  if (m_unsent == 0) m_progress = m_commons.clock.recent();
  m_unsent += bytes.size();
  m_answer_bytes += bytes.size();
  m_waiting.push_back(std::move(bytes));
}

// Where it can, it leaves at once and not in a later turn of this connection: then its request is over before another
// one's is begun, and all of them are handled in the same, warm memory. Whoever sends more requests ahead waits his
// turn.
void Connection::write_whole(std::string head, std::string body) {
  if (m_phase == Phase::closed) return;
  const bool at_once = m_unsent == 0 && m_input.empty() && body.size() <= small && !m_wire.tls();
  if (!at_once) return write(std::move(head), std::move(body));
  head += body;
  const std::size_t sent = m_wire.send_now(head);
  m_commons.sent.add(sent);
  m_answer_bytes += sent;
  if (sent < head.size()) write(head.substr(sent));
}

void Connection::flush() {
  if (m_writing || m_phase == Phase::closed) return;
  if (m_sending.empty()) m_sending.swap(m_waiting);
  if (m_sending.empty()) return;
  m_writing = true;
  auto done = [self = shared_from_this()](const error_code& failed, std::size_t count) {
    self->on_written(failed, count);
  };
  const asio::const_buffer first = asio::buffer(m_sending[0]) + m_sent_of_first;
  if (m_sending.size() == 1) return m_wire.write_some(first, std::move(done));
  std::array<asio::const_buffer, 8> buffers{first};
  for (std::size_t i = 1; i < buffers.size() && i < m_sending.size(); ++i) buffers[i] = asio::buffer(m_sending[i]);
  m_wire.write_some(buffers, std::move(done));
}

void Connection::on_written(const error_code& failed, std::size_t count) {
  m_writing = false;
  if (m_phase == Phase::closed) return;
  if (failed) return peer_left();
  m_commons.sent.add(count);
  m_progress = m_commons.clock.recent();
  m_unsent -= count;
  std::size_t left = count + m_sent_of_first, whole = 0;
  while (whole < m_sending.size() && left >= m_sending[whole].size()) left -= m_sending[whole++].size();
  m_sending.erase(m_sending.begin(), m_sending.begin() + static_cast<std::ptrdiff_t>(whole));
  m_sent_of_first = left;
  if (const auto exchange = m_exchange) exchange->written(count);
  if (m_phase == Phase::closed) return;
  if (m_unsent > 0) return flush();
  if (m_answer_over) after_answer();
}

void Connection::end_answer(int status, bool reusable) {
  if (m_answer_over) return;
  m_answer_over = true;
  m_reusable = reusable && keeps_alive();
  m_status = status;
  if (m_unsent == 0) after_answer();
}

void Connection::after_answer() {
  if (m_phase == Phase::closed || m_phase == Phase::lingering) return;
  if (const auto exchange = std::exchange(m_exchange, nullptr))
    log_request(exchange->inbound(), m_status, m_answer_bytes);
  if (!m_reusable) return linger();
  m_reader.reset();
  m_answer_over = false;
  set_phase(Phase::idle, m_commons.options.limits.idle_time);
  advance();
}

// Closing with unread bytes would reset the connection and could take the answer with it: read a little on.
void Connection::linger() {
  set_phase(Phase::lingering, linger_time);
  m_wire.end_sending(shared_from_this());
  if (m_eof) return close();
  read();
}

// Not where it would make a whole of what is cut off. A client that leaves in the middle of an answer can tell by its
// length or its chunks, but not in HTTP/1.0.
bool Connection::may_say_goodbye() const {
  switch (m_phase) {
    case Phase::idle:
    case Phase::head: return true;
    case Phase::body:
    case Phase::busy: return m_eof && (m_answer_bytes == 0 || head().version != 10);
    default: return false;
  }
}

void Connection::log_request(const Inbound& inbound, int status, std::size_t bytes) {
  if (!m_commons.log_requests || !m_commons.log.wants(service::Level::info)) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(m_commons.clock.now() - inbound.began);
  service::Log::Fields fields{{"method", inbound.method},         {"path", inbound.asked_path()},
                              {"status", std::int64_t{status}},   {"bytes", static_cast<std::int64_t>(bytes)},
                              {"us", std::int64_t{took.count()}}, {"request_id", inbound.asker->request_id},
                              {"peer", inbound.asker->peer}};
  if (inbound.route) fields.emplace_back("operation", inbound.route->operation.name);
  const session::Asker& asker = *inbound.asker;
  if (!asker.who.name.empty()) fields.emplace_back("caller", asker.who.name);
  if (!asker.traceparent.empty()) fields.emplace_back("trace_id", asker.trace_id());
  m_commons.log.write(service::Level::info, "edge", "request", fields);
}

}  // namespace berth::edge
