// Strict where a mistake would be answered wrongly, mild where it would not.
#include "message.hpp"

#include <berth/json_reader.hpp>
#include <berth/json_text.hpp>
#include <utility>

namespace mcp {

namespace {

Message wrong(Json id, std::string why) {
  Message message;
  message.id = std::move(id);
  message.wrong = {invalid_request, std::move(why)};
  return message;
}

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

Message read_response(Json json, Json id) {
  const bool result = json.contains("result"), error = json.contains("error");
  if (result == error)
    return wrong(nullptr, "a message is a request, a notification, or a response with one of result and error");
  if (!is_id(id)) return wrong(nullptr, "a response names the request that it answers");
  Message message;
  message.kind = Message::Kind::response;
  message.id = std::move(id);
  if (result) message.result = std::move(json["result"]);
  if (error) message.error = std::move(json["error"]);
  return message;
}

}  // namespace

bool parse(std::string_view bytes, Json& to) {
  if (auto quick = berth::read_json(bytes)) {
    to = std::move(*quick);
    return true;
  }
  bool deep = false;
  const auto watch = [&deep](int depth, Json::parse_event_t, Json&) {
    deep = deep || depth > static_cast<int>(deepest);
    return !deep;
  };
  to = Json::parse(bytes.begin(), bytes.end(), watch, false);
  return !deep && !to.is_discarded();
}

Message read_message(Json json) {
  if (!json.is_object()) return wrong(nullptr, "a message is a JSON object");
  Json id = json.value("id", Json(nullptr));
  const Json known = is_id(id) ? id : Json(nullptr);
  if (json.value("jsonrpc", Json()) != "2.0") return wrong(known, "jsonrpc must be \"2.0\"");
  const auto method = json.find("method");
  if (method == json.end()) return read_response(std::move(json), std::move(id));
  if (!method->is_string()) return wrong(known, "method must be a text");
  const bool request = json.contains("id");
  if (request && !is_id(id)) return wrong(nullptr, "id must be a text or a whole number");
  Message message;
  message.kind = request ? Message::Kind::request : Message::Kind::notification;
  message.id = std::move(id);
  message.method = method->get<std::string>();
  const auto params = json.find("params");
  if (params == json.end()) return message;
  if (!params->is_object()) return wrong(known, "params must be an object");
  message.params = std::move(*params);
  return message;
}

std::string result_text(const Json& id, const Json& result) {
  return R"({"jsonrpc":"2.0","id":)" + berth::json_text(id) + R"(,"result":)" + berth::json_text(result) + "}";
}

std::string error_text(const Json& id, const Wrong& wrong) {
  Json error{{"code", wrong.code}, {"message", wrong.message}};
  if (!wrong.data.is_null()) error["data"] = wrong.data;
  Json whole{{"jsonrpc", "2.0"}, {"error", std::move(error)}};
  if (!id.is_null()) whole["id"] = id;
  return berth::json_text(whole);
}

Json notification(std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

}  // namespace mcp
