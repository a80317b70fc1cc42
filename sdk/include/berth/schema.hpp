// JSON Schema in few words: berth::object({berth::field("zone", berth::string().describe("…")), …}).
#ifndef BERTH_SCHEMA_HPP
#define BERTH_SCHEMA_HPP

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace berth {

using Json = nlohmann::json;

// A schema under construction; every word adds one keyword.
class Schema {
 public:
  explicit Schema(Json json = Json::object()) : m_json(std::move(json)) {}

  Schema& describe(std::string text) { return set("description", std::move(text)); }
  Schema& minimum(Json value) { return set("minimum", std::move(value)); }
  Schema& maximum(Json value) { return set("maximum", std::move(value)); }
  Schema& min_length(unsigned long value) { return set("minLength", value); }
  Schema& max_length(unsigned long value) { return set("maxLength", value); }
  Schema& min_items(unsigned long value) { return set("minItems", value); }
  Schema& max_items(unsigned long value) { return set("maxItems", value); }
  Schema& pattern(std::string regex) { return set("pattern", std::move(regex)); }
  Schema& one_of(std::initializer_list<Json> values) { return set("enum", Json(std::vector<Json>(values))); }
  Schema& example(Json value) { return set("examples", Json::array({std::move(value)})); }
  // What is used if the field is not given. The schema tells; the handler still has to: input.value("zone", "UTC").
  Schema& otherwise(Json value) { return set("default", std::move(value)); }
  Schema& set(const char* keyword, Json value) {
    m_json[keyword] = std::move(value);
    return *this;
  }

  const Json& json() const { return m_json; }
  operator Json() const { return m_json; }

 private:
  Json m_json;
};

inline Schema string() { return Schema(Json{{"type", "string"}}); }
inline Schema integer() { return Schema(Json{{"type", "integer"}}); }
inline Schema number() { return Schema(Json{{"type", "number"}}); }
inline Schema boolean() { return Schema(Json{{"type", "boolean"}}); }
inline Schema anything() { return Schema(Json::object()); }
inline Schema array(const Schema& items) { return Schema(Json{{"type", "array"}, {"items", items.json()}}); }

struct Field {
  std::string name;
  Schema schema;
  bool required;
};
inline Field field(std::string name, Schema schema) { return {std::move(name), std::move(schema), true}; }
inline Field optional(std::string name, Schema schema) { return {std::move(name), std::move(schema), false}; }

// An object with these fields and no others.
inline Schema object(std::initializer_list<Field> fields = {}) {
  Json properties = Json::object(), required = Json::array();
  for (const Field& one : fields) {
    properties[one.name] = one.schema.json();
    if (one.required) required.push_back(one.name);
  }
  Json json{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) json["required"] = std::move(required);
  return Schema(std::move(json));
}

}  // namespace berth

#endif
