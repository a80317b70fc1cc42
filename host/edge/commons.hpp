// What all connections of one edge share. Owned by the Server; everything in it is used on the I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "service/event_loop.hpp"
#include "edge/failed_handshakes.hpp"
#include "edge/idempotency.hpp"
#include "edge/options.hpp"
#include "edge/parked_streams.hpp"
#include "edge/partial_uploads.hpp"
#include "edge/reader_stock.hpp"
#include "routing/dispatch.hpp"
#include "service/clock.hpp"
#include "service/log.hpp"
#include "service/metrics.hpp"
#include "service/pool.hpp"
#include "session/tokens.hpp"

namespace berth::edge {

class Commons {
 public:
  Commons(service::EventLoop& on, const service::Clock& time, service::Log& lines, service::Pool& threads,
          service::Metrics& numbers, session::TokenStore& known, routing::Dispatcher& calls, Options chosen);

  service::EventLoop& loop;
  const service::Clock& clock;
  service::Log& log;
  service::Pool& pool;
  service::Metrics& metrics;
  session::TokenStore& tokens;
  routing::Dispatcher& dispatcher;
  Options options;
  bool log_requests = true;

  Idempotency idempotency;
  ParkedStreams streams;
  PartialUploads uploads;
  FailedHandshakes failed_handshakes;
  ReaderStock readers;
  bool draining = false;

  service::Gauge& connections;
  service::Counter& received;
  service::Counter& sent;

  const std::string& date_line();  // the Date field, whole; made anew once a second

 private:
  std::int64_t m_second = 0;
  std::string m_date_line;
};

}  // namespace berth::edge
