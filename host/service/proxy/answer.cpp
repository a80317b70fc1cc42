// Heads are read as strictly as a client's; a body passes as it is.
#include "service/proxy/answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "service/text.hpp"

namespace berth::service::proxy {

namespace {

constexpr int most_interim = 8;
constexpr std::size_t longest_reason = 200;

// Of "HTTP/1.1 200 OK"; 0: it is none.
int status_of(std::string_view start) {
  if (!start.starts_with("HTTP/1.1 ") && !start.starts_with("HTTP/1.0 ")) return 0;
  int status = 0;
  const auto digits = start.substr(9, 3);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  const bool whole = failed == std::errc() && end == digits.data() + 3 && (start.size() == 12 || start[12] == ' ');
  return whole && status >= 100 ? status : 0;
}

std::string reason_of(const std::string& message) {
  std::string reason = message.substr(0, longest_reason);
  std::replace_if(
      reason.begin(), reason.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return reason;
}

std::string problem_of(const Error& error) {
  std::string text = "{\"type\":" + json_quote("urn:berth:problem:" + error.code);
  text += ",\"title\":\"the proxy refused\",\"status\":" + std::to_string(error.status);
  text += ",\"detail\":" + json_quote(error.message) + ",\"code\":" + json_quote(error.code);
  if (!error.hint.empty()) text += ",\"hint\":" + json_quote(error.hint);
  return text + "}\n";
}

}  // namespace

const char* Answer::take(std::string_view piece, std::string& out) {
  if (m_status != 0) return on_body(piece, out);
  m_text.append(piece);
  while (m_status == 0) {
    if (const char* wrong = m_end.go(m_text)) return wrong;
    if (std::max(m_end.at(), m_end.at() == 0 ? m_text.size() : 0) > m_most_head) return "its head is too large";
    if (m_end.at() == 0) return nullptr;
    const std::size_t end = m_end.at();
    if (const char* wrong = on_head(std::string_view(m_text).substr(0, end), out)) return wrong;
    m_text.erase(0, end);
    m_end = {};
  }
  return on_body(std::exchange(m_text, {}), out);
}

const char* Answer::on_body(std::string_view piece, std::string& out) {
  if (m_body) return m_body->take(piece, out);
  out.append(piece);
  return nullptr;
}

const char* Answer::on_head(std::string_view bytes, std::string& out) {
  const auto head = parse_head(bytes);
  if (!head) return "its head is no HTTP";
  const int status = status_of(head->start);
  if (status == 0) return "it is no HTTP/1.1";
  if (status == 101) return "it changes the protocol, which nobody asked for";
  const auto framing = framing_of(*head);
  if (!framing) return "how long its body is can be read in two ways";
  const bool may_chunk = status >= 200 && status != 204 && head->start.starts_with("HTTP/1.1 ");
  if (framing->chunked && !may_chunk) return "it has chunks where there can be none";
  out.append(head->start).append("\r\n").append(passing_fields(*head));
  if (status < 200) {
    out.append("\r\n");
    return ++m_interim > most_interim ? "it says 100 Continue too often" : nullptr;
  }
  m_status = status;
  if (framing->length) out.append("Content-Length: ").append(std::to_string(*framing->length)).append("\r\n");
  if (framing->chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (m_to_head || status == 204 || status == 304)
    m_body.emplace(Framing{});
  else if (framing->length || framing->chunked)
    m_body.emplace(*framing);
  out.append("Via: 1.1 berth\r\nConnection: close\r\n\r\n");
  return nullptr;
}

std::string refusal_text(const Error& error, bool with_body) {
  const std::string body = problem_of(error);
  std::string text = "HTTP/1.1 " + std::to_string(error.status) + " " + reason_of(error.message);
  text += "\r\nContent-Type: application/problem+json\r\nContent-Length: " + std::to_string(body.size());
  text += "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
  return with_body ? text + body : text;
}

}  // namespace berth::service::proxy
