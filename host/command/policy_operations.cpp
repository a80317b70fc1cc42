// A token of one session sees what is of that session, and answers for nobody.
#include "command/policy_operations.hpp"

#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

json describe_approval(const policy::Approval& about) {
  return {{"id", about.id},
          {"operation", about.operation},
          {"session", about.session},
          {"caller", about.caller},
          {"scope", about.scope},
          {"policy", about.policy},
          {"where", about.where},
          {"reason", about.reason},
          {"asked", service::format_time(about.asked)},
          {"until", service::format_time(about.until)}};
}

json object_of(json fields) { return {{"type", "object"}, {"properties", std::move(fields)}}; }
json list_of(json item) { return {{"type", "array"}, {"items", std::move(item)}}; }

json text_fields(const std::vector<const char*>& names) {
  json fields = json::object();
  for (const char* name : names) fields[name] = {{"type", "string"}};
  return fields;
}

json approval_schema() {
  return object_of(
      text_fields({"id", "operation", "scope", "session", "caller", "policy", "where", "reason", "asked", "until"}));
}

json decision_schema() {
  json fields = text_fields({"time", "hook", "operation", "session", "caller", "request_id"});
  fields["policies"] = list_of(object_of(text_fields({"policy", "verdict", "where", "reason"})));
  return object_of(std::move(fields));
}

json charges_schema() {
  json fields = text_fields({"session"});
  fields["charged"] = {{"type", "object"}, {"additionalProperties", {{"type", "number"}}}};
  return object_of(std::move(fields));
}

bool may_see(const session::Asker& asker, const std::string& session) {
  if (asker.who.session) return session == *asker.who.session;
  return asker.session == session::main_name || session == asker.session;
}

// Who may answer sees what it is about; a session's own token, what the session itself may ask for; nobody else.
bool may_see_input(const session::Asker& asker, const policy::Approval& about) {
  if (!asker.who.session) return asker.who.scope == session::Scope::admin;
  return about.session == *asker.who.session && about.scope != session::name_of(session::Scope::admin);
}

json describe_decision(const policy::Decision& decision) {
  json words = json::array();
  for (const auto& word : decision.words) {
    json one{{"policy", word.policy}, {"verdict", name_of(word.kind)}};
    if (word.line > 0) one["where"] = policy::place_text(word.policy, word.line);
    if (!word.reason.empty()) one["reason"] = word.reason;
    words.push_back(std::move(one));
  }
  return {{"time", service::format_time(decision.at)},
          {"hook", name_of(decision.kind)},
          {"operation", decision.operation},
          {"session", decision.session},
          {"caller", decision.caller},
          {"request_id", decision.request},
          {"policies", std::move(words)}};
}

}  // namespace

PolicyOperations::PolicyOperations(policy::Engine& engine) : m_engine(engine) {
  const json id = text_field("The approval's id, as GET /approvals and the event approval.asked say it");
  const auto at = [this](void (PolicyOperations::*member)(const Pointer&)) {
    return [this, member](const Pointer& reply) { (this->*member)(reply); };
  };
  auto all = own_operation("host.approvals", "GET", "/approvals", "Calls that wait until somebody says yes or no",
                           json::object());
  all.description = "Without their inputs: GET /approvals/{id} has that of one.";
  all.scope = session::Scope::read;
  all.output = object_of({{"approvals", list_of(approval_schema())}});
  offer(std::move(all), Reach::session, at(&PolicyOperations::list));
  auto one =
      own_operation("host.approval", "GET", "/approvals/{id}", "A call that waits for somebody's word", {{"id", id}});
  one.description =
      "`input` is there for whoever may answer; for a session's own token, if the call wants no admin; else it is "
      "missing.";
  one.scope = session::Scope::read;
  one.output = approval_schema();
  one.output["properties"]["input"] = {{"type", "object"}, {"description", "Of the call"}};
  offer(std::move(one), Reach::session, at(&PolicyOperations::show));
  auto answer =
      own_operation("host.approval_answer", "POST", "/approvals/{id}", "Lets a call that waits go on, or refuses it",
                    {{"id", id},
                     {"approve", {{"type", "boolean"}, {"description", "true: it goes on; false: it is refused"}}},
                     {"reason", text_field("For whoever made the call, and for the events")}});
  answer.input["required"].push_back("approve");
  answer.scope = session::Scope::admin;
  answer.output = object_of({{"id", {{"type", "string"}}}, {"approved", {{"type", "boolean"}}}});
  offer(std::move(answer), Reach::host, at(&PolicyOperations::answer));
  auto trace = own_operation("host.policy_trace", "GET", "/policies/trace",
                             "What the policies said of the last calls, and why; the latest first",
                             {{"operation", text_field("Only of these; * stands for anything")},
                              {"session", text_field("Only of this session's calls")}});
  trace.scope = session::Scope::admin;
  trace.output = object_of({{"decisions", list_of(decision_schema())}});
  offer(std::move(trace), Reach::host, at(&PolicyOperations::trace));
  auto charges = own_operation("host.policy_charges", "GET", "/policies/charges",
                               "What the policies have charged to the session", json::object());
  charges.scope = session::Scope::read;
  charges.output = charges_schema();
  offer(std::move(charges), Reach::session, at(&PolicyOperations::charges));
  const json amounts{{"type", "object"},
                     {"maxProperties", 16u},
                     {"propertyNames", {{"pattern", "^[a-z][a-z0-9_]{0,63}$"}}},
                     {"additionalProperties", {{"type", "number"}, {"minimum", 0}}},
                     {"description", "What to add, by name: {\"tokens\": 1200}"}};
  auto charge =
      own_operation("host.policy_charge", "POST", "/policies/charges",
                    "Charges the session what only the orchestrator can count, such as tokens", {{"amounts", amounts}});
  charge.description = "Policies hear of it as the event `session.charged`; the policy `budget` counts `tokens`.";
  charge.input["required"].push_back("amounts");
  charge.scope = session::Scope::admin;
  charge.output = charges_schema();
  offer(std::move(charge), Reach::host, at(&PolicyOperations::charge));
}

void PolicyOperations::list(const Pointer& reply) {
  json all = json::array();
  for (const auto* about : m_engine.approvals().all()) {
    if (may_see(*reply->request().asker, about->session)) all.push_back(describe_approval(*about));
  }
  reply->send(json_text({{"approvals", std::move(all)}}));
}

void PolicyOperations::show(const Pointer& reply) {
  const std::string id = json::parse(reply->request().input).at("id");
  const auto* about = m_engine.approvals().find(id);
  const auto& asker = *reply->request().asker;
  if (!about || !may_see(asker, about->session))
    return void(reply->fail({404, "not_found", "nothing waits for the approval " + id, "GET /approvals"}));
  std::string text = json_text(describe_approval(*about));
  if (may_see_input(asker, *about)) {  // as it came: it may be too large to be read here
    text.pop_back();
    text += ",\"input\":" + about->input + "}";
  }
  reply->send(std::move(text));
}

void PolicyOperations::answer(const Pointer& reply) {
  const json input = json::parse(reply->request().input);
  const bool yes = input.at("approve");
  const std::string id = input.at("id"), by = reply->request().asker->who.name;
  if (auto error = m_engine.approvals().answer(id, yes, input.value("reason", ""), by))
    reply->fail(std::move(*error));
  else
    reply->send(json_text({{"id", id}, {"approved", yes}}));
}

void PolicyOperations::trace(const Pointer& reply) {
  const json input = json::parse(reply->request().input);
  const std::string operation = input.value("operation", "*"), session = input.value("session", "");
  json all = json::array();
  const auto& decisions = m_engine.decisions().all();
  for (auto at = decisions.rbegin(); at != decisions.rend(); ++at) {
    if (service::matches(operation, at->operation) && (session.empty() || session == at->session))
      all.push_back(describe_decision(*at));
  }
  reply->send(json_text({{"decisions", std::move(all)}}));
}

void PolicyOperations::charge(const Pointer& reply) {
  const auto amounts = json::parse(reply->request().input).at("amounts").get<std::map<std::string, double>>();
  if (auto error = m_engine.charge(reply->request().asker->session, amounts))
    return void(reply->fail(std::move(*error)));
  charges(reply);
}

void PolicyOperations::charges(const Pointer& reply) {
  const auto& session = reply->request().asker->session;
  reply->send(json_text({{"session", session}, {"charged", m_engine.charged(session)}}));
}

}  // namespace berth::command
