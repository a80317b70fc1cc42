// Answers of one piece.
#include "edge/call_exchange.hpp"

#include <utility>

#include "edge/connection.hpp"
#include "edge/gzip.hpp"
#include "routing/problem.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

constexpr std::string_view json_type = "application/json";

}  // namespace

void CallExchange::run(std::string body) {
  if (claim(body)) return;
  auto wanted = wanted_by(body);
  if (!wanted) return fail(wanted.error());
  start_call(std::move(*wanted));
}

bool CallExchange::claim(const std::string& body) {
  if (m_inbound.method != "POST") return false;
  const auto key = m_connection->head().find("Idempotency-Key");
  if (!key) return false;
  if (key->empty() || key->size() > 255) {
    fail({400, "bad_request", "an Idempotency-Key has 1 to 255 characters"});
    return true;
  }
  std::string slot = m_inbound.asker->who.name + "\n" + std::string(*key);
  const std::string print =
      service::sha256(m_inbound.asker->session + "\n" + m_inbound.path + "\n" + m_inbound.query + "\n" + body);
  const auto verdict = commons().idempotency.claim(slot, print, m_inbound.asker->session);
  if (verdict.error) {
    fail(*verdict.error);
    return true;
  }
  if (verdict.again) {
    note({verdict.again->status, "replayed", {}});
    whole(verdict.again->status, verdict.again->type, verdict.again->body, {{"Idempotency-Replayed", "true"}});
    return true;
  }
  m_slot = std::move(slot);
  return false;
}

void CallExchange::send(std::string json) {
  m_over = true;
  if (!m_slot.empty()) commons().idempotency.keep(m_slot, {200, std::string(json_type), json});
  answer(200, std::move(json), {});
}

void CallExchange::accept(std::string json, const std::string& path) {
  m_over = true;
  if (!m_slot.empty()) commons().idempotency.keep(m_slot, {202, std::string(json_type), json});
  whole(202, json_type, std::move(json), {{"Location", path}});
}

// Errors that another try may mend are not kept: the host's own, and those that an operator or another token mends.
void CallExchange::fail(Error error) {
  m_over = true;
  if (!m_slot.empty()) {
    if (error.status >= 500 || error.status == 429 || error.status == 403)
      commons().idempotency.forget(m_slot);
    else
      commons().idempotency.keep(
          m_slot, {error.status, "application/problem+json", routing::problem_json(error, m_inbound.asked_path())});
  }
  Exchange::fail(std::move(error));
}

// With a key the call goes on: its client will come back for the answer. Without one nobody ever will.
void CallExchange::client_left() {
  if (m_slot.empty() || m_over) return Exchange::client_left();
  m_connection = nullptr;
  m_call.reset();
}

void CallExchange::answer(int status, std::string json, const Fields& more) {
  if (!m_inbound.gzip || json.size() <= least_to_compress || !attached()) {
    return whole(status, json_type, std::move(json), more);
  }
  const Fields zipped{{"Content-Encoding", "gzip"}, {"Vary", "Accept-Encoding"}};
  if (json.size() <= most_to_compress_here) return whole(status, json_type, gzip(json), zipped);
  auto self = std::static_pointer_cast<CallExchange>(shared_from_this());
  auto text = std::make_shared<std::string>(std::move(json));
  const bool taken = commons().pool.run([self, text, status, zipped] {
    auto packed = std::make_shared<std::string>(gzip(*text));
    self->commons().loop.post(
        [self, packed, status, zipped] { self->whole(status, json_type, std::move(*packed), zipped); });
  });
  if (!taken) whole(status, json_type, std::move(*text), more);
}

Refusal::Refusal(Connection& connection, Inbound inbound, Error error, bool fatal)
    : Exchange(connection, std::move(inbound)), m_error(std::move(error)), m_fatal(fatal) {}

void Refusal::start() {
  if (!m_fatal) return refuse(m_error);
  m_reusable = false;
  fail(m_error);
}

void Refusal::body(std::string piece, bool last) {
  if (swallows(piece.size(), last)) return;
  if (last) fail(m_error);
}

void Preflight::start() {
  const RequestHead& request = m_connection->head();
  std::string allow;
  for (const auto& method : m_inbound.allow) allow += (allow.empty() ? "" : ", ") + method;
  Fields more{{"Allow", allow},
              {"Tus-Resumable", "1.0.0"},
              {"Tus-Version", "1.0.0"},
              {"Tus-Extension", "creation,termination"},
              {"Tus-Max-Size", std::to_string(commons().options.limits.upload)}};
  if (!m_inbound.allowed_origin.empty()) {
    more.emplace_back("Access-Control-Allow-Methods", allow);
    const auto wanted = request.find("Access-Control-Request-Headers");
    if (wanted) more.emplace_back("Access-Control-Allow-Headers", std::string(*wanted));
    more.emplace_back("Access-Control-Max-Age", "600");
  }
  m_reusable = !request.has_body();
  whole(204, {}, {}, more);
}

}  // namespace berth::edge
