// Reads manifests with suspicion: they come from strangers. manifest.md says what may stand in one.
#include "loader/manifest.hpp"

#include <berth/abi.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "loader/field_reader.hpp"
#include "loader/operation_reader.hpp"
#include "service/digest.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::size_t most_text = 1u << 20;
constexpr int most_depth = 64;
constexpr std::size_t most_operations = 500;
constexpr std::size_t most_others = 100;

// All of `text`, as a number of the ABI.
bool read_number(std::string_view text, unsigned& to) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), to);
  return failed == std::errc() && end == text.data() + text.size();
}

void read_abi(const FieldReader& from, Manifest& manifest) {
  const json* berth = from.find("berth");
  if (!berth) return from.refuse("berth", "is missing; is this a Berth manifest?");
  const FieldReader fields = from.within(*berth, "berth");
  fields.only({"abi"});
  const std::string abi = fields.text("abi", 20);
  const auto dot = abi.find('.');
  const bool good = dot != std::string::npos && read_number(std::string_view(abi).substr(0, dot), manifest.abi_major) &&
                    read_number(std::string_view(abi).substr(dot + 1), manifest.abi_minor);
  if (!good) return fields.refuse("abi", "must be MAJOR.MINOR, such as \"1.0\"");
  if (manifest.abi_major != BERTH_ABI_MAJOR)
    fields.refuse("abi", "is " + abi + ", and this host speaks " + std::to_string(BERTH_ABI_MAJOR) + "." +
                             std::to_string(BERTH_ABI_MINOR) + ": rebuild the plugin with this host's SDK");
}

void read_name(const FieldReader& from, Manifest& manifest) {
  manifest.name = from.text("name", 40);
  if (!is_word(manifest.name)) from.refuse("name", "must be a word of a-z 0-9 _ that begins with a letter");
  if (is_hosts_name(manifest.name)) from.refuse("name", "\"" + manifest.name + "\" is the host's own");
  manifest.version = from.text("version", 60);
  manifest.summary = from.text("summary");
}

std::string numbered(std::string_view field, std::size_t index) {
  return std::string(field) + "[" + std::to_string(index) + "]";
}

void read_operations(const FieldReader& from, Manifest& manifest) {
  std::set<std::string> names, shapes;
  bool has_part = false;
  for (const json& one : from.list("operations", most_operations)) {
    const FieldReader fields = from.within(one, numbered("operations", manifest.operations.size()));
    Operation operation = read_operation(fields, manifest.name);
    if (!fields.good()) return;
    if (!names.insert(operation.name).second) fields.refuse("name", "there is another operation of this name");
    for (auto& shape : shapes_of(operation)) {
      if (shapes.insert(std::move(shape)).second) continue;
      fields.refuse("path",
                    "there is another operation of this method and this path, but for the names of its parameters");
    }
    if (!operation.in_status.empty() && std::exchange(has_part, true))
      fields.refuse("in_status", "there is another operation that has a part in /status; one of a plugin may");
    manifest.operations.push_back(std::move(operation));
  }
}

Need read_need(const FieldReader& from) {
  from.only({"program", "file", "library", "why", "get", "optional"});
  Need need;
  int stated = 0;
  constexpr std::pair<const char*, Need::What> kinds[] = {
      {"program", Need::What::program}, {"file", Need::What::file}, {"library", Need::What::library}};
  for (const auto& [field, what] : kinds) {
    if (!from.find(field)) continue;
    need.what = what;
    need.name = from.text(field);
    ++stated;
  }
  if (stated != 1) from.refuse("", "must have exactly one of program, file and library");
  need.why = from.text("why");
  need.get = from.text("get");
  need.optional = from.flag("optional");
  return need;
}

void read_needs(const FieldReader& from, Manifest& manifest) {
  for (const json& one : from.list("needs", most_others)) {
    manifest.needs.push_back(read_need(from.within(one, numbered("needs", manifest.needs.size()))));
  }
  manifest.services = from.texts("services", most_others, 100);
}

void read_jail(const FieldReader& from, Manifest& manifest) {
  const json* given = from.find("jail");
  if (!given) return;
  const FieldReader fields = from.within(*given, "jail");
  fields.only({"memory", "nests", "allow"});
  manifest.jail = {fields.size("memory"), fields.flag("nests"), fields.texts("allow", most_others, 300)};
  for (const auto& one : manifest.jail.allow) {
    if (const auto entry = service::proxy::AllowList::parse(one); !entry)
      fields.refuse("allow", "has no names: " + entry.error().message);
  }
}

void read_process(const FieldReader& from, Manifest& manifest) {
  if (!from.find("process")) return;
  manifest.own_process = true;
  if (from.text("process") != "own") from.refuse("process", "can only be \"own\"");
}

// May lack here: the text in the code has none. The finder wants it of files.
void read_digest(const FieldReader& from, Manifest& manifest) {
  if (!from.find("sha256")) return;
  manifest.sha256 = from.text("sha256");
  if (!service::is_digest(manifest.sha256)) from.refuse("sha256", "must be 64 digits of 0-9 a-f");
}

}  // namespace

bool is_hosts_path(std::string_view segment) {
  constexpr std::string_view own[]{".well-known", "approvals", "docs",         "events",     "health",  "jobs",
                                   "livez",       "metrics",   "openapi.json", "operations", "plugins", "policies",
                                   "readyz",      "sessions",  "status",       "token",      "uploads"};
  return std::find(std::begin(own), std::end(own), segment) != std::end(own);
}

// A plugin's paths begin with its name, as a rule.
bool is_hosts_name(std::string_view name) {
  constexpr std::string_view own[]{"approval", "host", "job", "openapi", "plugin", "policy", "session"};
  return is_hosts_path(name) || std::find(std::begin(own), std::end(own), name) != std::end(own);
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (const Kind kind : {Kind::call, Kind::stream, Kind::upload, Kind::download, Kind::socket, Kind::http}) {
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
    case Kind::http: return "http";
  }
  return "call";
}

Result<Manifest> Manifest::parse(std::string_view text) {
  const auto bad = [](std::string why) {
    return Error{500, "bad_manifest", std::move(why), "the manifest is made by berth-manifest; build the plugin again"};
  };
  if (text.size() > most_text) return bad("the manifest is larger than 1 MiB");
  bool deep = false;
  const auto watch = [&deep](int depth, json::parse_event_t, json&) {
    deep = deep || depth > most_depth;
    return !deep;
  };
  const json all = json::parse(text.begin(), text.end(), watch, false);
  if (deep) return bad("the manifest is nested more than " + std::to_string(most_depth) + " levels deep");
  if (all.is_discarded() || text.find('\0') != std::string_view::npos) return bad("the manifest is not JSON");
  std::string wrong;
  const FieldReader from(all, "", wrong);
  Manifest manifest;
  from.only({"berth", "name", "version", "summary", "operations", "config", "services", "needs", "jail", "process",
             "sha256"});
  read_abi(from, manifest);
  read_name(from, manifest);
  manifest.config = read_schema_field(from, "config", true);
  if (from.good()) read_operations(from, manifest);
  read_needs(from, manifest);
  read_jail(from, manifest);
  read_process(from, manifest);
  read_digest(from, manifest);
  if (!from.good()) return bad(std::move(wrong));
  return manifest;
}

std::string text_with_digest(std::string_view in_code, std::string_view sha256) {
  std::string text(in_code);
  const auto last = text.find_last_not_of(" \t\r\n");
  if (last != std::string::npos) text.insert(last, ",\"sha256\":\"" + std::string(sha256) + "\"");
  return text;
}

}  // namespace berth::loader
