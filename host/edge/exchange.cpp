// What every exchange does: heads, whole answers, problems, and the way to a call.
#include "edge/exchange.hpp"

#include <utility>

#include "edge/answer.hpp"
#include "edge/call_exchange.hpp"
#include "edge/connection.hpp"
#include "edge/download_exchange.hpp"
#include "edge/http_exchange.hpp"
#include "edge/intake.hpp"
#include "edge/socket_exchange.hpp"
#include "edge/stream_exchange.hpp"
#include "edge/upload_exchange.hpp"
#include "routing/json_input.hpp"
#include "routing/problem.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;
using service::Result;

namespace {
constexpr std::size_t most_swallowed = 64u << 10;  // of a body that is refused
}

Exchange::Exchange(Connection& connection, Inbound inbound)
    : m_connection(&connection), m_inbound(std::move(inbound)), m_commons(connection.commons()) {}

AnswerHead Exchange::head(int status) const {
  AnswerHead head(status);
  head.field("X-Request-Id", m_inbound.asker->request_id);
  if (!m_inbound.asker->traceparent.empty()) head.field("traceparent", m_inbound.asker->traceparent);
  head.lines("X-Content-Type-Options: nosniff\r\n");
  if (!m_remaining.empty()) head.field("Berth-Budget-Remaining", m_remaining);
  if (!m_inbound.allowed_origin.empty()) {
    head.field("Access-Control-Allow-Origin", m_inbound.allowed_origin).field("Vary", "Origin");
    head.field(
        "Access-Control-Expose-Headers",
        "X-Request-Id, traceparent, ETag, Location, Retry-After, Accept-Ranges, Content-Range, Content-Disposition, "
        "Berth-Budget-Remaining, "
        "Idempotency-Replayed, Upload-Offset, Upload-Length, Tus-Resumable");
  }
  return head;
}

void Exchange::whole(int status, std::string_view type, std::string body, const Fields& more) {
  if (!attached() || std::exchange(m_head_sent, true)) return;
  AnswerHead answer = head(status);
  answer.lines(m_commons.date_line()).lines("Cache-Control: no-store\r\n");
  if (!type.empty()) answer.field("Content-Type", type);
  for (const auto& [name, value] : more) answer.field(name, value);
  const bool bodiless = status == 204 || status == 304;
  const bool unknown = m_inbound.head_only() && body.empty();  // of a stream
  if (!bodiless && !unknown) answer.field("Content-Length", body.size());
  const bool reusable = m_reusable && m_connection->keeps_alive();
  if (!reusable)
    answer.field("Connection", "close");
  else if (m_inbound.version == 10)
    answer.field("Connection", "keep-alive");
  if (m_inbound.head_only() || bodiless) body.clear();
  m_connection->write_whole(std::move(answer).done(), std::move(body));
  ended(status);
}

// Whoever knocks at an operation and is sent away stands in the audit, too. Of a call that has started the dispatcher
// keeps account.
void Exchange::note(const Error& error) {
  if (!std::exchange(m_noted, true) && m_inbound.route)
    m_commons.dispatcher.refused(*m_inbound.route, *m_inbound.asker, error);
}

// Clients of a protocol over HTTP may want to read how this host is to be opened (RFC 9728).
std::string Exchange::challenge(bool wrong) const {
  std::string text = "Bearer realm=\"berth\"";
  if (wrong) text += ", error=\"invalid_token\"";
  const bool http = m_inbound.route && m_inbound.route->operation.kind == loader::Kind::http;
  if (http && !m_inbound.origin.empty())
    text += ", resource_metadata=\"" + m_inbound.origin + "/.well-known/oauth-protected-resource" +
            m_inbound.asked_path() + "\"";
  return text;
}

void Exchange::fail(Error error) {
  note(error);
  Fields more;
  if (error.retry_after) more.emplace_back("Retry-After", std::to_string(error.retry_after->count()));
  if (error.status == 401) {
    more.emplace_back("WWW-Authenticate", challenge(error.code == "wrong_token"));
  }
  std::string allow;
  for (const auto& method : error.allow) allow += (allow.empty() ? "" : ", ") + method;
  if (!allow.empty()) more.emplace_back("Allow", std::move(allow));
  if (m_tus) more.emplace_back("Tus-Resumable", "1.0.0");
  if (m_tus && error.status == 412) more.emplace_back("Tus-Version", "1.0.0");
  if (error.status == 426) more.emplace_back("Upgrade", "websocket");
  whole(error.status, "application/problem+json", routing::problem_json(error, m_inbound.asked_path()), more);
}

void Exchange::refuse(Error error) {
  note(error);
  const RequestHead& request = m_connection->head();
  const bool small = !request.find("Expect") && request.content_length.value_or(0) <= most_swallowed;
  m_reusable = small;
  if (!small || !request.has_body()) return fail(std::move(error));
  m_refusal = std::move(error);
}

bool Exchange::swallows(std::size_t bytes, bool last) {
  if (m_head_sent) return true;
  if (!m_refusal) return false;
  m_swallowed += bytes;
  m_reusable = m_swallowed <= most_swallowed;
  if (last || !m_reusable) fail(*m_refusal);
  return true;
}

void Exchange::ended(int status) {
  m_over = true;
  m_call.reset();
  if (attached()) m_connection->end_answer(status, m_reusable);
}

void Exchange::client_left() {
  m_connection = nullptr;
  if (const auto call = std::exchange(m_call, nullptr)) call->cancel();
}

bool Exchange::closing_now() {
  if (!attached() || m_head_sent) return false;
  const auto self = shared_from_this();
  const auto call = std::exchange(m_call, nullptr);
  m_reusable = false;
  fail({503, "draining", "this host is shutting down and waits no longer", "send it again to its successor"});
  if (call) call->cancel();
  return true;
}

routing::Ask Exchange::ask(nlohmann::json input) const {
  return {.route = m_inbound.route, .asker = m_inbound.asker, .input = std::move(input)};
}

void Exchange::start_call(routing::Ask&& ask) {
  m_noted = true;
  auto call = m_commons.dispatcher.start(std::move(ask), shared_from_this());
  if (!m_over) m_call = std::move(call);
}

std::optional<Error> Exchange::coded_body(const RequestHead& request) {
  const auto coding = request.value("Content-Encoding");
  if (coding.empty() || service::equal_fold(coding, "identity")) return std::nullopt;
  return Error{415, "unsupported_media_type", "a request's body cannot be compressed here", "send it as it is"};
}

Result<routing::Ask> Exchange::wanted_by(std::string_view body) {
  const routing::Route& route = *m_inbound.route;
  if (body.empty()) {
    if (auto text = route.plain_input.text(m_inbound.parameters, m_inbound.query)) {
      auto wanted = ask(nlohmann::json());
      wanted.checked_input = std::move(*text);
      return wanted;
    }
  }
  std::optional<nlohmann::json> parsed;
  if (!body.empty()) {
    auto json = routing::parse_json(body);
    if (!json) return json.error();
    parsed = std::move(*json);
  }
  auto input = route.form.fill(std::move(m_inbound.parameters), m_inbound.query, std::move(parsed));
  if (!input) return input.error();
  return ask(std::move(*input));
}

std::shared_ptr<Exchange> make_exchange(Connection& connection, Judged judged) {
  if (judged.error)
    return std::make_shared<Refusal>(connection, std::move(judged.inbound), std::move(*judged.error), judged.fatal);
  if (judged.preflight) return std::make_shared<Preflight>(connection, std::move(judged.inbound));
  if (!judged.upload.empty()) return make_upload_part(connection, std::move(judged.inbound), std::move(judged.upload));
  using loader::Kind;
  switch (judged.inbound.route->operation.kind) {
    case Kind::call: return std::make_shared<CallExchange>(connection, std::move(judged.inbound));
    case Kind::stream: return std::make_shared<StreamExchange>(connection, std::move(judged.inbound));
    case Kind::upload: return make_upload(connection, std::move(judged.inbound));
    case Kind::download: return std::make_shared<DownloadExchange>(connection, std::move(judged.inbound));
    case Kind::http: return std::make_shared<HttpExchange>(connection, std::move(judged.inbound));
    case Kind::socket: return std::make_shared<SocketExchange>(connection, std::move(judged.inbound));
  }
  return nullptr;
}

}  // namespace berth::edge
