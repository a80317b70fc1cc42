// What is answered at once, and what every answer has.
#include <berth/json_text.hpp>

#include <utility>

#include "plugin.hpp"

namespace mcp {

const Json& Plugin::server_info() {
  static const Json info{{"name", "berth"}, {"title", "Berth"}, {"version", plugin_version}};
  return info;
}

Json Plugin::stamped(const Client& client, Json result) const {
  if (!client.modern) return result;
  result.emplace("resultType", "complete");
  result["_meta"][meta_server] = server_info();
  return result;
}

void Plugin::refuse(const berth::Call& call, const Json& id, const Wrong& wrong, bool modern) {
  berth::Head head{"application/json"};
  head.status = modern ? wrong.status : 200;
  call.answer(head, error_text(id, wrong));
}

// Before 2026-07-28 an error of a method is an answer like another.
void Plugin::refuse(const Request& request, const Wrong& wrong) {
  request.reply(error_text(request.message.id, wrong), request.client.modern ? wrong.status : 200);
}

void Plugin::answer(const Request& request, Json result) const {
  request.reply(result_text(request.message.id, stamped(request.client, std::move(result))));
}

Json Plugin::capabilities(const Client& client) const {
  Json all{{"tools", {{"listChanged", true}}},
           {"prompts", {{"listChanged", true}}},
           {"resources", {{"listChanged", true}, {"subscribe", true}}},
           {"logging", Json::object()},
           {"completions", Json::object()}};
  const Json yes = Json::object();
  if (client.modern) all.erase("logging");
  if (client.modern) all["extensions"] = {{tasks_extension, yes}};
  if (client.version == tasks_version)
    all["tasks"] = {{"list", yes}, {"cancel", yes}, {"requests", {{"tools", {{"call", yes}}}}}};
  return all;
}

Json Plugin::instructions(const Request& request) const {
  std::string text = "Tools of an agent computer: what they do is done in one session, whose files are in /workspace.";
  if (!request.selection.server.empty()) text += " This is its group " + request.selection.server + ".";
  return text;
}

void Plugin::discover(Request& request) {
  Json result{{"supportedVersions", all_versions()},
              {"capabilities", capabilities(request.client)},
              {"serverInfo", server_info()},
              {"instructions", instructions(request)},
              {"ttlMs", 60'000},
              {"cacheScope", "private"}};
  answer(request, std::move(result));
}

void Plugin::ping(Request& request) { answer(request, Json::object()); }

void Plugin::set_level(Request& request) {
  const auto level = log_level_of(request.message.params.value("level", Json()));
  if (!level) return refuse(request, {invalid_params, "level must be one of debug, info, notice, warning, error, …"});
  request.session->client().log_level = level;
  answer(request, Json::object());
}

void Plugin::subscribe(Request& request) {
  const Json uri = request.message.params.value("uri", Json());
  if (!uri.is_string()) return refuse(request, {invalid_params, "uri must be a text"});
  if (request.session->watched.size() >= 1000)
    return refuse(request, {invalid_params, "there are 1000 subscriptions already"});
  request.session->watched.insert(uri.get<std::string>());
  watch_files(request.call, Json::array({uri}));
  answer(request, Json::object());
}

void Plugin::unsubscribe(Request& request) {
  const Json uri = request.message.params.value("uri", Json());
  if (uri.is_string()) request.session->watched.erase(uri.get<std::string>());
  answer(request, Json::object());
}

// A stream of what changes, for as long as its client stays.
void Plugin::listen(Request& request) {
  const Json asked = request.message.params.value("notifications", Json());
  if (!asked.is_object()) return refuse(request, {invalid_params, "notifications must be an object"});
  Json wanted = Json::object();
  for (const char* one : {"toolsListChanged", "promptsListChanged", "resourcesListChanged"})
    if (asked.value(one, Json()) == true) wanted[one] = true;
  const Json uris = asked.value("resourceSubscriptions", Json());
  if (uris.is_array() && uris.size() <= 1000) wanted["resourceSubscriptions"] = uris;
  if (const Json& tasks = part(asked, "taskIds"); tasks.is_array()) {
    if (!knows_tasks(request)) return;
    wanted["taskIds"] = Json::array();
    for (const Json& id : tasks)
      if (wanted["taskIds"].size() < 1000 && find_task(request, id)) wanted["taskIds"].push_back(id);
  }
  const auto number = ++m_last_listener;
  auto stream = std::make_shared<Stream>(m_lock, Stream::Style{});
  stream->when_left([this, number] { m_listeners.erase(number); });
  m_listeners[number] = {stream, request.message.id, wanted, request.call.session()};
  stream->attach(request.call);
  stream->send(notification("notifications/subscriptions/acknowledged",
                            {{"_meta", {{meta_subscription, request.message.id}}}, {"notifications", wanted}}));
  remember(stream);
  watch_files(request.call, part(wanted, "resourceSubscriptions"));
}

}  // namespace mcp
