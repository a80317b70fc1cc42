// What a message of an MCP client says that the way to the host depends on. It is passed on as it came.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command/client.hpp"

namespace berth::command {

struct McpMessage {
  enum class Kind { request, notification, response, batch, wrong };
  Kind kind = Kind::wrong;
  nlohmann::json id;
  std::string method;
  bool modern = false;     // from 2026-07-28 on: it says by itself what it is, and has no session
  std::string version;     // that it names, if modern
  std::string target;      // what it is about: a tool's name, a resource's URI
  nlohmann::json cancels;  // the id that `notifications/cancelled` names
  nlohmann::json batch;    // an array of messages, of any kind
  int code = 0;            // of what is wrong, and why
  std::string why;
};

McpMessage read_mcp(std::string_view line);

using Fields = std::vector<std::pair<std::string, std::string>>;
// What HTTP wants said of a modern message beside it.
Fields modern_fields(const McpMessage& message);

// A line that refuses the request of that id.
std::string mcp_error(const nlohmann::json& id, int code, const std::string& why);
std::string mcp_error(const nlohmann::json& id, const service::Error& error);
// The same, of an answer that is no message of MCP: what the host's problem says.
std::string mcp_problem(const nlohmann::json& id, const Client::Answer& answer);

inline constexpr int mcp_parse_error = -32700, mcp_invalid_request = -32600, mcp_no_answer = -32000;

}  // namespace berth::command
