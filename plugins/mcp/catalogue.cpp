// From declarations to tools. A tag says what is none: `prompt` and `resource`.
#include "catalogue.hpp"

#include <berth/json_text.hpp>

#include <algorithm>
#include <set>

namespace mcp {

namespace {

std::string text_at(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// Models' names know no dots.
std::string tool_name(const Json& operation, const Json& input) {
  if (auto own = text_at(input, "x-name"); !own.empty()) return own;
  std::string name = text_at(operation, "name");
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

// What no client of MCP has a use for stays out of what it is shown.
Json schema_for_clients(Json schema) {
  for (const char* own : {"x-name", "x-uri", "x-media-type", "x-content", "x-events", "x-task", "x-shown"})
    schema.erase(own);
  return schema;
}

std::string description_of(const Json& operation) {
  const std::string summary = text_at(operation, "summary"), more = text_at(operation, "description");
  return more.empty() ? summary : summary + ". " + more;
}

Json annotations_of(const Json& operation) {
  const Json hints = operation.value("hints", Json::object());
  const bool read_only = hints.value("read_only", false);
  Json out{{"readOnlyHint", read_only}, {"openWorldHint", hints.value("open_world", false)}};
  if (read_only) return out;
  out["destructiveHint"] = hints.value("destructive", false);
  out["idempotentHint"] = hints.value("idempotent", false);
  return out;
}

bool is_object_schema(const Json& schema) { return schema.is_object() && schema.value("type", Json()) == "object"; }

void make_tool(Offer& offer, const Json& operation) {
  const Json shown = offer.input.value("x-shown", Json());
  offer.name = tool_name(operation, offer.input);
  offer.shown = {{"name", offer.name},
                 {"title", text_at(operation, "summary")},
                 {"description", description_of(operation)},
                 {"inputSchema", shown.is_object() ? shown : schema_for_clients(offer.input)},
                 {"annotations", annotations_of(operation)}};
  if (offer.kind == "call" && is_object_schema(offer.output) && !offer.own_content)
    offer.shown["outputSchema"] = schema_for_clients(offer.output);
}

void make_prompt(Offer& offer, const Json& operation) {
  offer.as = Offer::As::prompt;
  offer.name = tool_name(operation, offer.input);
  const Json required = offer.input.value("required", Json::array());
  const std::set<Json> needed(required.begin(), required.end());
  Json arguments = Json::array();
  const Json properties = offer.input.value("properties", Json::object());
  for (const auto& [name, schema] : properties.items()) {
    Json one{{"name", name}, {"required", needed.count(Json(name)) > 0}};
    if (auto about = text_at(schema, "description"); !about.empty()) one["description"] = about;
    arguments.push_back(std::move(one));
  }
  offer.shown = {{"name", offer.name},
                 {"title", text_at(operation, "summary")},
                 {"description", description_of(operation)},
                 {"arguments", std::move(arguments)}};
}

void make_resource(Offer& offer, const Json& operation) {
  offer.name = text_at(offer.input, "x-uri");
  const bool open = offer.name.find('{') != std::string::npos;
  offer.as = open ? Offer::As::template_ : Offer::As::resource;
  std::string shown = offer.name;
  if (const auto rest = shown.find("...}"); rest != std::string::npos) shown.erase(rest, 3);
  if (const auto rest = offer.name.rfind('{'); open && shown != offer.name) shown.insert(rest + 1, "+");
  offer.shown = {{open ? "uriTemplate" : "uri", shown},
                 {"name", text_at(operation, "name")},
                 {"title", text_at(operation, "summary")},
                 {"description", description_of(operation)}};
  if (auto type = text_at(offer.input, "x-media-type"); !type.empty()) offer.shown["mimeType"] = type;
}

bool tagged(const Json& operation, const char* tag) {
  const auto tags = operation.find("tags");
  return tags != operation.end() && std::find(tags->begin(), tags->end(), Json(tag)) != tags->end();
}

// An upload's body and a socket's other end are what only a client of the host has; of kind http are such as this one.
bool may_be_called(const std::string& kind) { return kind == "call" || kind == "stream" || kind == "download"; }

}  // namespace

Scope scope_of(std::string_view name) {
  return name == "admin" ? Scope::admin : name == "run" ? Scope::run : Scope::read;
}

bool may_see(const Offer& offer, const Viewer& viewer) {
  return offer.scope <= viewer.scope &&
         std::find(offer.denied.begin(), offer.denied.end(), viewer.caller) == offer.denied.end();
}

Catalogue::Catalogue(const Json& operations) {
  for (const Json& one : operations) {
    Offer offer;
    offer.operation = text_at(one, "name");
    offer.plugin = text_at(one, "plugin");
    offer.kind = text_at(one, "kind");
    const std::string scope = text_at(one, "scope");
    if (!may_be_called(offer.kind) || scope == "open") continue;
    offer.scope = scope_of(scope);
    offer.denied = one.value("denied", std::vector<std::string>());
    offer.input = one.value("input", Json::object());
    offer.output = one.value("output", Json());
    offer.read_only = part(part(one, "hints"), "read_only") == true;
    offer.as_task = part(offer.output, "x-task") == true;
    offer.own_content = part(offer.output, "x-content") == true;
    offer.own_events = part(offer.output, "x-events") == true;
    if (tagged(one, "prompt"))
      make_prompt(offer, one);
    else if (tagged(one, "resource"))
      make_resource(offer, one);
    else
      make_tool(offer, one);
    add(std::move(offer));
  }
  for (std::size_t i = 0; i < m_offers.size(); ++i) m_places.emplace(m_offers[i].operation, i);
  add_familiar();
  add_sources();
}

void Catalogue::add(Offer offer) {
  offer.text = offer.less = berth::json_text(offer.shown);
  if (offer.shown.contains("outputSchema")) {
    Json less = offer.shown;
    less.erase("outputSchema");
    offer.less = berth::json_text(less);
  }
  const std::string name = (offer.familiar ? std::string(offer.familiar->group) + "/" : "") + offer.name;
  m_by_name.emplace(std::pair(static_cast<int>(offer.as), name), m_offers.size());
  m_offers.push_back(std::move(offer));
}

// Of what is there: each is an operation under another name.
void Catalogue::add_familiar() {
  for (const auto& one : familiar_tools()) {
    const auto at = m_places.find(one.operation);
    if (at == m_places.end()) continue;
    Offer offer = m_offers[at->second];
    offer.as = Offer::As::tool;
    offer.own_content = offer.own_events = false;
    offer.familiar = &one;
    offer.name = one.name;
    offer.shown = {{"name", one.name},
                   {"title", one.title},
                   {"description", one.about},
                   {"inputSchema", one.input},
                   {"annotations", one.hints}};
    if (one.says_content)
      offer.shown["outputSchema"] = {
          {"type", "object"}, {"properties", {{"content", {{"type", "string"}}}}}, {"required", {"content"}}};
    add(std::move(offer));
  }
}

void Catalogue::add_sources() {
  for (const auto& one : sources()) {
    const auto at = m_places.find(one.operation);
    if (at == m_places.end()) continue;
    Offer offer = m_offers[at->second];
    offer.own_content = offer.own_events = false;
    offer.source = &one;
    offer.input = {{"x-uri", one.uri}};
    if (one.type) offer.input["x-media-type"] = one.type;
    make_resource(offer, {{"name", one.name}, {"summary", one.title}, {"description", one.about}});
    add(std::move(offer));
  }
}

const Offer* Catalogue::operation(const std::string& name) const {
  const auto at = m_places.find(name);
  return at == m_places.end() ? nullptr : &m_offers[at->second];
}

const Offer* Catalogue::find_familiar(const std::string& group, const std::string& name, const Viewer& viewer) const {
  return find(Offer::As::tool, group + "/" + name, viewer);
}

const Offer* Catalogue::find(Offer::As as, const std::string& name, const Viewer& viewer) const {
  const auto at = m_by_name.find({static_cast<int>(as), name});
  return at != m_by_name.end() && may_see(m_offers[at->second], viewer) ? &m_offers[at->second] : nullptr;
}

std::optional<std::pair<const Offer*, Json>> Catalogue::resource(const std::string& uri, const Viewer& viewer) const {
  if (const Offer* exact = find(Offer::As::resource, uri, viewer)) return std::pair(exact, Json::object());
  for (const auto& offer : m_offers) {
    if (offer.as != Offer::As::template_ || !may_see(offer, viewer)) continue;
    if (auto fields = fit(offer.name, uri)) return std::pair(&offer, std::move(*fields));
  }
  return std::nullopt;
}

bool Catalogue::same(Offer::As as, const Catalogue& other) const {
  const auto texts = [as](const Catalogue& of) {
    std::vector<std::string_view> all;
    for (const auto& offer : of.m_offers)
      if (offer.as == as) all.push_back(offer.text);
    return all;
  };
  return texts(*this) == texts(other);
}

std::optional<Json> fit(std::string_view pattern, std::string_view uri) {
  Json fields = Json::object();
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto plain = pattern.substr(0, open);
    if (uri.substr(0, plain.size()) != plain) return std::nullopt;
    uri.remove_prefix(plain.size());
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    std::string_view name = pattern.substr(open + 1, close - open - 1);
    pattern.remove_prefix(close + 1);
    const bool rest = name.size() > 3 && name.substr(name.size() - 3) == "...";
    if (rest) name.remove_suffix(3);
    const auto end = rest ? uri.size() : std::min(uri.find(pattern.empty() ? '/' : pattern.front()), uri.size());
    if (end == 0) return std::nullopt;
    fields[std::string(name)] = std::string(uri.substr(0, end));
    uri.remove_prefix(end);
  }
  if (!uri.empty()) return std::nullopt;
  return fields;
}

}  // namespace mcp
