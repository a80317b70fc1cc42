// One HTTP request of a client: which era it speaks, whose session it is, which method.
#include <berth/json_text.hpp>

#include <map>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {

constexpr int no_session = 404;

berth::Head plain(int status) {
  berth::Head head;
  head.status = status;
  return head;
}

bool speaks_modern(const Message& message, std::string_view version) {
  const auto meta = message.params.find("_meta");
  const bool says = meta != message.params.end() && meta->is_object() && meta->contains(meta_version);
  if (says || version == modern_version) return true;
  return message.method == "server/discover" ||
         (!version.empty() && !is_legacy(version) && message.method != "initialize");
}

}  // namespace

void Plugin::speak(berth::Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  if (!m_known) return wait_for_known(call, [this, call] { speak(call); });
  const std::string server = call.input().value("server", "");
  const Selection selection = selection_of(server.empty() ? nullptr : &group(server), call.input().value("tools", ""));
  const std::string& method = call.http().method;
  if (method == "POST") return post(call, selection);
  if (method == "GET") return get(call, selection);
  if (method == "DELETE") return remove(call, selection);
  berth::Head head = plain(405);
  head.fields = {{"Allow", "POST, GET, DELETE"}};
  call.answer(head, {});
}

void Plugin::post(const berth::Call& call, const Selection& selection) {
  const std::string_view version = call.http().field("mcp-protocol-version");
  const std::string& type = call.upload().type;
  if (type.compare(0, 16, "application/json") != 0)
    return refuse(call, nullptr, {invalid_request, "Content-Type must be application/json", nullptr, 415}, true);
  Json json;
  if (!read(call, json)) return;
  if (json.is_array()) {
    if (const auto session = session_of(call, selection, nullptr)) batch(call, selection, std::move(json), session);
    return;
  }
  auto one = read_one(call, std::move(json));
  if (!one) return;
  Request request{call, std::move(*one), {}, {call.caller(), scope_of(call.scope())}, selection, nullptr, nullptr};
  const Message& message = request.message;
  if (speaks_modern(message, version)) return modern(std::move(request));
  legacy(std::move(request));
}

void Plugin::modern(Request request) {
  const Message& message = request.message;
  if (message.kind == Message::Kind::response)
    return refuse(request.call, nullptr, {invalid_request, "in this revision a client sends no responses"}, true);
  if (message.kind == Message::Kind::notification) return static_cast<void>(request.call.answer(plain(202), {}));
  const auto& http = request.call.http();
  const Repeated fields{http.field("mcp-protocol-version"), http.field("mcp-method"), http.field("mcp-name")};
  if (const auto wrong = read_modern(message, fields, request.client)) {
    request.client.modern = true;
    return refuse(request, *wrong);
  }
  static const std::map<std::string_view, Method> own{{"server/discover", &Plugin::discover},
                                                      {"subscriptions/listen", &Plugin::listen},
                                                      {"tasks/get", &Plugin::get_task},
                                                      {"tasks/update", &Plugin::update_task},
                                                      {"tasks/cancel", &Plugin::cancel_task}};
  const auto at = own.find(message.method);
  const Method method = at != own.end() ? at->second : common_method(message.method);
  if (!method) return refuse(request, {method_not_found, "Method not found: " + message.method, nullptr, 404});
  (this->*method)(request);
}

Plugin::Method Plugin::common_method(std::string_view name) {
  static const std::map<std::string_view, Method> all{
      {"tools/list", &Plugin::list_tools},         {"tools/call", &Plugin::call_tool},
      {"prompts/list", &Plugin::list_prompts},     {"prompts/get", &Plugin::get_prompt},
      {"resources/list", &Plugin::list_resources}, {"resources/templates/list", &Plugin::list_templates},
      {"resources/read", &Plugin::read_resource},  {"completion/complete", &Plugin::complete}};
  const auto at = all.find(name);
  return at == all.end() ? nullptr : at->second;
}

const Group& Plugin::group(const std::string& name) const {
  if (const Group* found = m_groups.find(name)) return *found;
  throw berth::Error(404, "no_group", "there is no group " + name, "GET /servers lists those there are");
}

Owner Plugin::owner_of(const berth::Call& call, const Selection& selection) {
  return {call.caller(), call.session(), selection.server};
}

// Null, and answered, if the client names none that is its own.
std::shared_ptr<Session> Plugin::session_of(const berth::Call& call, const Selection& selection, const Json& asked) {
  const std::string_view id = call.http().field("mcp-session-id");
  const std::string_view version = call.http().field("mcp-protocol-version");
  if (id.empty()) {
    refuse(call, asked, {invalid_request, "Mcp-Session-Id is missing: begin with initialize"}, true);
    return nullptr;
  }
  if (!version.empty() && !is_legacy(version)) {
    refuse(call, asked, {invalid_request, "MCP-Protocol-Version " + std::string(version) + " is not known here"}, true);
    return nullptr;
  }
  auto session = m_sessions.find(id, owner_of(call, selection));
  if (!session)
    refuse(call, asked,
           {invalid_request, "there is no such session any more: begin with initialize", nullptr, no_session}, true);
  return session;
}

void Plugin::legacy(Request request) {
  const Message& message = request.message;
  if (message.kind == Message::Kind::request && message.method == "initialize") return initialize(request);
  request.session = session_of(request.call, request.selection, message.id);
  if (!request.session) return;
  in_session(request);
}

void Plugin::in_session(Request& request) {
  const Message& message = request.message;
  request.client = request.session->client();
  if (message.kind == Message::Kind::response) {
    if (!request.session->responded(request.call, message))
      return refuse(request.call, nullptr, {invalid_request, "nothing was asked under that id"}, true);
    return request.accept();
  }
  if (message.kind == Message::Kind::notification) return notified(request);
  const Json meta = message.params.value("_meta", Json::object());
  if (meta.is_object()) request.client.progress_token = meta.value("progressToken", Json());
  static const std::map<std::string_view, Method> own{{"ping", &Plugin::ping},
                                                      {"logging/setLevel", &Plugin::set_level},
                                                      {"resources/subscribe", &Plugin::subscribe},
                                                      {"resources/unsubscribe", &Plugin::unsubscribe}};
  static const std::map<std::string_view, Method> of_tasks{{"tasks/get", &Plugin::get_task},
                                                           {"tasks/result", &Plugin::task_result},
                                                           {"tasks/list", &Plugin::list_tasks},
                                                           {"tasks/cancel", &Plugin::cancel_task}};
  const auto at = own.find(message.method), task = of_tasks.find(message.method);
  const bool tasked = task != of_tasks.end() && request.client.version == tasks_version;
  const Method method = at != own.end() ? at->second : tasked ? task->second : common_method(message.method);
  if (!method) return refuse(request, {method_not_found, "Method not found: " + message.method});
  (this->*method)(request);
}

void Plugin::initialize(Request& request) {
  const Json& params = request.message.params;
  const Json asked = params.value("protocolVersion", Json());
  if (!asked.is_string()) return refuse(request, {invalid_params, "protocolVersion must be a text"});
  request.client.version = agreed(asked.get<std::string>());
  if (const auto at = params.find("capabilities"); at != params.end() && at->is_object())
    request.client.capabilities = *at;
  request.client.log_level = log_level_of("info");
  const bool fresh = !request.session;
  if (fresh) request.session = m_sessions.make(owner_of(request.call, request.selection), request.client);
  request.session->client() = request.client;
  const Json result{{"protocolVersion", request.client.version},
                    {"capabilities", capabilities(request.client)},
                    {"serverInfo", server_info()},
                    {"instructions", instructions(request)}};
  const std::string text = result_text(request.message.id, result);
  if (!fresh) return request.reply(text);
  berth::Head head{"application/json"};
  head.fields = {{"Mcp-Session-Id", request.session->id()}};
  request.call.answer(head, text);
}

void Plugin::notified(const Request& request) {
  const Message& message = request.message;
  if (message.method == "notifications/cancelled" && message.params.contains("requestId")) {
    const auto run = request.session->running(message.params["requestId"]);
    if (run && !run->is_task()) run->cancel();
  }
  request.accept();
}

// A stream for what is of no request, or one that its client has lost.
void Plugin::get(const berth::Call& call, const Selection& selection) {
  if (call.http().field("mcp-protocol-version") == modern_version || call.http().field("mcp-session-id").empty()) {
    berth::Head head = plain(405);
    head.fields = {{"Allow", "POST"}};
    return static_cast<void>(call.answer(head, {}));
  }
  const auto session = session_of(call, selection, nullptr);
  if (!session) return;
  std::uint64_t after = 0;
  if (const auto stream = session->find_stream(call.last_event_id(), after)) return stream->resume(call, after);
  if (session->listening) session->listening->end();
  session->listening = std::make_shared<Stream>(m_lock, session->style());
  session->listening->attach(call);
  session->listening->open();
  session->keep(session->listening);
  remember(session->listening);
}

void Plugin::remove(const berth::Call& call, const Selection& selection) {
  const auto session = session_of(call, selection, nullptr);
  if (!session) return;
  m_sessions.remove(session);
  call.answer(plain(204), {});
}

}  // namespace mcp
