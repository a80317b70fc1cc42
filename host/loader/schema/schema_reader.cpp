// Reads a JSON Schema of draft 7 or 2020-12 and refuses, with the place and the reason, whatever would be silently
// ignored, fetched from elsewhere, or dangerous to check.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "loader/schema/keyword_reader.hpp"
#include "loader/schema/schema_plan.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr unsigned most_levels = 64;

bool deeper_than(const json& value, unsigned levels) {
  if (!value.is_structured() || value.empty()) return false;
  if (levels == 0) return true;
  return std::any_of(value.begin(), value.end(), [&](const json& inner) { return deeper_than(inner, levels - 1); });
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

class SchemaReader {
 public:
  explicit SchemaReader(const json& source) : m_source(source) {}

  Result<SchemaPlan> run() {
    if (!m_source.is_object())
      refuse("", "a schema is an object");
    else if (deeper_than(m_source, most_levels))
      refuse("", "it is nested more than " + std::to_string(most_levels) + " levels deep");
    if (!m_wrong) m_plan.document = node(m_source, "");
    if (!m_wrong) definitions();
    for (const auto& [target, place] : m_refs) check_ref(target, place);
    if (m_wrong) return *m_wrong;
    if (const auto why = endless(m_plan)) {
      refuse("", *why);
      return *m_wrong;
    }
    return std::move(m_plan);
  }

 private:
  // One node that is being read: what becomes of it.
  struct Node {
    const json& from;
    std::string place;
    json to = json::object();
    Keywords own = {};
    std::string at(std::string_view word) const { return place + "/" + escaped(word); }
  };
  using Handler = void (SchemaReader::*)(Node&, const std::string& word, const json& value);

  void refuse(const std::string& place, std::string why, std::string hint = {}) {
    if (m_wrong) return;
    m_wrong = Error{500, "bad_schema",
                    "the schema is not usable: " + (place.empty() ? "" : "at " + place + ": ") + std::move(why),
                    std::move(hint)};
  }

  json node(const json& from, const std::string& place) {
    Node one{from, place};
    if (from.is_boolean()) {
      one.own.never = !from.get<bool>();
      return finished(one);
    }
    if (!from.is_object()) {
      refuse(place, "a schema is an object, true or false");
      return {};
    }
    for (const auto& [word, value] : from.items()) {
      if (m_wrong) return {};
      keyword(one, word, value);
    }
    return finished(one);
  }

  json finished(Node& one) {
    if (!one.own.idle()) {
      one.to[keywords_member] = m_plan.keywords.size();
      m_plan.keywords.push_back(std::move(one.own));
    }
    const auto ref = one.to.find("$ref");
    if (ref == one.to.end() || one.to.size() == 1) return std::move(one.to);
    one.to["allOf"].push_back({{"$ref", *ref}});  // valijson reads nothing beside a $ref
    one.to.erase("$ref");
    return std::move(one.to);
  }

  void keyword(Node& one, const std::string& word, const json& value) {
    static const std::set<std::string, std::less<>> remarks{
        "title",    "description", "default",         "examples",         "deprecated", "readOnly",   "writeOnly",
        "$comment", "$id",         "contentEncoding", "contentMediaType", "$defs",      "definitions"};
    const auto handler = handlers().find(word);
    if (handler != handlers().end()) return (this->*handler->second)(one, word, value);
    if (is_value_keyword(word)) {
      if (auto why = read_keyword(one.own, word, value)) refuse(one.at(word), std::move(*why));
      return;
    }
    if (remarks.contains(word) || word.starts_with("x-")) return;
    std::vector<std::string> known = value_keywords();
    known.insert(known.end(), remarks.begin(), remarks.end());
    for (const auto& [name, unused] : handlers()) known.push_back(name);
    const auto near = service::near_names(word, known, 1);
    refuse(one.at(word), "this keyword is not supported", near.empty() ? "" : "did you mean " + near.front() + "?");
  }

  static const std::map<std::string, Handler, std::less<>>& handlers() {
    static const std::map<std::string, Handler, std::less<>> all{{"$schema", &SchemaReader::draft},
                                                                 {"$ref", &SchemaReader::ref},
                                                                 {"required", &SchemaReader::required},
                                                                 {"properties", &SchemaReader::properties},
                                                                 {"additionalProperties", &SchemaReader::rest},
                                                                 {"items", &SchemaReader::items},
                                                                 {"prefixItems", &SchemaReader::items},
                                                                 {"additionalItems", &SchemaReader::items},
                                                                 {"allOf", &SchemaReader::list},
                                                                 {"anyOf", &SchemaReader::list},
                                                                 {"oneOf", &SchemaReader::list},
                                                                 {"not", &SchemaReader::inner},
                                                                 {"if", &SchemaReader::inner},
                                                                 {"then", &SchemaReader::inner},
                                                                 {"else", &SchemaReader::inner},
                                                                 {"contains", &SchemaReader::inner},
                                                                 {"propertyNames", &SchemaReader::inner},
                                                                 {"dependencies", &SchemaReader::dependencies},
                                                                 {"dependentRequired", &SchemaReader::dependencies},
                                                                 {"dependentSchemas", &SchemaReader::dependencies}};
    return all;
  }

  void draft(Node& one, const std::string& word, const json& value) {
    const std::string name = value.is_string() ? value.get<std::string>() : value.dump();
    for (const char* known : {"draft-07", "2019-09", "2020-12"}) {
      if (name.find(known) != std::string::npos) return;
    }
    refuse(one.at(word), "this draft is not known", "use https://json-schema.org/draft/2020-12/schema");
  }

  void ref(Node& one, const std::string& word, const json& value) {
    if (!value.is_string()) return refuse(one.at(word), "a reference is a text");
    std::string target = value.get<std::string>();
    for (const char* before : {"#/definitions/", "#/$defs/"}) {
      if (target.starts_with(before)) target = "#/$defs/" + target.substr(std::string_view(before).size());
    }
    one.to["$ref"] = target;
    m_refs.emplace(std::move(target), one.at(word));
  }

  void check_ref(const std::string& target, const std::string& place) {
    constexpr std::string_view before = "#/$defs/";
    if (target == "#") return;
    const bool local = target.starts_with(before);
    if (!local)
      return refuse(place, "only \"#\" and \"#/$defs/NAME\" can be referred to; nothing is fetched from elsewhere");
    if (!m_wrong && !m_plan.document["$defs"].contains(target.substr(before.size()))) {
      refuse(place, "there is no definition " + service::json_quote(target.substr(before.size())));
    }
  }

  void definitions() {
    json all = json::object();
    for (const char* word : {"definitions", "$defs"}) {
      if (!m_source.contains(word)) continue;
      if (!m_source[word].is_object()) return refuse(std::string("/") + word, "definitions are an object of schemas");
      for (const auto& [name, schema] : m_source[word].items()) {
        const bool plain =
            !name.empty() && name.find_first_of("/~%#\"") == std::string::npos && name.find('\0') == std::string::npos;
        const std::string place = std::string("/") + word + "/" + escaped(name);
        if (!plain) return refuse(place, "a definition's name is without / ~ % # and quotes");
        all[name] = node(schema, place);
      }
    }
    m_plan.document["$defs"] = std::move(all);
  }

  // Names go to valijson as C strings.
  bool plain(const std::string& name, const std::string& place) {
    if (name.find('\0') == std::string::npos) return true;
    refuse(place, "a field's name cannot hold a NUL");
    return false;
  }

  json names(const json& value, const std::string& place) {
    json all = json::array();
    if (!value.is_array()) refuse(place, "this is a list of names");
    for (const auto& name : value) {
      if (!name.is_string())
        refuse(place, "this is a list of names");
      else if (plain(name.get_ref<const std::string&>(), place) && std::find(all.begin(), all.end(), name) == all.end())
        all.push_back(name);
    }
    return all;
  }

  void required(Node& one, const std::string& word, const json& value) {
    json all = names(value, one.at(word));
    if (!all.empty()) one.to["required"] = std::move(all);
  }

  void properties(Node& one, const std::string& word, const json& value) {
    if (!value.is_object()) return refuse(one.at(word), "this is an object of schemas");
    json all = json::object();
    for (const auto& [name, schema] : value.items()) {
      const std::string place = one.at(word) + "/" + escaped(name);
      if (!plain(name, place)) return;
      all[name] = node(schema, place);
    }
    one.to["properties"] = std::move(all);
  }

  void rest(Node& one, const std::string& word, const json& value) {
    one.to[word] = value.is_boolean() && !value.get<bool>() ? value : node(value, one.at(word));
  }

  json nodes(const json& value, const std::string& place) {
    if (!value.is_array() || value.empty()) refuse(place, "this is a list of at least one schema");
    json all = json::array();
    for (std::size_t i = 0; !m_wrong && i < value.size(); ++i)
      all.push_back(node(value[i], place + "/" + std::to_string(i)));
    return all;
  }

  void list(Node& one, const std::string& word, const json& value) {
    json all = nodes(value, one.at(word));
    json& to = one.to[word];
    for (auto& schema : all) to.push_back(std::move(schema));
  }

  void inner(Node& one, const std::string& word, const json& value) {
    if ((word == "then" || word == "else") && !one.from.contains("if")) return;
    one.to[word] = node(value, one.at(word));
  }

  // Draft 2020-12 says prefixItems and items where draft 7, and valijson, say items and additionalItems.
  void items(Node& one, const std::string& word, const json& value) {
    const bool modern = one.from.contains("prefixItems");
    const bool listed = modern || (one.from.contains("items") && one.from["items"].is_array());
    if (!listed) {
      if (word == "items") one.to["items"] = node(value, one.at(word));
      return;
    }
    const bool first = word == (modern ? "prefixItems" : "items");
    if (first) {
      one.to["items"] = nodes(value, one.at(word));
      if (!one.to.contains("additionalItems")) one.to["additionalItems"] = json::object();
    } else if (word == (modern ? "items" : "additionalItems")) {
      one.to["additionalItems"] = value.is_boolean() && !value.get<bool>() ? value : node(value, one.at(word));
    }
  }

  void dependencies(Node& one, const std::string& word, const json& value) {
    if (!value.is_object()) return refuse(one.at(word), "this is an object");
    for (const auto& [name, needs] : value.items()) {
      const std::string place = one.at(word) + "/" + escaped(name);
      if (!plain(name, place)) return;
      json& all = one.to["dependencies"];
      if (all.contains(name)) return refuse(place, "two dependencies of one field cannot stand side by side");
      all[name] = needs.is_array() ? names(needs, place) : node(needs, place);
    }
  }

  const json& m_source;
  SchemaPlan m_plan;
  std::map<std::string, std::string> m_refs;  // target → who refers to it
  std::optional<Error> m_wrong;
};

}  // namespace

Result<SchemaPlan> read_schema(const json& source) { return SchemaReader(source).run(); }

}  // namespace berth::loader
