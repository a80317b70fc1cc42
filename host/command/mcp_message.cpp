// Nothing here throws, whatever the line.
#include "command/mcp_message.hpp"

#include <berth/base64.hpp>
#include <algorithm>

#include "command/columns.hpp"
#include "command/json_reading.hpp"
#include "command/mcp_id.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr const char* meta_version = "io.modelcontextprotocol/protocolVersion";

McpMessage wrong(McpMessage message, int code, std::string why) {
  message.kind = McpMessage::Kind::wrong;
  message.code = code;
  message.why = std::move(why);
  return message;
}

void read_params(const json& params, McpMessage& message) {
  if (!params.is_object()) return;
  const auto meta = params.find("_meta");
  if (meta != params.end() && meta->is_object() && meta->contains(meta_version)) {
    message.modern = true;
    message.version = text_at(*meta, meta_version);
  }
  const bool named = message.method == "tools/call" || message.method == "prompts/get";
  if (named || message.method == "resources/read") message.target = text_at(params, named ? "name" : "uri");
  if (message.method == "notifications/cancelled") message.cancels = params.value("requestId", json());
}

// As a field of HTTP carries it; what none can carry goes in base64.
std::string field_value(const std::string& text) {
  const auto visible = [](char c) { return c >= ' ' && c < '\x7f'; };
  const bool plain = std::all_of(text.begin(), text.end(), visible) && !text.starts_with(' ') && !text.ends_with(' ');
  if (plain && !(text.starts_with("=?base64?") && text.ends_with("?="))) return text;
  return "=?base64?" + berth::base64(text) + "?=";
}

}  // namespace

McpMessage read_mcp(std::string_view line) {
  McpMessage message;
  json whole = json_of(line);
  if (whole.is_discarded()) {
    McpId id;
    id.add(line);
    message.id = id.id();
    return wrong(std::move(message), mcp_parse_error, "this line is no JSON, or nested too deep");
  }
  if (whole.is_array() && !whole.empty()) {
    message.kind = McpMessage::Kind::batch;
    message.batch = std::move(whole);
    return message;
  }
  if (!whole.is_object()) return wrong({}, mcp_invalid_request, "a message is an object");
  const auto id = whole.find("id");
  if (id != whole.end() && (id->is_string() || id->is_number())) message.id = *id;
  const auto method = whole.find("method");
  if (method != whole.end() && method->is_string()) {
    message.method = method->get<std::string>();
    message.kind = id == whole.end() ? McpMessage::Kind::notification : McpMessage::Kind::request;
    if (message.kind == McpMessage::Kind::request && message.id.is_null())
      return wrong(std::move(message), mcp_invalid_request, "an id is a text or a number");
    message.modern = message.method == "server/discover";
    if (const auto params = whole.find("params"); params != whole.end()) read_params(*params, message);
    return message;
  }
  message.kind = McpMessage::Kind::response;
  if (message.id.is_null() || (!whole.contains("result") && !whole.contains("error")))
    return wrong(std::move(message), mcp_invalid_request, "a message has a method, or an id with a result or an error");
  return message;
}

Fields modern_fields(const McpMessage& message) {
  Fields fields{{"Mcp-Method", field_value(message.method)}};
  if (!message.version.empty()) fields.emplace_back("MCP-Protocol-Version", field_value(message.version));
  if (!message.target.empty()) fields.emplace_back("Mcp-Name", field_value(message.target));
  return fields;
}

std::string mcp_error(const json& id, int code, const std::string& why) {
  const json error{{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", why}}}};
  return error.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string mcp_error(const json& id, const service::Error& error) {
  const std::string hint = error.hint.empty() ? "" : " (" + error.hint + ")";
  return mcp_error(id, mcp_no_answer, printable(error.message + hint));
}

std::string mcp_problem(const json& id, const Client::Answer& answer) {
  const json problem = json_of(answer.body);
  std::string why = text_at(problem, "detail", text_at(problem, "title"));
  if (why.empty()) why = "the host answered " + std::to_string(answer.status);
  service::Error error{answer.status, text_at(problem, "code"), std::move(why), text_at(problem, "hint")};
  if (answer.status == 404 && error.hint.empty()) error.hint = "is the plugin mcp loaded there? berth plugin list";
  return mcp_error(id, error);
}

}  // namespace berth::command
