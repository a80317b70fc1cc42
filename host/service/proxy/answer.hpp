// What goes back to the client: a server's answer, whose head is written anew, or the proxy's own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "service/proxy/body.hpp"
#include "service/proxy/head.hpp"

namespace berth::service::proxy {

// A server's answer on its way.
class Answer {
 public:
  // To HEAD no body comes, whatever the head says of one.
  Answer(std::size_t most_head, bool to_head) : m_most_head(most_head), m_to_head(to_head) {}
  // Puts onto `out` what the client is to get of it. Null, or what is wrong with the answer.
  const char* take(std::string_view piece, std::string& out);
  int status() const { return m_status; }  // 0: its head has not come yet
  bool whole() const { return m_body && m_body->done(); }
  bool lasts_to_the_end() const { return m_status != 0 && !m_body; }  // only the server's hanging up tells its end

 private:
  const char* on_head(std::string_view head, std::string& out);

  const char* on_body(std::string_view piece, std::string& out);

  const std::size_t m_most_head;
  const bool m_to_head;
  std::string m_text;  // of a head that is not complete
  HeadEnd m_end;
  int m_status = 0;
  std::optional<Body> m_body;
  int m_interim = 0;  // answers such as 100 Continue that came before
};

// The proxy's own answer, a problem (RFC 9457). The reason stands in the status line as well: of an answer to CONNECT
// most clients show nothing else.
std::string refusal_text(const Error& error, bool with_body = true);

}  // namespace berth::service::proxy
