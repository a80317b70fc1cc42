// One path item for each path, one operation object for each operation.
#include "routing/openapi.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "routing/table.hpp"

namespace berth::routing {

using loader::Kind;
using loader::Operation;
using nlohmann::json;

namespace {

const json& empty_object() {
  static const json empty = json::object();
  return empty;
}

const json& properties_of(const Operation& operation) {
  const auto found = operation.input.find("properties");
  return found == operation.input.end() ? empty_object() : *found;
}

bool required(const Operation& operation, const std::string& name) {
  const auto list = operation.input.find("required");
  return list != operation.input.end() && std::find(list->begin(), list->end(), json(name)) != list->end();
}

struct Path {
  std::string text;
  std::set<std::string> names;
  std::string rest;  // the name of a last {name...}
};

Path path_of(const Operation& operation) {
  Path path;
  std::string_view left = operation.path;
  while (!left.empty()) {
    const auto open = left.find('{');
    path.text += left.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = left.find('}', open);
    std::string name(left.substr(open + 1, close - open - 1));
    if (name.ends_with("...")) {
      name.resize(name.size() - 3);
      path.rest = name;
    }
    path.text += "{" + name + "}";
    path.names.insert(std::move(name));
    left.remove_prefix(close + 1);
  }
  return path;
}

bool has_body(const Operation& operation) {
  return operation.method != "GET" && operation.method != "DELETE" && operation.kind != Kind::upload;
}

json parameters_of(const Operation& operation, const Path& path) {
  json all = json::array();
  for (const auto& [name, schema] : properties_of(operation).items()) {
    const bool in_path = path.names.contains(name);
    if (!in_path && has_body(operation)) continue;
    json one{{"name", name}, {"in", in_path ? "path" : "query"}, {"required", in_path || required(operation, name)}, {"schema", schema}};
    if (schema.is_object() && schema.contains("description")) one["description"] = schema["description"];
    if (name == path.rest) one["x-berth-rest"] = true;
    all.push_back(std::move(one));
  }
  return all;
}

json body_of(const Operation& operation, const Path& path) {
  if (operation.kind == Kind::upload) {
    return {{"required", true}, {"content", {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}}}};
  }
  json schema = operation.input;
  json still = json::array();
  for (const auto& name : path.names) schema["properties"].erase(name);
  for (const auto& name : schema.value("required", json::array())) {
    if (!path.names.contains(name.get<std::string>())) still.push_back(name);
  }
  schema.erase("required");
  if (!still.empty()) schema["required"] = still;
  return {{"required", !still.empty()}, {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
}

json answer_of(const Operation& operation) {
  switch (operation.kind) {
    case Kind::call:
    case Kind::upload: {
      json schema = operation.output.is_null() ? json(true) : operation.output;
      return {{"200", {{"description", "The answer"}, {"content", {{"application/json", {{"schema", std::move(schema)}}}}}}}};
    }
    case Kind::stream: return {{"200", {{"description", "Server-sent events"}, {"content", {{"text/event-stream", {{"schema", {{"type", "string"}}}}}}}}}};
    case Kind::download:
      return {{"200", {{"description", "The bytes"}, {"content", {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}}}}},
              {"206", {{"description", "A range of the bytes"}}},
              {"304", {{"description", "Nothing new"}}}};
    case Kind::socket: return {{"101", {{"description", "A WebSocket"}}}};
  }
  return json::object();
}

json operation_object(const Operation& operation, const Path& path) {
  json out{{"operationId", operation.name},
           {"summary", operation.summary},
           {"tags", {operation.name.substr(0, operation.name.find('.'))}},
           {"parameters", parameters_of(operation, path)},
           {"responses", answer_of(operation)},
           {"x-berth-kind", name_of(operation.kind)},
           {"x-berth-scope", name_of(operation.scope)}};
  out["responses"]["default"] = {{"$ref", "#/components/responses/Problem"}};
  if (!operation.description.empty()) out["description"] = operation.description;
  if (has_body(operation) || operation.kind == Kind::upload) out["requestBody"] = body_of(operation, path);
  if (operation.scope == session::Scope::open) out["security"] = json::array();
  if (operation.resumable) out["x-berth-resumable"] = true;
  return out;
}

json components() {
  const json text{{"type", "string"}};
  const json misfit{{"type", "object"}, {"properties", {{"pointer", text}, {"expected", text}, {"got", text}}}};
  const json problem{{"type", "object"},
                     {"required", {"type", "title", "status", "code"}},
                     {"properties",
                      {{"type", text}, {"title", text}, {"status", {{"type", "integer"}}}, {"detail", text}, {"instance", text}, {"code", text},
                       {"hint", text}, {"retry_after", {{"type", "integer"}}}, {"errors", {{"type", "array"}, {"items", misfit}}}}}};
  return {{"schemas", {{"Problem", problem}}},
          {"responses",
           {{"Problem",
             {{"description", "What went wrong, and what to do about it (RFC 9457)"},
              {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}},
          {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}};
}

}  // namespace

json openapi_document(const std::vector<Operation>& operations, std::string_view version) {
  json paths = json::object();
  for (const Operation& operation : operations) {
    const Path path = path_of(operation);
    std::string method = operation.method;
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
    paths[path.text][method] = operation_object(operation, path);
  }
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "Berth"}, {"version", version}, {"description", "Every path may be prefixed with /sessions/{id}."}}},
          {"servers", {{{"url", "/"}}}},
          {"security", {{{"token", json::array()}}}},
          {"paths", std::move(paths)},
          {"components", components()}};
}

std::string openapi_json(const Table& table, std::string_view version) {
  std::vector<Operation> operations;
  for (const auto& route : table.routes()) operations.push_back(route->operation);
  return openapi_document(operations, version).dump();
}

}  // namespace berth::routing
