// Which revision of MCP a request speaks, and what follows from it. Up to 2025-11-25 a client begins with `initialize`
// and has a session; from 2026-07-28 on each request says all by itself.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "message.hpp"

namespace mcp {

inline constexpr const char* plugin_version = "1.0.0";
inline constexpr std::string_view modern_version = "2026-07-28";
inline constexpr std::array<std::string_view, 4> legacy_versions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                                 "2024-11-05"};

inline bool is_legacy(std::string_view version) {
  return std::find(legacy_versions.begin(), legacy_versions.end(), version) != legacy_versions.end();
}
// What an `initialize` is answered with.
inline std::string_view agreed(std::string_view asked) { return is_legacy(asked) ? asked : legacy_versions.front(); }
inline Json all_versions() {
  Json all = Json::array({modern_version});
  for (const auto one : legacy_versions) all.push_back(one);
  return all;
}

inline constexpr const char* meta_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* meta_capabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* meta_log_level = "io.modelcontextprotocol/logLevel";
inline constexpr const char* meta_server = "io.modelcontextprotocol/serverInfo";
inline constexpr const char* tasks_extension = "io.modelcontextprotocol/tasks";
inline constexpr std::string_view tasks_version = "2025-11-25";  // has them in a session, of its own kind
inline constexpr const char* related_task = "io.modelcontextprotocol/related-task";
inline constexpr const char* meta_subscription = "io.modelcontextprotocol/subscriptionId";

// What one request says of whoever sent it.
struct Client {
  bool modern = false;
  std::string version;
  Json capabilities = Json::object();
  std::optional<int> log_level;  // the least that it wants to hear
  Json progress_token;           // null: none
};

// 0 for debug to 7 for emergency.
inline std::optional<int> log_level_of(const Json& name) {
  constexpr std::array<std::string_view, 8> names{"debug", "info",     "notice", "warning",
                                                  "error", "critical", "alert",  "emergency"};
  if (!name.is_string()) return std::nullopt;
  const auto at = std::find(names.begin(), names.end(), name.get<std::string>());
  if (at == names.end()) return std::nullopt;
  return static_cast<int>(at - names.begin());
}

inline constexpr int info_level = 1;

// The fields of HTTP that a request of 2026-07-28 must repeat.
struct Repeated {
  std::string_view version, method, name;
};
// Of a tool's arguments those that its schema wants to be repeated, by `x-mcp-header`: as Mcp-Param-…
using FieldOf = std::function<std::string_view(std::string_view lower_case)>;
std::optional<Wrong> compare_arguments(const Json& schema, const Json& arguments, const FieldOf& field);
// What is wrong with such a request, its fields and its _meta; fills the client otherwise.
std::optional<Wrong> read_modern(const Message& message, const Repeated& fields, Client& client);

}  // namespace mcp
