// What an operation wants to know of whoever called its tool: an event `ask` names the requests and the operation that
// takes the answers. From 2026-07-28 on the answer is "ask them and come again", before that they are requests of ours.
#include <utility>

#include "run.hpp"

namespace mcp {

namespace {

const char* capability_of(const Json& method) {
  if (method == "elicitation/create") return "elicitation";
  if (method == "sampling/createMessage") return "sampling";
  return method == "roots/list" ? "roots" : nullptr;
}

// Whether that can be an answer to that request.
bool answers(const Json& response, const Json& request) {
  if (!response.is_object()) return false;
  const Json& method = request["method"];
  if (method == "elicitation/create") {
    const Json action = response.value("action", Json());
    return action == "accept" || action == "decline" || action == "cancel";
  }
  if (method == "roots/list") return response.contains("roots") && response["roots"].is_array();
  return response.contains("content");
}

}  // namespace

// Asks what the client can be asked. If that is nothing at all, it ends.
bool Run::lacks(const Json& wanted) {
  Json missing = Json::object();
  m_asked.requests = Json::object();
  for (const auto& [key, request] : wanted.items()) {
    const char* needed = request.is_object() ? capability_of(request.value("method", Json())) : nullptr;
    if (!needed) continue;
    if (m_order.client.capabilities.contains(needed))
      m_asked.requests[key] = request;
    else
      missing[needed] = Json::object();
  }
  if (!m_asked.requests.empty()) return false;
  if (m_number != 0) m_around.calls().cancel(m_number);
  const std::string what = missing.empty() ? "something" : missing.begin().key();
  if (m_order.client.modern)
    wrong(
        {missing_capability, "Missing required client capability: " + what, {{"requiredCapabilities", missing}}, 400});
  else
    fail({400, "not_supported", "this needs " + what + ", which the client has not declared",
          "use a client that supports " + what});
  return true;
}

void Run::on_ask(const Json& data) {
  if (!data.is_object() || !data.contains("requests") || !data["requests"].is_object()) return;
  const Json reply_to = data.value("reply", Json::object());
  m_asked.operation = reply_to.value("operation", "");
  m_asked.input = reply_to.value("input", Json::object());
  m_responses = Json::object();
  if (!lacks(data["requests"])) ask_client();
}

void Run::ask_client() {
  if (!m_order.client.modern) {
    for (const auto& [key, request] : m_asked.requests.items()) m_around.ask(shared_from_this(), key, request);
    return;
  }
  Json missing = Json::object();
  for (const auto& [key, request] : m_asked.requests.items()) {
    const auto given = m_order.given.find(key);
    if (given != m_order.given.end() && answers(*given, request))
      m_responses[key] = *given;
    else if (!m_responses.contains(key))
      missing[key] = request;
  }
  if (missing.empty() && m_call) return reply(*m_call, std::exchange(m_responses, Json::object()));
  m_parked = true;
  m_call.reset();
  Json result{{"resultType", "input_required"}, {"inputRequests", missing}};
  result["requestState"] = m_around.park(shared_from_this());
  m_out->answer(result_text(m_order.id, result));
}

void Run::go_on(const berth::Call& call, const Order& again, std::shared_ptr<Stream> out) {
  m_parked = false;
  m_order.client = again.client;
  m_order.id = again.id;
  m_order.given = again.given;
  m_out = std::move(out);
  m_call = call;
  ask_client();
}

void Run::responded(const berth::Call& call, const std::string& key, Json result) {
  if (m_over || !m_asked.requests.contains(key)) return;
  m_responses[key] = std::move(result);
  if (m_responses.size() < m_asked.requests.size()) return;
  m_asked.requests = Json::object();
  reply(call, std::exchange(m_responses, Json::object()));
}

void Run::refused(const std::string& why) {
  if (m_over) return;
  if (m_number != 0) m_around.calls().cancel(m_number);
  fail({409, "not_answered", "the client did not answer what was asked: " + why});
}

// In the name of whoever answers; that call stays open until it is taken.
void Run::reply(const berth::Call& call, Json responses) {
  Json input = m_asked.input;
  input["responses"] = std::move(responses);
  const auto self = shared_from_this();
  berth::Ask ask(m_asked.operation, input);
  ask.as(call).outlives();
  auto& lock = m_around.lock();
  berth::Ears ears;
  ears.fail = [self, &lock](const berth::Error& error) {
    const std::lock_guard<Stream::Lock> held(lock);
    self->refused(error.message());
  };
  if (m_around.calls().start(ask, std::move(ears)) == 0) refused("too many calls are open");
}

}  // namespace mcp
