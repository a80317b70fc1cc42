// Puts together what the connections share.
#include "edge/commons.hpp"

#include <utility>

#include "edge/answer.hpp"

namespace berth::edge {

Commons::Commons(service::EventLoop& on, const service::Clock& time, service::Log& lines, service::Pool& threads,
                 service::Metrics& numbers, session::TokenStore& known, routing::Dispatcher& calls, Options chosen)
    : loop(on),
      clock(time),
      log(lines),
      pool(threads),
      metrics(numbers),
      tokens(known),
      dispatcher(calls),
      options(std::move(chosen)),
      idempotency(time, options.limits.idempotency_time, options.limits.idempotency_keys),
      uploads(options.upload_directory, time, options.limits.upload_time),
      failed_handshakes(lines, time, numbers),
      connections(numbers.gauge("berth_connections", "Open client connections.")),
      received(numbers.counter("berth_received_bytes_total", "Bytes read from clients.")),
      sent(numbers.counter("berth_sent_bytes_total", "Bytes written to clients.")) {}

const std::string& Commons::date_line() {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  if (second != m_second) {
    m_second = second;
    m_date_line = "Date: " + http_date(second) + "\r\n";
  }
  return m_date_line;
}

}  // namespace berth::edge
