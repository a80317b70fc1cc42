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
  const Json& method = part(request, "method");
  if (method == "elicitation/create") {
    const Json& action = part(response, "action");
    return action == "accept" || action == "decline" || action == "cancel";
  }
  return method == "roots/list" ? part(response, "roots").is_array() : !part(response, "content").is_null();
}

// A field that a form has, with what a client shows beside it.
Json form(const std::string& message, const char* field, const char* type, const char* about) {
  const Json properties{{field, {{"type", type}, {"description", about}}}};
  const Json schema{{"type", "object"}, {"properties", properties}, {"required", Json::array({field})}};
  return {{"method", "elicitation/create"}, {"params", {{"message", message}, {"requestedSchema", schema}}}};
}

const Json& filled_in(const Json& response, const char* field) {
  static const Json nothing;
  return part(response, "action") == "accept" ? part(part(response, "content"), field) : nothing;
}

Json approved(const Json& input, const Json& responses) {
  Json all = input;
  all["approve"] = filled_in(part(responses, "approval"), "approve") == true;
  if (all["approve"] == false) all["reason"] = "whoever was asked did not approve it";
  return all;
}

// Without a line it is the end of the input.
Json typed(const Json& input, const Json& responses) {
  Json all = input;
  if (const Json& line = filled_in(part(responses, "input"), "value"); line.is_string()) all["value"] = line;
  return all;
}

}  // namespace

Question approval_question(const std::string& id, const std::string& operation, const std::string& reason) {
  const std::string why = reason.empty() ? "" : ": " + reason;
  const Json it = form(operation + " waits for your approval" + why, "approve", "boolean", "Whether it may go on");
  return {{{"approval", it}}, "host.approval_answer", {{"id", id}}, &approved};
}

Question script_question(const Json& step, const Json& said) {
  const Json it = form(part(step, "message").get<std::string>(), "approve", "boolean", "Whether it may be run");
  return {{{"approval", it}}, "", {{"id", part(step, "script")}, {"said", said}}};
}

Question input_question(const std::string& cell, const std::string& prompt) {
  const Json it = form(prompt.empty() ? "The program waits for a line" : prompt, "value", "string", "The line");
  return {{{"input", it}}, "kernel.input", {{"id", cell}}, &typed};
}

bool Run::ask_approval(const std::string& id, const std::string& reason) {
  const bool can = m_order.scope == Scope::admin && m_order.client.capabilities.contains("elicitation");
  if (m_over || m_parked || !can) return false;
  m_waits_for_approval = true;
  pose(approval_question(id, m_step->operation, reason));
  ask_client();
  return true;
}

// A cell's input(). A client that can be asked for nothing, and whoever would have to tell a secret to a form, has no
// line for it. False: it is none.
bool Run::on_input_request(const Json& data) {
  if (m_cell.empty() || m_order.offer->plugin != "kernel") return false;
  const Json& prompt = part(data, "prompt");
  pose({});
  if (part(data, "withdrawn") == true) return true;
  pose(input_question(m_cell, prompt.is_string() ? prompt.get<std::string>() : ""));
  if (part(data, "password") != true && m_order.client.capabilities.contains("elicitation")) {
    ask_client();
    return true;
  }
  m_asked.requests = Json::object();
  m_unheard = true;
  if (client_is_there()) catch_up();
  return true;
}

// Asks what the client can be asked. If that is nothing at all, it ends.
bool Run::lacks(const Json& wanted) {
  Json missing = Json::object();
  m_asked.requests = Json::object();
  for (const auto& [key, request] : wanted.items()) {
    const char* needed = capability_of(part(request, "method"));
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
  const Json &requests = part(data, "requests"), &way = part(data, "reply");
  const Json &operation = part(way, "operation"), &input = part(way, "input");
  if (!requests.is_object() || !operation.is_string() || !(input.is_null() || input.is_object()))
    return give_up({500, "bad_answer", m_order.offer->operation + " asks in a way that nobody understands"});
  pose({Json::object(), operation.get<std::string>(), input.is_null() ? Json::object() : input});
  if (!lacks(requests)) ask_client();
}

// What was said before is no answer to it.
void Run::pose(Question question) {
  m_asked = std::move(question);
  m_responses = Json::object();
  m_unheard = false;
  ++m_posed;
}

void Run::ask_client(const Json& given) {
  if (m_asked.requests.empty() || m_parked) return;  // it was withdrawn, or is told when its client comes back
  if (is_task()) {                                   // it is told when its client looks
    m_changed = now_text();
    ++m_questions;
    m_around.task_changed(*this);
  }
  if (!m_order.client.modern) return ask_in_session();
  Json missing = Json::object();
  for (const auto& [key, request] : m_asked.requests.items()) {
    const auto response = given.find(key);
    if (response != given.end() && answers(*response, request))
      m_responses[key] = *response;
    else if (!m_responses.contains(key))
      missing[key] = request;
  }
  if (is_task()) return;
  if (missing.empty() && m_call) return reply(*m_call, std::exchange(m_responses, Json::object()));
  m_parked = true;
  m_parked_for = m_posed;
  m_call.reset();
  Json result{{"resultType", "input_required"}, {"inputRequests", missing}};
  result["requestState"] = m_around.park(shared_from_this());
  m_out->answer(result_text(m_order.id, result));
}

void Run::go_on(const berth::Call& call, const Order& again, std::shared_ptr<Stream> out) {
  m_parked = false;
  m_order.client = again.client;
  m_order.id = again.id;
  m_out = std::move(out);
  m_call = call;
  if (m_late) return std::exchange(m_late, nullptr)();
  const bool same = m_posed == m_parked_for;
  catch_up();
  if (!m_over) ask_client(same ? again.given : Json::object());
  if (!m_over && !m_parked && m_task_timer == 0) begin_timers();
}

void Run::responded(const berth::Call& call, const std::string& key, Json result) {
  if (m_over || !m_asked.requests.contains(key)) return;
  if (!answers(result, m_asked.requests[key])) return refused("what it answered is no answer to " + key);
  m_responses[key] = std::move(result);
  if (m_responses.size() < m_asked.requests.size()) return;
  reply(call, std::exchange(m_responses, Json::object()));
}

void Run::refused(const std::string& why) {
  give_up({409, "not_answered", "the client did not answer what was asked: " + why});
}

// It is within what its caller may do anyway, so whoever sits at the client may say it, whatever the scope.
void Run::ask_about_script(const Json& step) {
  const Json id{{"id", part(step, "script")}};
  if (!m_order.client.capabilities.contains("elicitation")) {
    m_around.script("script.waits", id, *this);
    throw berth::Error(403, "not_approved",
                       "the script waits for an approval, and nobody can be asked through this client",
                       "whoever has a token of scope admin approves it, in the same session: POST /scripts/" +
                           text_in(step, "script") + " {\"approve\": true}; then ask again for it with its token");
  }
  pose(script_question(step, m_around.script("script.said", id, *this)));
  ask_client();
}

// What is called next is called in the name of whoever answers.
void Run::script_answered(const berth::Call& call, const Json& responses) {
  const bool yes = filled_in(part(responses, "approval"), "approve") == true;
  m_call = call;
  try {
    Json input = m_asked.input;
    input["approve"] = yes;
    one_of_familiar(m_around.script("script.answer", input, *this));
  } catch (const berth::Error& error) {
    fail(error);
  }
  if (is_task()) m_call.reset();
}

// In the name of whoever answers; that call stays open until it is taken. What comes too late, since somebody else has
// answered or another step is under way, changes nothing.
void Run::reply(const berth::Call& call, Json responses) {
  const bool told = !std::exchange(m_asked.requests, Json::object()).empty();
  if (told && is_task()) m_around.task_changed(*this);
  if (m_asked.operation.empty()) return script_answered(call, responses);
  Json input = m_asked.reply ? m_asked.reply(m_asked.input, responses) : m_asked.input;
  if (!m_asked.reply) input["responses"] = std::move(responses);
  const auto self = shared_from_this();
  berth::Ask ask(m_asked.operation, input);
  ask.as(call).outlives();
  berth::Ears ears;
  const bool ours = m_asked.reply != nullptr;
  ears.fail = [self, ours, number = m_number](const berth::Error& error) {
    const std::lock_guard<Stream::Lock> held(self->m_around.lock());
    const bool late = ours && (error.status() == 404 || error.code() == "nothing_asked");
    if (self->m_number == number && !late) self->refused(error.message());
  };
  if (m_around.calls().start(ask, std::move(ears)) == 0) refused("too many calls are open");
}

}  // namespace mcp
