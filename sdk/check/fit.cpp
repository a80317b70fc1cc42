// One keyword after the other; the first that speaks against the value is told.
#include "fit.hpp"

#include <cmath>
#include <regex>

namespace berth::check {

using nlohmann::json;

namespace {

using Misfit = std::optional<std::string>;

Misfit at(const std::string& place, const std::string& expected) {
  return (place.empty() ? "it" : place) + " should be " + expected;
}

bool is_of(const json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return type != "null" || value.is_null();
}

Misfit type_misfit(const json& value, const json& schema, const std::string& place) {
  const auto type = schema.find("type");
  if (type == schema.end()) return std::nullopt;
  if (type->is_string()) return is_of(value, *type) ? Misfit() : at(place, "of type " + type->get<std::string>());
  for (const auto& one : *type)
    if (one.is_string() && is_of(value, one)) return std::nullopt;
  return at(place, "of one of the types " + type->dump());
}

Misfit number_misfit(const json& value, const json& schema, const std::string& place) {
  const auto number = value.get<double>();
  const auto bound = [&](const char* key, auto fits) {
    const auto limit = schema.find(key);
    return limit == schema.end() || !limit->is_number() || fits(limit->get<double>());
  };
  if (!bound("minimum", [&](double least) { return number >= least; }))
    return at(place, "at least " + schema["minimum"].dump());
  if (!bound("maximum", [&](double most) { return number <= most; }))
    return at(place, "at most " + schema["maximum"].dump());
  if (!bound("exclusiveMinimum", [&](double least) { return number > least; }))
    return at(place, "more than " + schema["exclusiveMinimum"].dump());
  if (!bound("exclusiveMaximum", [&](double most) { return number < most; }))
    return at(place, "less than " + schema["exclusiveMaximum"].dump());
  if (!bound("multipleOf", [&](double step) { return step == 0 || std::remainder(number, step) == 0; }))
    return at(place, "a multiple of " + schema["multipleOf"].dump());
  return std::nullopt;
}

Misfit string_misfit(const std::string& text, const json& schema, const std::string& place) {
  const std::size_t size = characters(text);
  if (size < schema.value("minLength", std::size_t{0}))
    return at(place, "at least " + schema["minLength"].dump() + " characters");
  if (size > schema.value("maxLength", std::size_t{SIZE_MAX}))
    return at(place, "at most " + schema["maxLength"].dump() + " characters");
  const std::string pattern = schema.value("pattern", "");
  return pattern.empty() || matches(text, pattern) ? Misfit() : at(place, "text that matches " + pattern);
}

Misfit misfit_at(const json& value, const json& schema, const std::string& place);

Misfit array_misfit(const json& value, const json& schema, const std::string& place) {
  if (value.size() < schema.value("minItems", std::size_t{0}))
    return at(place, "at least " + schema["minItems"].dump() + " items");
  if (value.size() > schema.value("maxItems", std::size_t{SIZE_MAX}))
    return at(place, "at most " + schema["maxItems"].dump() + " items");
  const auto items = schema.find("items");
  if (items == schema.end()) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (auto wrong = misfit_at(value[i], *items, place + "/" + std::to_string(i))) return wrong;
  return std::nullopt;
}

Misfit object_misfit(const json& value, const json& schema, const std::string& place) {
  for (const auto& name : schema.value("required", json::array()))
    if (name.is_string() && !value.contains(name.get<std::string>()))
      return at(place + "/" + name.get<std::string>(), "there");
  const json fields = schema.value("properties", json::object());
  const json others = schema.value("additionalProperties", json(true));
  for (const auto& [name, field] : value.items()) {
    const auto known = fields.find(name);
    if (known == fields.end() && others == json(false)) return at(place + "/" + name, "absent");
    if (auto wrong = misfit_at(field, known == fields.end() ? others : *known, place + "/" + name)) return wrong;
  }
  return std::nullopt;
}

Misfit choice_misfit(const json& value, const json& schema, const std::string& place) {
  const auto choices = schema.find("enum");
  if (choices != schema.end() && choices->is_array()) {
    bool found = false;
    for (const auto& one : *choices) found = found || one == value;
    if (!found) return at(place, "one of " + choices->dump());
  }
  if (schema.contains("const") && schema["const"] != value) return at(place, schema["const"].dump());
  for (const auto& one : schema.value("allOf", json::array()))
    if (auto wrong = misfit_at(value, one, place)) return wrong;
  for (const char* key : {"anyOf", "oneOf"}) {
    const json ways = schema.value(key, json::array());
    bool fits = ways.empty();
    for (const auto& one : ways) fits = fits || !misfit_at(value, one, place);
    if (!fits) return at(place, std::string("one of the forms of ") + key);
  }
  return std::nullopt;
}

Misfit misfit_at(const json& value, const json& schema, const std::string& place) {
  if (schema == json(false)) return at(place, "absent");
  if (!schema.is_object()) return std::nullopt;
  if (auto wrong = type_misfit(value, schema, place)) return wrong;
  if (auto wrong = choice_misfit(value, schema, place)) return wrong;
  if (value.is_number()) return number_misfit(value, schema, place);
  if (value.is_string()) return string_misfit(value.get_ref<const std::string&>(), schema, place);
  if (value.is_array()) return array_misfit(value, schema, place);
  return value.is_object() ? object_misfit(value, schema, place) : Misfit();
}

}  // namespace

std::optional<std::string> misfit(const json& value, const json& schema) { return misfit_at(value, schema, {}); }

// std::regex recurses for each character: a long text is not judged.
bool matches(const std::string& text, const std::string& pattern) {
  try {
    const std::regex regex(pattern, std::regex::ECMAScript);
    return text.size() > 2000 || std::regex_search(text, regex);
  } catch (const std::regex_error&) {
    return true;
  }
}

std::size_t characters(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  return count;
}

}  // namespace berth::check
