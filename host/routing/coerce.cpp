// Texts to values, by the operation's input schema.
#include "routing/coerce.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "service/text.hpp"

namespace berth::routing {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

const json* property(const json& schema, const std::string& name) {
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return nullptr;
  const auto found = properties->find(name);
  return found == properties->end() ? nullptr : &*found;
}

bool allows(const json* schema, std::string_view type) {
  if (!schema || !schema->is_object()) return false;
  const auto stated = schema->find("type");
  if (stated == schema->end()) return false;
  if (stated->is_string()) return stated->get_ref<const std::string&>() == type;
  return stated->is_array() && std::find(stated->begin(), stated->end(), json(type)) != stated->end();
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

json coerce(const std::string& text, const json* schema) {
  if (allows(schema, "integer")) {
    if (const auto whole = number<std::int64_t>(text)) return *whole;
    if (const auto large = number<std::uint64_t>(text)) return *large;
  }
  if (allows(schema, "number")) {
    if (const auto real = number<double>(text)) return *real;
  }
  if (allows(schema, "boolean")) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
  }
  if (allows(schema, "object") || allows(schema, "array")) {
    auto parsed = json::parse(text, nullptr, false);
    if (parsed.is_object() || parsed.is_array()) return parsed;
  }
  return text;
}

Error twice(const std::string& name) {
  Error error{422, "invalid_input", "the field \"" + name + "\" is given twice", "give it in one place"};
  error.misfits.push_back({"/" + name, "one value", "two"});
  return error;
}

std::optional<Error> add(json& input, const std::string& name, json value, const json* schema) {
  const auto there = input.find(name);
  if (there == input.end()) {
    if (allows(schema, "array") && !value.is_array()) value = json::array({coerce(value.get<std::string>(), &(*schema)["items"])});
    input[name] = std::move(value);
    return std::nullopt;
  }
  if (!allows(schema, "array") || !there->is_array()) return twice(name);
  there->push_back(coerce(value.get<std::string>(), &(*schema)["items"]));
  return std::nullopt;
}

Result<std::string> decode(std::string_view part) {
  std::string text(part);
  std::replace(text.begin(), text.end(), '+', ' ');
  auto decoded = service::percent_decode(text);
  if (!decoded || !service::valid_utf8(*decoded)) {
    return Error{400, "bad_query", "the query has a broken percent-escape or is not UTF-8", "write % as %25 and + as %2B"};
  }
  return std::move(*decoded);
}

std::optional<Error> add_query(json& input, const json& schema, std::string_view query) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals));
    auto value = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!name) return name.error();
    if (!value) return value.error();
    const json* field = property(schema, *name);
    json fitted = allows(field, "array") ? json(*value) : coerce(*value, field);
    if (allows(field, "array") && value->starts_with('[')) fitted = coerce(*value, field);
    if (auto error = add(input, *name, std::move(fitted), field)) return error;
  }
  return std::nullopt;
}

}  // namespace

Result<json> assemble_input(const loader::Operation& operation,
                            const std::vector<std::pair<std::string, std::string>>& path_parameters, std::string_view query,
                            std::optional<json> body) {
  json input = json::object();
  if (body) {
    if (!body->is_object()) {
      Error error{422, "invalid_input", "the body must be a JSON object", "wrap the fields in { }"};
      error.misfits.push_back({"", "an object", body->type_name()});
      return error;
    }
    input = std::move(*body);
  }
  for (const auto& [name, text] : path_parameters) {
    if (input.contains(name)) return twice(name);
    input[name] = coerce(text, property(operation.input, name));
  }
  json from_query = json::object();
  if (auto error = add_query(from_query, operation.input, query)) return *error;
  for (auto& [name, value] : from_query.items()) {
    if (input.contains(name)) return twice(name);
    input[name] = std::move(value);
  }
  return input;
}

}  // namespace berth::routing
