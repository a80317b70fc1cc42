// JSON-RPC 2.0 as MCP speaks it: one message out of bytes that may be anything, and the messages that go back.
#pragma once

#include <berth/json_part.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace mcp {

using Json = nlohmann::json;

// What a message may be refused with; those below -32019 are MCP's own.
enum Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  resource_not_found = -32002,  // before 2026-07-28; there it is invalid_params
  header_mismatch = -32020,
  missing_capability = -32021,
  unsupported_version = -32022
};

struct Wrong {
  int code = internal_error;
  std::string message;
  Json data = nullptr;  // null: none
  int status = 400;     // of HTTP, where the era says one
};

struct Message {
  enum class Kind { request, notification, response, wrong };
  Kind kind = Kind::wrong;
  Json id;             // text or integer; null where there is none, or it cannot be told
  std::string method;  // request, notification
  Json params = Json::object();
  Json result;  // response: its result, or null and `error`
  Json error;
  Wrong wrong;
};

using berth::part;

constexpr unsigned deepest = 64;  // levels of a message

// False: this is no JSON, or too deep.
bool parse(std::string_view bytes, Json& to);
Message read_message(Json json);

std::string result_text(const Json& id, const Json& result);
std::string error_text(const Json& id, const Wrong& wrong);
Json notification(std::string_view method, Json params);

}  // namespace mcp
