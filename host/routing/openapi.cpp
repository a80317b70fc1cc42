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

// A component's name may hold letters, digits, '.', '-' and '_'.
std::string component_name(std::string_view text) {
  std::string name(text);
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !fine(c); }, '_');
  return name;
}

// Writes one operation into the document.
class Writer {
 public:
  Writer(const Operation& operation, bool may_begin_job, json& schemas)
      : m_operation(operation), m_may_begin_job(may_begin_job && operation.kind == Kind::call), m_schemas(schemas) {
    split_path();
  }

  static std::string lower(std::string method) {
    for (char& c : method) c = static_cast<char>(c | 0x20);
    return method;
  }

  void write_to(json& paths) {
    json& item = paths[m_path];
    item[lower(m_operation.method)] = write(m_operation.method, m_operation.name);
    for (const auto& other : m_operation.methods)
      item[lower(other)] = write(other, m_operation.name + "." + lower(other));
  }

 private:
  json write(std::string_view method, const std::string& id) {
    json out{{"operationId", id},
             {"summary", m_operation.summary},
             {"tags", {m_operation.name.substr(0, m_operation.name.find('.'))}},
             {"responses", answers()},
             {"x-berth-kind", name_of(m_operation.kind)},
             {"x-berth-scope", name_of(m_operation.scope)},
             {"x-berth-session", true}};
    const json input = hoisted(m_operation.input, "input");
    if (auto parameters = parameters_of(input); !parameters.empty()) out["parameters"] = std::move(parameters);
    if (has_body(method)) out["requestBody"] = body_of(input);
    if (!m_operation.description.empty()) out["description"] = m_operation.description;
    if (m_operation.scope == session::Scope::open) out["security"] = json::array();
    if (m_operation.resumable) out["x-berth-resumable"] = true;
    if (m_operation.announced) out["x-berth-announced"] = true;
    if (m_operation.max_body > 0) out["x-berth-max-body"] = m_operation.max_body;
    if (!m_operation.tags.empty()) out["x-berth-tags"] = m_operation.tags;
    out["x-berth-hints"] = {{"read_only", m_operation.read_only},
                            {"destructive", m_operation.destructive},
                            {"idempotent", m_operation.idempotent},
                            {"open_world", m_operation.open_world}};
    return out;
  }

  // "/files/{path...}" is "/files/{path}" here, and its parameter says that it takes the rest.
  void split_path() {
    for (std::string_view left = m_operation.path; !left.empty();) {
      const auto open = left.find('{');
      m_path += left.substr(0, open);
      if (open == std::string_view::npos) return;
      const auto close = left.find('}', open);
      std::string name(left.substr(open + 1, close - open - 1));
      if (name.ends_with("...")) {
        name.resize(name.size() - 3);
        m_rest = name;
      }
      m_path += "{" + name + "}";
      m_in_path.insert(std::move(name));
      left.remove_prefix(close + 1);
    }
  }

  bool takes_fields_in_body() const {
    return m_operation.method != "GET" && m_operation.method != "DELETE" && !is_raw();
  }
  bool is_raw() const { return m_operation.kind == Kind::upload || m_operation.kind == Kind::http; }
  bool has_body(std::string_view method) const {
    return takes_fields_in_body() || (is_raw() && method != "GET" && method != "DELETE");
  }

  // References of a schema lead from the root of its document, which is now another one: definitions become components.
  json hoisted(json schema, const std::string& part) {
    if (!schema.is_object()) return schema;
    const std::string before = component_name(m_operation.name + "." + part);
    if (refers_to_itself(schema)) m_schemas[before] = redirected(schema, before);
    for (const char* word : {"$defs", "definitions"}) {
      if (!schema.contains(word)) continue;
      const json all = schema[word];
      schema.erase(word);
      for (const auto& [name, inner] : all.items()) {
        std::string part_name = before;
        part_name.append(".").append(name);
        m_schemas[component_name(part_name)] = redirected(inner, before);
      }
    }
    schema.erase("$schema");
    return redirected(std::move(schema), before);
  }

  static bool refers_to_itself(const json& schema) {
    if (schema.is_object() && schema.contains("$ref") && schema["$ref"] == "#") return true;
    return schema.is_structured() && std::any_of(schema.begin(), schema.end(), refers_to_itself);
  }

  static json redirected(json schema, const std::string& before) {
    if (!schema.is_structured()) return schema;
    if (schema.is_object()) {
      const auto ref = schema.find("$ref");
      if (ref != schema.end() && ref->is_string()) {
        const std::string& target = ref->get_ref<const std::string&>();
        const auto slash = target.rfind('/');
        const std::string name =
            slash == std::string::npos ? before : component_name(before + "." + target.substr(slash + 1));
        *ref = "#/components/schemas/" + name;
      }
      schema.erase("$defs");
      schema.erase("definitions");
    }
    for (auto& inner : schema) inner = redirected(std::move(inner), before);
    return schema;
  }

  static bool requires_field(const json& input, const std::string& name) {
    const auto list = input.find("required");
    return list != input.end() && std::find(list->begin(), list->end(), json(name)) != list->end();
  }

  json parameters_of(const json& input) const {
    json all = json::array();
    const auto properties = input.find("properties");
    if (properties == input.end()) return all;
    for (const auto& [name, schema] : properties->items()) {
      const bool in_path = m_in_path.contains(name);
      if (!in_path && takes_fields_in_body()) continue;
      json one{{"name", name},
               {"in", in_path ? "path" : "query"},
               {"required", in_path || requires_field(input, name)},
               {"schema", schema}};
      if (schema.is_object() && schema.contains("description")) one["description"] = schema["description"];
      if (name == m_rest) one["x-berth-rest"] = true;
      all.push_back(std::move(one));
    }
    return all;
  }

  json body_of(json schema) const {
    if (is_raw()) {
      const char* type = m_operation.kind == Kind::upload ? "application/octet-stream" : "*/*";
      return {{"required", true}, {"content", {{type, {{"schema", json::object()}}}}}};
    }
    json still = json::array();
    for (const auto& name : m_in_path) {
      if (schema.contains("properties")) schema["properties"].erase(name);
    }
    for (const auto& name : schema.value("required", json::array())) {
      if (!m_in_path.contains(name.get<std::string>())) still.push_back(name);
    }
    schema.erase("required");
    if (!still.empty()) schema["required"] = still;
    return {{"required", !still.empty()}, {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
  }

  static json content(const char* description, const char* type, json schema) {
    return {{"description", description},
            {"headers", {{"Berth-Budget-Remaining", {{"$ref", "#/components/headers/BudgetRemaining"}}}}},
            {"content", {{type, {{"schema", std::move(schema)}}}}}};
  }

  json answers() {
    json all{{"default", {{"$ref", "#/components/responses/Problem"}}}};
    switch (m_operation.kind) {
      case Kind::call:
      case Kind::upload: {
        json schema = m_operation.output.is_null() ? json::object() : hoisted(m_operation.output, "output");
        all["200"] = content("The answer", "application/json", std::move(schema));
        if (m_may_begin_job) all["202"] = {{"$ref", "#/components/responses/Job"}};
        break;
      }
      case Kind::stream: all["200"] = content("Server-sent events", "text/event-stream", {{"type", "string"}}); break;
      case Kind::download:
        all["200"] = content("The bytes", "application/octet-stream", json::object());
        all["206"] = content("A range of the bytes", "application/octet-stream", json::object());
        all["304"] = {{"description", "Not modified: the client's copy is the newest"}};
        break;
      case Kind::http: all["200"] = content("What the protocol that is spoken here says", "*/*", json::object()); break;
      case Kind::socket: all["101"] = {{"description", "A WebSocket (RFC 6455)"}}; break;
    }
    return all;
  }

  const Operation& m_operation;
  const bool m_may_begin_job;
  json& m_schemas;
  std::string m_path, m_rest;
  std::set<std::string> m_in_path;
};

json problem_schema() {
  const json text{{"type", "string"}}, whole{{"type", "integer"}};
  const json misfit{{"type", "object"}, {"properties", {{"pointer", text}, {"expected", text}, {"got", text}}}};
  return {{"type", "object"},
          {"required", {"type", "title", "status", "detail", "instance", "code"}},
          {"properties",
           {{"type", text},
            {"title", text},
            {"status", whole},
            {"detail", text},
            {"instance", text},
            {"code", text},
            {"hint", text},
            {"retry_after", whole},
            {"errors", {{"type", "array"}, {"items", misfit}}}}}};
}

// A plugin says that it has jobs, not which of its operations begin one.
json job_answer() {
  const json schema{{"type", "object"}, {"required", {"job"}}, {"properties", {{"job", {{"type", "string"}}}}}};
  return {{"description",
           "If it takes longer: a job was begun, which goes on. GET /jobs/{job} says how far it is, and its result"},
          {"headers", {{"Location", {{"description", "Where the job is"}, {"schema", {{"type", "string"}}}}}}},
          {"content", {{"application/json", {{"schema", schema}}}}}};
}

json components() {
  const json schema{{"$ref", "#/components/schemas/Problem"}};
  const json problem{{"description", "What went wrong, and what to do about it (RFC 9457)"},
                     {"content", {{"application/problem+json", {{"schema", schema}}}}}};
  const json remaining{
      {"description", "What is left of the session's budget: steps=3, seconds=12.5. If a policy says so"},
      {"schema", {{"type", "string"}}}};
  return {{"schemas", {{"Problem", problem_schema()}}},
          {"headers", {{"BudgetRemaining", remaining}}},
          {"responses", {{"Problem", problem}, {"Job", job_answer()}}},
          {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}};
}

}  // namespace

json openapi_document(const std::vector<Operation>& operations, std::string_view version,
                      const std::set<std::string>& with_jobs) {
  json paths = json::object(), parts = components(), tags = json::array();
  std::set<std::string> plugins;
  for (const Operation& operation : operations) {
    const std::string plugin = operation.name.substr(0, operation.name.find('.'));
    Writer writer(operation, with_jobs.contains(plugin), parts["schemas"]);
    writer.write_to(paths);
    plugins.insert(plugin);
  }
  for (const auto& plugin : plugins) tags.push_back({{"name", plugin}});
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Berth"},
            {"version", version},
            {"summary", "An agent computer"},
            {"description",
             "Every path may be prefixed with /sessions/{id}; without the prefix it means the session `main`."}}},
          {"servers", {{{"url", "/"}}}},
          {"security", {{{"token", json::array()}}}},
          {"tags", std::move(tags)},
          {"paths", std::move(paths)},
          {"components", std::move(parts)}};
}

std::string openapi_json(const Table& table, std::string_view version) {
  std::vector<Operation> operations;
  operations.reserve(table.routes().size());
  std::set<std::string> with_jobs;
  for (const auto& route : table.routes()) {
    operations.push_back(route->operation);
    const auto& manifest = route->provider->manifest();
    const auto& services = manifest.services;
    if (std::find(services.begin(), services.end(), "berth.jobs/1") != services.end()) with_jobs.insert(manifest.name);
  }
  return openapi_document(operations, version, with_jobs).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace berth::routing
