// Checks an operation to the last field, so that whoever comes after can rely on it.
#include "loader/operation_reader.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "loader/schema/schema.hpp"

namespace berth::loader {

using nlohmann::json;
using session::Scope;

namespace {

constexpr std::size_t most_segments = 32;

void check_name(const FieldReader& from, const std::string& name, const std::string& plugin) {
  std::size_t words = 0;
  for (std::string_view rest = name;; ++words) {
    const auto dot = rest.find('.');
    const auto word = rest.substr(0, dot);
    if (!is_word(word)) return from.refuse("name", "must be words of a-z 0-9 _ joined by dots");
    if (words == 0 && word != plugin)
      return from.refuse("name", "must begin with the plugin's name, \"" + plugin + ".\"");
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (words == 0) from.refuse("name", "must be the plugin's name, a dot, and a word");
}

bool is_plain(std::string_view segment) {
  const auto unreserved = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '~' || c == '.';
  };
  return !segment.empty() && segment != "." && segment != ".." &&
         std::all_of(segment.begin(), segment.end(), unreserved);
}

// "{name}" or, as the last one, "{name...}"; empty if it is neither.
std::string_view parameter_in(std::string_view segment, bool last) {
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return {};
  auto name = segment.substr(1, segment.size() - 2);
  if (name.ends_with("...") && last) name.remove_suffix(3);
  return is_word(name) ? name : std::string_view();
}

// One segment of the path; `seen` holds the parameters before it. Why it will not do, or nothing.
std::string check_segment(std::string_view segment, bool last, const json& fields, std::set<std::string>& seen) {
  if (segment.find_first_of("{}") == std::string_view::npos) {
    return is_plain(segment) ? "" : "has a segment that is not letters, digits and - _ ~ .";
  }
  const std::string name(parameter_in(segment, last));
  if (name.empty()) return "has a parameter that is not {name}, or, as its last segment, {name...}";
  if (!seen.insert(name).second) return "has two parameters {" + name + "}";
  return fields.contains(name) ? "" : "has the parameter {" + name + "}, which is not a field of the input";
}

void check_path(const FieldReader& from, const Operation& operation) {
  static const json no_fields = json::object();
  const auto properties = operation.input.find("properties");
  const json& fields = properties == operation.input.end() ? no_fields : *properties;
  std::string_view rest = operation.path;
  if (!rest.starts_with('/') || rest.size() < 2) return from.refuse("path", "must begin with / and name something");
  std::set<std::string> seen;
  std::size_t count = 0;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    if (count++ == 0 && is_hosts_path(segment))
      return from.refuse("path", "/" + std::string(segment) + " belongs to the host");
    const std::string why = check_segment(segment, rest.empty(), fields, seen);
    if (!why.empty()) return from.refuse("path", why);
  }
  if (count > most_segments) from.refuse("path", "has more than " + std::to_string(most_segments) + " segments");
  if (count == 1 && !seen.empty()) from.refuse("path", "must begin with a segment that is not a parameter");
}

bool is_method(std::string_view method) {
  constexpr std::string_view methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  return std::find(std::begin(methods), std::end(methods), method) != std::end(methods);
}

// What opens this host, or another one, is no plugin's to read.
bool may_be_seen(std::string_view header) {
  if (header.ends_with('*')) header.remove_suffix(1);
  constexpr std::string_view secret[] = {"authorization", "cookie", "proxy-authorization", "sec-websocket-protocol"};
  const auto shows = [&](std::string_view one) { return one.starts_with(header); };
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !header.empty() && std::all_of(header.begin(), header.end(), fine) &&
         std::none_of(std::begin(secret), std::end(secret), shows);
}

void read_http(const FieldReader& from, Operation& operation) {
  operation.methods = from.texts("methods", 4, 10);
  operation.headers = from.texts("headers", 40, 100);
  if (operation.kind != Kind::http && from.find("methods"))
    from.refuse("methods", "only of kind http there are several");
  if (operation.kind != Kind::http && from.find("headers")) from.refuse("headers", "only an http operation sees them");
  std::set<std::string> all{operation.method};
  for (const auto& one : operation.methods) {
    if (!is_method(one)) from.refuse("methods", "must be of GET, POST, PUT, PATCH and DELETE");
    if (!all.insert(one).second) from.refuse("methods", "names " + one + " twice");
  }
  for (const auto& one : operation.headers) {
    if (!may_be_seen(one))
      from.refuse("headers",
                  "must be names in small letters, with or without a * at their end, and none that opens a host");
  }
}

void check_method(const FieldReader& from, const Operation& operation) {
  if (!is_method(operation.method)) return from.refuse("method", "must be GET, POST, PUT, PATCH or DELETE");
  const bool get = operation.method == "GET", post = operation.method == "POST";
  switch (operation.kind) {
    case Kind::call:
    case Kind::http: return;
    case Kind::socket:
      if (!get) from.refuse("method", "a socket is opened with GET");
      return;
    case Kind::upload:
      if (!post && operation.method != "PUT") from.refuse("method", "an upload is a POST or a PUT");
      return;
    case Kind::stream:
    case Kind::download:
      if (!get && !post) from.refuse("method", "a stream or a download is a GET or a POST");
      return;
  }
}

void read_kind_and_scope(const FieldReader& from, Operation& operation) {
  const auto kind = parse_kind(from.text("kind"));
  const auto scope = session::parse_scope(from.text("scope"));
  if (!kind) from.refuse("kind", "must be call, stream, upload, download, socket or http");
  if (!scope || *scope == Scope::open) from.refuse("scope", "must be read, run or admin");
  operation.kind = kind.value_or(Kind::call);
  operation.scope = scope.value_or(Scope::admin);
  operation.concurrent = from.flag("concurrent");
  operation.blocking = from.flag("blocking");
  operation.resumable = from.flag("resumable");
  if (operation.resumable && operation.kind != Kind::stream) from.refuse("resumable", "only a stream can be resumed");
  operation.announced = from.flag("announced");
  if (operation.announced && operation.kind != Kind::upload) from.refuse("announced", "only an upload is announced");
}

void read_hints(const FieldReader& from, Operation& operation) {
  const json* found = from.find("hints");
  if (!found) return;
  const FieldReader hints = from.within(*found, "hints");
  hints.only({"read_only", "destructive", "idempotent", "open_world"});
  operation.read_only = hints.flag("read_only");
  operation.destructive = hints.flag("destructive");
  operation.idempotent = hints.flag("idempotent");
  operation.open_world = hints.flag("open_world");
}

// A call that shows, before a newly loaded plugin takes over from the old one, that it does its work.
void read_smoke(const FieldReader& from, Operation& operation) {
  const json* found = from.find("smoke");
  if (!found) return;
  if (operation.kind != Kind::call) return from.refuse("smoke", "only a call can be tried");
  const auto misfits = Schema::compile(operation.input)->check(*found);
  if (misfits.empty()) {
    operation.smoke = *found;
    return;
  }
  const auto& first = misfits.front();
  from.refuse("smoke", "does not fit the input: " + (first.pointer.empty() ? "it" : first.pointer) + " should be " +
                           first.expected + ", but is " + first.got);
}

// The host asks it without any input.
void read_in_status(const FieldReader& from, Operation& operation) {
  operation.in_status = from.texts("in_status", 20, 60);
  if (operation.in_status.empty()) return;
  if (operation.kind != Kind::call || operation.method != "GET")
    return from.refuse("in_status", "only a call by GET can have a part in /status");
  if (std::set<std::string>(operation.in_status.begin(), operation.in_status.end()).size() < operation.in_status.size())
    return from.refuse("in_status", "names a field twice");
  if (!Schema::compile(operation.input)->check(json::object()).empty())
    from.refuse("in_status", "the host asks without any input, and this operation wants some");
}

// A schema put together of others names its fields elsewhere; closing it here would refuse them all.
bool is_put_together(const json& schema) {
  for (const char* word : {"allOf", "anyOf", "oneOf", "$ref", "if", "dependentSchemas", "dependencies"}) {
    if (schema.contains(word)) return true;
  }
  return false;
}

}  // namespace

json read_schema_field(const FieldReader& from, const char* field, bool of_object) {
  const json* found = from.find(field);
  if (!found) return nullptr;
  if (!found->is_object()) {
    from.refuse(field, "must be a JSON Schema, which is an object");
    return nullptr;
  }
  json schema = *found;
  if (of_object) {
    const auto type = schema.find("type");
    if (type == schema.end() || *type != "object")
      from.refuse(field, "must be the schema of an object: {\"type\": \"object\", …}");
    if (!schema.contains("properties")) schema["properties"] = json::object();
    if (!schema.contains("additionalProperties") && !is_put_together(schema)) schema["additionalProperties"] = false;
  }
  const auto compiled = Schema::compile(schema);
  if (!compiled)
    from.refuse(field, compiled.error().message + (compiled.error().hint.empty() ? "" : "; " + compiled.error().hint));
  return schema;
}

Operation read_operation(const FieldReader& from, const std::string& plugin) {
  from.only({"name",       "summary",  "description", "method",    "path",    "kind",   "scope",
             "concurrent", "blocking", "resumable",   "announced", "hints",   "input",  "output",
             "max_body",   "tags",     "smoke",       "in_status", "methods", "headers"});
  Operation operation;
  operation.name = from.text("name", 100);
  if (from.good()) check_name(from, operation.name, plugin);
  operation.summary = from.text("summary");
  operation.description = from.text_or_none("description", 20'000);
  operation.method = from.text("method");
  operation.path = from.text("path", 400);
  read_kind_and_scope(from, operation);
  read_http(from, operation);
  read_hints(from, operation);
  operation.tags = from.texts("tags", 20, 60);
  operation.max_body = from.size("max_body");
  if (!from.find("input")) from.refuse("input", "is missing");
  operation.input = read_schema_field(from, "input", true);
  operation.output = read_schema_field(from, "output", false);
  if (!from.good()) return operation;
  check_method(from, operation);
  check_path(from, operation);
  read_smoke(from, operation);
  read_in_status(from, operation);
  return operation;
}

std::vector<std::string> shapes_of(const Operation& operation) {
  std::string shape;
  bool inside = false;
  for (const char c : operation.path) {
    if (c == '{') inside = true;
    if (!inside || c == '{' || c == '.') shape += c;
    if (c == '}') {
      inside = false;
      shape += c;
    }
  }
  std::vector<std::string> shapes{operation.method + " " + shape};
  for (const auto& method : operation.methods) shapes.push_back(std::string(method).append(" ").append(shape));
  return shapes;
}

}  // namespace berth::loader
