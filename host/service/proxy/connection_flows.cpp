// The bytes both ways, and every way to part.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <utility>

#include "service/proxy/connection_waits.hpp"

namespace berth::service::proxy {

using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t most_drained = 1u << 20;  // of what it sends meanwhile

}  // namespace

void Connection::begin() {
  m_last = Clock::now();
  if (m_request.tunnel) {
    m_record.status = 200;
  } else {
    m_body.emplace(m_request.body);
    m_answer.emplace(m_rules.limits.head, m_request.method == "HEAD");
  }
  begin_down();
  if (!m_over && m_down) begin_up();
  if (!m_over && m_down) watch();
}

void Connection::begin_up() {
  Flow::Filter filter;
  if (!m_request.tunnel) {
    filter = [this](std::string_view piece, std::string& out) {
      m_wrong = m_body->take(piece, out);
      return m_wrong ? Flow::Taken::wrong : Flow::Taken::more;  // whatever comes behind it is read and dropped
    };
  }
  const auto up = std::make_shared<Flow>(
      m_client, m_server, filter, m_request.tunnel,
      Flow::Ears{[this] { m_last = Clock::now(); }, [this](Flow::End how) { on_up_ended(how); }});
  m_up = up;
  const std::string text = std::exchange(m_text, {});
  up->start(std::exchange(m_request.head, {}), std::string_view(text).substr(m_end.at()));
}

// What a server drips before its answer does not count as one.
void Connection::begin_down() {
  Flow::Filter filter;
  if (!m_request.tunnel) {
    filter = [this](std::string_view piece, std::string& out) {
      const bool before = answered();
      m_wrong = m_answer->take(piece, out);
      if (!before && answered()) on_answered();
      if (m_wrong) return Flow::Taken::wrong;
      return m_answer->whole() ? Flow::Taken::last : Flow::Taken::more;
    };
  }
  const auto down = std::make_shared<Flow>(m_server, m_client, filter, m_request.tunnel,
                                           Flow::Ears{[this] {
                                                        if (answered()) m_last = Clock::now();
                                                      },
                                                      [this](Flow::End how) { on_down_ended(how); }});
  m_down = down;
  down->start(m_request.tunnel ? "HTTP/1.1 200 Connection established\r\n\r\n" : "", {});
}

// From here on it is another patience. This is within a flow, whose connection must not end meanwhile.
void Connection::on_answered() {
  m_last = Clock::now();
  arm(milliseconds(0), [](Connection& self) { self.watch(); });
}

void Connection::on_up_ended(Flow::End how) {
  const auto self = shared_from_this();
  if (how == Flow::End::from) return cut("client_gone", "the client hung up");
  if (how == Flow::End::refused) return refuse({400, "bad_message", m_wrong, "send plain HTTP/1.1"});
  if (how == Flow::End::finished && m_body && !m_body->done())
    return cut("client_gone", "the client hung up within its request");
  m_up_broken = how == Flow::End::to;
  on_one_side_ended(m_up_done);  // if the server took no more, it may have answered all the same
}

void Connection::on_down_ended(Flow::End how) {
  const auto self = shared_from_this();
  if (how == Flow::End::to && m_request.tunnel && m_up_done) return end();  // it had said goodbye before
  if (how == Flow::End::to) return cut("client_gone", "the client hung up");
  if (how == Flow::End::refused)
    return refuse({502, "bad_answer", m_record.host + " answered, but " + m_wrong, "it may answer a tunnel: CONNECT"});
  if (!answered()) return refuse({502, "cut_off", m_record.host + " hung up without an answer", "try again"});
  const bool broken = how == Flow::End::from || m_up_broken;  // a reset is told once: to whom reads, or to whom writes
  const bool whole = m_answer && (m_answer->whole() || (m_answer->lasts_to_the_end() && !broken));
  if (whole) return leave();
  if (m_answer || how == Flow::End::from) return cut("cut_off", m_record.host + " cut the connection");
  on_one_side_ended(m_down_done);
}

void Connection::on_one_side_ended(bool& side) {
  side = true;
  if (m_up_done && m_down_done) return leave();
  if (m_up && m_down) watch();
}

milliseconds Connection::patience() const {
  if (!answered()) return m_rules.limits.answer_time;
  return m_up_done || m_down_done ? m_rules.limits.half_time : m_rules.limits.idle_time;
}

void Connection::watch() {
  const auto left = std::min(m_last + patience(), m_since + m_rules.limits.whole_time) - Clock::now();
  if (left.count() > 0) return arm(std::chrono::ceil<milliseconds>(left), [](Connection& self) { self.watch(); });
  if (!answered()) return refuse({504, "silent", m_record.host + " did not answer in time", "try again"});
  cut("idle", "nothing came or went for too long, or it took too long as a whole");
}

void Connection::refuse(const Error& error) {
  if (m_request.tunnel && m_record.status == 200) return cut(error.code.c_str(), error.message);
  if (m_answer && m_answer->status() != 0) return cut(error.code.c_str(), error.message);
  m_record.verdict = error.code;
  m_record.reason = error.message;
  m_record.status = error.status;
  const std::string text = refusal_text(error, m_request.method != "HEAD");
  error_code ignored;
  m_client.write_some(boost::asio::buffer(text), ignored);
  leave();
}

// Without a reset a client could take half an answer for the whole.
void Connection::cut(const char* verdict, const std::string& why) {
  m_record.verdict = verdict;
  m_record.reason = why;
  error_code ignored;
  m_client.set_option(Socket::linger(true, 0), ignored);
  end();
}

// A socket that is closed with something unread in it takes back what was written, too: so what still comes is read.
void Connection::leave() {
  drop_server();
  tell();
  error_code ignored;
  m_client.shutdown(Socket::shutdown_send, ignored);
  arm(m_rules.limits.farewell, [](Connection& self) { self.end(); });
  drain();
}

void Connection::drain() {
  m_client.async_wait(Socket::wait_read, guarded([](Connection& self) { self.on_drained(); }));
}

void Connection::on_drained() {
  char room[16u << 10];
  error_code failed;
  m_drained += m_client.read_some(boost::asio::buffer(room), failed);
  if (failed == boost::asio::error::would_block) return drain();
  if (failed || m_drained > most_drained) return end();
  drain();
}

void Connection::drop_server() {
  error_code ignored;
  m_lookup.reset();
  if (m_up) m_record.sent = m_up->bytes();
  if (m_down) m_record.received = m_down->bytes();
  m_up.reset();
  m_down.reset();
  m_server.close(ignored);
}

void Connection::tell() {
  if (std::exchange(m_told, true)) return;
  if (m_answer && m_answer->status() != 0) m_record.status = m_answer->status();
  m_record.took = std::chrono::duration_cast<milliseconds>(Clock::now() - m_since);
  if (m_rules.log) m_rules.log(m_record);
}

void Connection::end() {
  if (std::exchange(m_over, true)) return;
  drop_server();
  if (!m_record.method.empty() || m_record.verdict != "ok") tell();
  error_code ignored;
  m_timer.cancel();
  m_client.close(ignored);
  if (const auto gone = std::exchange(m_gone, nullptr)) gone(this);
}

void Connection::stop() {
  m_gone = nullptr;
  if (!m_told && !m_record.method.empty()) cut("stopped", "the proxy was taken away");
  end();
}

}  // namespace berth::service::proxy
