// TLS handshakes that failed: whose and why, for whoever set the certificates up. Anybody on the network can fail as
// often as he likes, so the log gets a few of them a minute and a count of the others.
#pragma once

#include <openssl/types.h>

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "service/clock.hpp"
#include "service/log.hpp"
#include "service/metrics.hpp"

namespace berth::edge {

class FailedHandshakes {
 public:
  static constexpr int most_a_minute = 20;

  FailedHandshakes(service::Log& log, const service::Clock& clock, service::Metrics& metrics);
  void tell(std::string_view peer, std::string_view reason);

 private:
  service::Log& m_log;
  const service::Clock& m_clock;
  service::Counter& m_count;
  service::Clock::Moment m_minute{};
  int m_told = 0;
  std::int64_t m_left_out = 0;
};

// Why a handshake failed, in words; empty if nobody had begun one: a look whether the port is open is no failure.
std::string handshake_trouble(const boost::system::error_code& failed, const SSL* tls);
bool handshake_begun(const SSL* tls);

}  // namespace berth::edge
