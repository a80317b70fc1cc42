// Nothing here throws, whatever the JSON.
#include "command/json_reading.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;

namespace {
constexpr int deepest = 100;  // copying and printing a value take stack for each level of it
}

json json_of(std::string_view text) {
  bool too_deep = false;
  const auto shallow = [&](int depth, json::parse_event_t, json&) { return !(too_deep |= depth > deepest); };
  json value = json::parse(text, shallow, false);
  return too_deep ? json(json::value_t::discarded) : value;
}

std::string text_at(const json& object, const char* key, std::string otherwise) {
  if (!object.is_object()) return otherwise;
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

json list_at(const json& object, const char* key) {
  json list = json::array();
  if (!object.is_object()) return list;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return list;
  for (const auto& one : *found) {
    if (one.is_object()) list.push_back(one);
  }
  return list;
}

service::Result<json> fetch_list(Client& client, const std::string& path, const char* key) {
  const auto answer = client.send({"GET", path});
  if (!answer) return answer.error();
  if (answer->status >= 400) return Error{answer->status, "problem", answer->body};
  const json all = json_of(answer->body);
  if (answer->status != 200 || !all.is_object() || !all.contains(key))
    return Error{0, "stranger", "what answers there is no Berth host", "name the host with --url"};
  return list_at(all, key);
}

int report_list_error(const Error& error) {
  return error.code == "problem" ? report_problem({error.status, {}, error.message}) : report(error);
}

}  // namespace berth::command
