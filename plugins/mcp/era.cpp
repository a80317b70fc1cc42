// 2026-07-28: what its fields repeat must be what its body says, since others on the way judge by the fields.
#include "era.hpp"

#include <berth/base64.hpp>
#include <berth/json_text.hpp>

#include <cctype>

namespace mcp {

namespace {

constexpr std::string_view coded_begin = "=?base64?", coded_end = "?=";

// A name that no field can carry as it is comes in base64.
std::optional<std::string> decoded(std::string_view value) {
  if (!value.starts_with(coded_begin) || !value.ends_with(coded_end)) return std::string(value);
  value.remove_prefix(coded_begin.size());
  value.remove_suffix(std::min(value.size(), coded_end.size()));
  return berth::from_base64(value);
}

Wrong mismatch(std::string why) { return {header_mismatch, "Header mismatch: " + std::move(why)}; }

// Of those methods whose target is repeated, too.
const char* name_field(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method.substr(0, 6) == "tasks/") return "taskId";
  return method == "resources/read" ? "uri" : nullptr;
}

std::optional<Wrong> compare(const Message& message, const Repeated& fields) {
  if (fields.method.empty()) return mismatch("Mcp-Method is missing");
  if (fields.method != message.method)
    return mismatch("Mcp-Method is '" + std::string(fields.method) + "', the body's method '" + message.method + "'");
  const char* field = name_field(message.method);
  const auto value = field ? message.params.find(field) : message.params.end();
  if (value == message.params.end() || !value->is_string()) return std::nullopt;  // the method says what is missing
  if (fields.name.empty()) return mismatch("Mcp-Name is missing");
  const auto name = decoded(fields.name);
  if (!name || *name != value->get_ref<const std::string&>())
    return mismatch("Mcp-Name is '" + std::string(fields.name) + "', the body's " + field + " '" +
                    value->get<std::string>() + "'");
  return std::nullopt;
}

std::string as_field(const Json& value) {
  return value.is_string() ? value.get<std::string>() : berth::json_text(value);
}

}  // namespace

std::optional<Wrong> compare_arguments(const Json& schema, const Json& arguments, const FieldOf& field) {
  const Json& properties = part(schema, "properties");
  for (auto at = properties.begin(); at != properties.end(); ++at) {
    const Json &wanted = part(*at, "x-mcp-header"), &given = part(arguments, at.key().c_str());
    if (!wanted.is_string()) continue;
    std::string name = "mcp-param-" + wanted.get<std::string>();
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::string_view value = field(name);
    if (given.is_null() && value.empty()) continue;
    const auto said = decoded(value);
    if (given.is_null() || value.empty() || !said || *said != as_field(given))
      return mismatch(name + " is '" + std::string(value) + "', the argument " + at.key() + " '" +
                      (given.is_null() ? "" : as_field(given)) + "'");
  }
  return std::nullopt;
}

std::optional<Wrong> read_modern(const Message& message, const Repeated& fields, Client& client) {
  const Json meta = message.params.value("_meta", Json::object());
  const auto version = meta.is_object() ? meta.find(meta_version) : meta.end();
  if (version == meta.end() || !version->is_string())
    return Wrong{invalid_params, std::string("params._meta lacks ") + meta_version};
  client.modern = true;
  client.version = version->get<std::string>();
  if (fields.version.empty()) return mismatch("MCP-Protocol-Version is missing");
  if (fields.version != client.version)
    return mismatch("MCP-Protocol-Version is '" + std::string(fields.version) + "', the body says '" + client.version +
                    "'");
  if (client.version != modern_version)
    return Wrong{unsupported_version,
                 "Unsupported protocol version",
                 {{"supported", all_versions()}, {"requested", client.version}}};
  if (auto wrong = compare(message, fields)) return wrong;
  const auto capabilities = meta.find(meta_capabilities);
  if (capabilities == meta.end() || !capabilities->is_object())
    return Wrong{invalid_params, std::string("params._meta lacks ") + meta_capabilities};
  client.capabilities = *capabilities;
  client.log_level = log_level_of(meta.value(meta_log_level, Json()));
  client.progress_token = meta.value("progressToken", Json());
  return std::nullopt;
}

}  // namespace mcp
