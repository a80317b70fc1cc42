// Reads manifests with suspicion: they come from strangers.
#include "loader/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "loader/schema.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;
using service::Result;
using session::Scope;

namespace {

constexpr std::size_t most_text = 1u << 20;
constexpr unsigned most_depth = 64;
constexpr std::size_t most_operations = 500;

// Thrown inside this file only, where a check fails deep in the structure; Manifest::parse turns it into its Error.
struct Bad {
  std::string why;
};

[[noreturn]] void refuse(const std::string& where, const std::string& why) { throw Bad{where + ": " + why}; }

using Names = std::vector<std::string>;

void check_keys(const json& object, const std::string& where, const Names& known) {
  if (!object.is_object()) refuse(where, "must be an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = service::near_names(key, known);
    refuse(where, "unknown key \"" + key.substr(0, 60) + "\"" + (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"));
  }
}

std::string text(const json& object, const std::string& where, const char* key, bool needed = true, std::size_t most = 200) {
  const auto found = object.find(key);
  if (found == object.end()) {
    if (needed) refuse(where + "." + key, "is missing");
    return {};
  }
  if (!found->is_string()) refuse(where + "." + key, "must be a string");
  const auto& value = found->get_ref<const std::string&>();
  if (value.size() > most) refuse(where + "." + key, "is longer than " + std::to_string(most) + " bytes");
  if (needed && value.empty()) refuse(where + "." + key, "is empty");
  return value;
}

bool flag(const json& object, const std::string& where, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return false;
  if (!found->is_boolean()) refuse(where + "." + key, "must be true or false");
  return found->get<bool>();
}

bool is_word(std::string_view word) {
  return !word.empty() && word.front() >= 'a' && word.front() <= 'z' &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

void check_name(const std::string& name, const std::string& plugin, const std::string& where) {
  std::string_view rest = name;
  std::size_t words = 0;
  while (true) {
    const auto dot = rest.find('.');
    if (!is_word(rest.substr(0, dot))) refuse(where, "\"" + name.substr(0, 80) + "\" is not words of a-z 0-9 _ joined by dots");
    if (words++ == 0 && rest.substr(0, dot) != plugin) refuse(where, "must begin with the plugin's name, \"" + plugin + ".\"");
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (words < 2) refuse(where, "must be the plugin's name, a dot, and a word");
}

bool unreserved(std::string_view segment) {
  return !segment.empty() && std::all_of(segment.begin(), segment.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '~' || c == '.';
  });
}

void check_path(const Operation& operation, const std::string& where) {
  static const Names taken{"sessions", "uploads", "servers", "livez", "readyz", "health", "docs", "openapi.json", "metrics", "status", "operations", "plugins"};
  std::string_view rest = operation.path;
  if (!rest.starts_with('/') || rest.size() < 2) refuse(where, "must begin with / and name something");
  std::set<std::string, std::less<>> seen;
  for (bool first = true; !rest.empty(); first = false) {
    rest.remove_prefix(1);
    std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    if (first && std::find(taken.begin(), taken.end(), segment) != taken.end()) refuse(where, "/" + std::string(segment) + " belongs to the host");
    if (!segment.starts_with('{')) {
      if (!unreserved(segment) || segment == "." || segment == "..") refuse(where, "has a segment that is not letters, digits, - _ ~ .");
      continue;
    }
    if (!segment.ends_with('}')) refuse(where, "a parameter is a whole segment: {name}");
    segment = segment.substr(1, segment.size() - 2);
    if (segment.ends_with("...")) {
      if (!rest.empty()) refuse(where, "{name...} takes the rest of a path and must come last");
      segment.remove_suffix(3);
    }
    if (!is_word(segment)) refuse(where, "a parameter's name is a word of a-z 0-9 _");
    if (!seen.insert(std::string(segment)).second) refuse(where, "has two parameters of one name");
    if (!operation.input["properties"].contains(segment)) refuse(where, "{" + std::string(segment) + "} is not a field of the input");
  }
}

void check_method(const Operation& operation, const std::string& where) {
  static const Names methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (std::find(methods.begin(), methods.end(), operation.method) == methods.end()) refuse(where, "must be GET, POST, PUT, PATCH or DELETE");
  const bool get = operation.method == "GET", post = operation.method == "POST";
  if (operation.kind == Kind::socket && !get) refuse(where, "a socket is opened with GET");
  if (operation.kind == Kind::upload && !post && operation.method != "PUT") refuse(where, "an upload is a POST or a PUT");
  if ((operation.kind == Kind::stream || operation.kind == Kind::download) && !get && !post) refuse(where, "a stream or a download is a GET or a POST");
}

json schema(const json& object, const std::string& where, const char* key, bool of_object) {
  const auto found = object.find(key);
  if (found == object.end()) return nullptr;
  const std::string place = where + "." + key;
  if (!found->is_object()) refuse(place, "must be a JSON Schema");
  if (of_object && found->value("type", json()) != "object") refuse(place, "must be a schema of an object");
  json closed = *found;
  if (of_object) {
    if (!closed.contains("properties")) closed["properties"] = json::object();
    if (!closed["properties"].is_object()) refuse(place + ".properties", "must be an object");
    if (!closed.contains("additionalProperties")) closed["additionalProperties"] = false;  // a misspelt field must not pass in silence
  }
  const auto compiled = Schema::compile(closed);
  if (!compiled) refuse(place, compiled.error().message);
  return closed;
}

void read_hints(const json& object, const std::string& where, Operation& operation) {
  const auto hints = object.find("hints");
  if (hints == object.end()) return;
  const std::string place = where + ".hints";
  check_keys(*hints, place, {"read_only", "destructive", "idempotent", "open_world"});
  operation.read_only = flag(*hints, place, "read_only");
  operation.destructive = flag(*hints, place, "destructive");
  operation.idempotent = flag(*hints, place, "idempotent");
  operation.open_world = flag(*hints, place, "open_world");
}

void read_tags(const json& object, const std::string& where, Operation& operation) {
  const auto tags = object.find("tags");
  if (tags == object.end()) return;
  if (!tags->is_array() || tags->size() > 20) refuse(where + ".tags", "must be a list of at most 20 words");
  for (const auto& tag : *tags) {
    if (!tag.is_string() || tag.get_ref<const std::string&>().size() > 60) refuse(where + ".tags", "must be a list of short strings");
    operation.tags.push_back(tag);
  }
}

Operation read_operation(const json& object, const std::string& where, const std::string& plugin) {
  check_keys(object, where, {"name", "summary", "description", "method", "path", "kind", "scope", "concurrent", "blocking", "resumable",
                             "hints", "input", "output", "max_body", "tags"});
  Operation operation;
  operation.name = text(object, where, "name", true, 100);
  check_name(operation.name, plugin, where + ".name");
  operation.summary = text(object, where, "summary");
  operation.description = text(object, where, "description", false, 20'000);
  operation.method = text(object, where, "method");
  operation.path = text(object, where, "path");
  const auto kind = parse_kind(text(object, where, "kind"));
  if (!kind) refuse(where + ".kind", "must be call, stream, upload, download or socket");
  operation.kind = *kind;
  const auto scope = session::parse_scope(text(object, where, "scope"));
  if (!scope) refuse(where + ".scope", "must be read, run or admin");
  operation.scope = *scope;
  operation.concurrent = flag(object, where, "concurrent");
  operation.blocking = flag(object, where, "blocking");
  operation.resumable = flag(object, where, "resumable");
  if (operation.resumable && operation.kind != Kind::stream) refuse(where + ".resumable", "only a stream can be resumed");
  read_hints(object, where, operation);
  read_tags(object, where, operation);
  operation.input = schema(object, where, "input", true);
  if (operation.input.is_null()) refuse(where + ".input", "is missing");
  operation.output = schema(object, where, "output", false);
  if (object.contains("max_body")) {
    if (!object["max_body"].is_number_unsigned()) refuse(where + ".max_body", "must be a number of bytes");
    operation.max_body = object["max_body"];
  }
  check_method(operation, where + ".method");
  check_path(operation, where + ".path");
  return operation;
}

Need read_need(const json& object, const std::string& where) {
  check_keys(object, where, {"program", "file", "library", "why", "get", "optional"});
  Need need;
  std::size_t stated = 0;
  for (const auto& [key, what] : {std::pair{"program", Need::What::program}, {"file", Need::What::file}, {"library", Need::What::library}}) {
    if (!object.contains(key)) continue;
    need.what = what;
    need.name = text(object, where, key);
    ++stated;
  }
  if (stated != 1) refuse(where, "must state one of program, file and library");
  need.why = text(object, where, "why");
  need.get = text(object, where, "get");
  need.optional = flag(object, where, "optional");
  return need;
}

void read_abi(const json& all, Manifest& manifest) {
  const auto berth = all.find("berth");
  if (berth == all.end()) refuse("berth", "is missing; is this a Berth manifest?");
  check_keys(*berth, "berth", {"abi"});
  const std::string abi = text(*berth, "berth", "abi", true, 20);
  const auto dot = abi.find('.');
  const char* end = abi.data() + abi.size();
  if (dot == std::string::npos) refuse("berth.abi", "must be MAJOR.MINOR");
  const auto [major_end, major_bad] = std::from_chars(abi.data(), abi.data() + dot, manifest.abi_major);
  const auto [minor_end, minor_bad] = std::from_chars(abi.data() + dot + 1, end, manifest.abi_minor);
  if (major_bad != std::errc() || minor_bad != std::errc() || major_end != abi.data() + dot || minor_end != end) refuse("berth.abi", "must be MAJOR.MINOR");
}

void read_lists(const json& all, Manifest& manifest) {
  const auto list = [&](const char* key, std::size_t most) {
    const auto found = all.find(key);
    if (found == all.end()) return json::array();
    if (!found->is_array() || found->size() > most) refuse(key, "must be a list of at most " + std::to_string(most));
    return *found;
  };
  std::set<std::string> names, routes;
  std::size_t at = 0;
  for (const auto& one : list("operations", most_operations)) {
    const std::string where = "operations[" + std::to_string(at++) + "]";
    auto operation = read_operation(one, where, manifest.name);
    if (!names.insert(operation.name).second) refuse(where + ".name", "there is another operation of this name");
    if (!routes.insert(operation.method + " " + operation.path).second) refuse(where + ".path", "there is another operation of this method and path");
    manifest.operations.push_back(std::move(operation));
  }
  at = 0;
  for (const auto& one : list("needs", 100)) manifest.needs.push_back(read_need(one, "needs[" + std::to_string(at++) + "]"));
  for (const auto& one : list("services", 100)) {
    if (!one.is_string() || one.get_ref<const std::string&>().size() > 100) refuse("services", "must be a list of service ids");
    manifest.services.push_back(one);
  }
}

Manifest read(const json& all) {
  check_keys(all, "the manifest", {"berth", "name", "version", "summary", "operations", "config", "services", "needs"});
  Manifest manifest;
  read_abi(all, manifest);
  manifest.name = text(all, "the manifest", "name", true, 40);
  if (!is_word(manifest.name)) refuse("name", "must be a word of a-z 0-9 _");
  if (manifest.name == "host") refuse("name", "\"host\" is the host's own");
  manifest.version = text(all, "the manifest", "version", true, 60);
  manifest.summary = text(all, "the manifest", "summary");
  manifest.config = schema(all, "the manifest", "config", true);
  read_lists(all, manifest);
  return manifest;
}

}  // namespace

std::optional<Kind> parse_kind(std::string_view text) {
  for (const Kind kind : {Kind::call, Kind::stream, Kind::upload, Kind::download, Kind::socket}) {
    if (name_of(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::call: return "call";
    case Kind::stream: return "stream";
    case Kind::upload: return "upload";
    case Kind::download: return "download";
    case Kind::socket: return "socket";
  }
  return "call";
}

Result<Manifest> Manifest::parse(std::string_view text) {
  const auto bad = [](std::string why) {
    return Error{500, "bad_manifest", std::move(why), "the manifest is made by berth-manifest; build the plugin again"};
  };
  if (text.size() > most_text) return bad("the manifest is larger than 1 MiB");
  bool deep = false;
  const auto limit = [&deep](int depth, json::parse_event_t, json&) {
    deep = deep || depth > static_cast<int>(most_depth);
    return !deep;
  };
  const json all = json::parse(text.begin(), text.end(), limit, false);
  if (deep) return bad("the manifest is nested too deeply");
  if (all.is_discarded()) return bad("the manifest is not JSON");
  try {
    return read(all);
  } catch (const Bad& error) {
    return bad(error.why);
  }
}

}  // namespace berth::loader
