// What OpenSSL says, in the words of whoever reads it.
#include "edge/failed_handshakes.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <utility>

namespace berth::edge {

FailedHandshakes::FailedHandshakes(service::Log& log, const service::Clock& clock, service::Metrics& metrics)
    : m_log(log),
      m_clock(clock),
      m_count(metrics.counter("berth_tls_handshakes_failed_total", "TLS handshakes that clients began in vain.")) {}

void FailedHandshakes::tell(std::string_view peer, std::string_view reason) {
  m_count.add();
  const auto now = m_clock.now();
  if (m_told == 0 || now - m_minute >= std::chrono::minutes(1)) {
    m_minute = now;
    m_told = 0;
  }
  if (m_told == most_a_minute) {
    ++m_left_out;
    return;
  }
  ++m_told;
  service::Log::Fields fields{{"peer", peer}, {"reason", reason}};
  if (const auto left_out = std::exchange(m_left_out, 0); left_out > 0) fields.emplace_back("left_out", left_out);
  m_log.write(service::Level::warn, "edge", "a TLS handshake failed", fields);
}

bool handshake_begun(const SSL* tls) { return BIO_number_read(SSL_get_rbio(tls)) > 0; }

std::string handshake_trouble(const boost::system::error_code& failed, const SSL* tls) {
  if (failed.category() != boost::asio::error::get_ssl_category()) {
    if (!handshake_begun(tls)) return {};
    return "the client went away in the middle of it";
  }
  switch (ERR_GET_REASON(static_cast<unsigned long>(failed.value()))) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST: return "plain HTTP came where TLS is spoken; is it https:// in the client's URL?";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return "the client showed no certificate, and client_ca asks for one";
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return std::string("the client's certificate is refused: ") +
             X509_verify_cert_error_string(SSL_get_verify_result(tls));
    default: return failed.message();
  }
}

}  // namespace berth::edge
