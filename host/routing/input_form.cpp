// Texts to values, by the operation's input schema.
#include "routing/input_form.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "routing/json_input.hpp"
#include "service/text.hpp"

namespace berth::routing {

using nlohmann::json;
using service::Error;
using service::Result;
using Types = InputForm::Types;
using Field = InputForm::Field;

namespace {

constexpr int deepest = 8;  // references and alternatives within each other that are looked through for a type

// Finds out what a schema allows, through references and alternatives.
class Typist {
 public:
  explicit Typist(const json& root) : m_root(root) {}

  Field field(const json& schema) const {
    Field field;
    const json* items = nullptr;
    look(schema, field.own, &items, 0);
    if (items) look(*items, field.item, nullptr, 0);
    return field;
  }

 private:
  static void add_type_of(const json& value, Types& types) {
    types.add(value.is_number_integer() ? "integer" : value.type_name());
  }

  void look(const json& schema, Types& types, const json** items, int depth) const {
    if (!schema.is_object() || depth > deepest) return;
    for (const auto& [word, value] : schema.items()) {
      if (word == "type" && value.is_string()) types.add(value.get_ref<const std::string&>());
      if (word == "type" && value.is_array()) {
        for (const auto& one : value) types.add(one.is_string() ? one.get_ref<const std::string&>() : "");
      }
      if (word == "const") add_type_of(value, types);
      if (word == "enum") {
        for (const auto& one : value) add_type_of(one, types);
      }
      if (word == "items" && value.is_object() && items) *items = &value;
      if (word == "$ref" && value.is_string()) {
        if (const json* meant = resolve(value.get_ref<const std::string&>())) look(*meant, types, items, depth + 1);
      }
      if (word != "anyOf" && word != "oneOf" && word != "allOf") continue;
      for (const auto& one : value) look(one, types, items, depth + 1);
    }
  }

  const json* resolve(std::string_view reference) const {
    const auto slash = reference.rfind('/');
    if (slash == std::string_view::npos) return reference == "#" ? &m_root : nullptr;
    for (const char* word : {"$defs", "definitions"}) {
      const auto all = m_root.find(word);
      if (all == m_root.end() || !all->is_object()) continue;
      const auto found = all->find(std::string(reference.substr(slash + 1)));
      if (found != all->end()) return &*found;
    }
    return nullptr;
  }

  const json& m_root;
};

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<json> scalar_in(std::string_view text, const Types& may) {
  if (may.integer) {
    if (const auto whole = number_in<std::int64_t>(text)) return *whole;
  }
  if (may.number) {
    if (const auto large = number_in<std::uint64_t>(text)) return *large;
    const bool too_large = may.integer && text.find_first_not_of("-0123456789") == std::string_view::npos;
    const auto real = number_in<double>(text);
    if (real && std::isfinite(*real) && !too_large) return *real;
  }
  if (may.boolean && (text == "true" || text == "1")) return true;
  if (may.boolean && (text == "false" || text == "0")) return false;
  return std::nullopt;
}

// A text that cannot be any of these stays a text, and so does "007" where a text is welcome.
json value_of(std::string text, const Types& may) {
  if (auto scalar = scalar_in(text, may)) {
    if (!may.string || scalar->dump() == text) return std::move(*scalar);
  }
  if (may.structured && (text.starts_with('{') || text.starts_with('['))) {
    if (auto parsed = parse_json(text)) return std::move(*parsed);
  }
  return text;
}

Error misfit(std::string message, std::string hint, service::Misfit what) {
  Error error{422, "invalid_input", std::move(message), std::move(hint)};
  error.misfits.push_back(std::move(what));
  return error;
}

Error twice(const std::string& name) {
  std::string pointer = "/";
  for (const char c : name) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return misfit("the field " + service::json_quote(name) + " is given more than once", "give it once, in one place",
                {std::move(pointer), "one value", "more than one"});
}

constexpr const char* write_escaped = "write % as %25, + as %2B, & as %26";

Result<std::string> decode(std::string_view part) {
  std::string text(part);
  if (std::any_of(text.begin(), text.end(), [](char c) { return c == '+' || c == '%'; })) {
    std::replace(text.begin(), text.end(), '+', ' ');
    auto decoded = service::percent_decode(text);
    if (!decoded) return Error{400, "bad_query", "the query has a broken percent-escape", write_escaped};
    text = std::move(*decoded);
  }
  if (!service::valid_utf8(text)) return Error{400, "bad_query", "the query is not UTF-8", write_escaped};
  return text;
}

// The values that a query has put into an input: one of them may come again and make an array, others may not.
using Ours = std::vector<const json*>;

std::optional<Error> add(json& input, const Field& field, std::string name, std::string text, Ours& ours) {
  const auto [there, fresh] = input.get_ref<json::object_t&>().try_emplace(std::move(name));
  json& value = there->second;
  if (!fresh) {
    const bool again = std::find(ours.begin(), ours.end(), &value) != ours.end();
    if (!again || !field.own.array || !value.is_array()) return twice(there->first);
    value.push_back(value_of(std::move(text), field.item));
    return std::nullopt;
  }
  ours.push_back(&value);  // an object's values stay where they are
  if (!field.own.array) {
    value = value_of(std::move(text), field.own);
    return std::nullopt;
  }
  value = value_of(text, field.own);
  if (value.is_string()) value = json::array({value_of(std::move(text), field.item)});
  return std::nullopt;
}

}  // namespace

void Types::add(std::string_view type) {
  integer = integer || type == "integer";
  number = number || type == "number" || type == "integer";
  boolean = boolean || type == "boolean";
  string = string || type == "string";
  array = array || type == "array";
  structured = structured || type == "array" || type == "object";
}

InputForm::InputForm(const json& schema) {
  const auto properties = schema.is_object() ? schema.find("properties") : schema.end();
  if (properties == schema.end() || !properties->is_object()) return;
  const Typist typist(schema);
  for (const auto& [name, one] : properties->items()) m_fields.emplace(name, typist.field(one));
}

const Field& InputForm::field(std::string_view name) const {
  static const Field unknown;
  const auto found = m_fields.find(name);
  return found == m_fields.end() ? unknown : found->second;
}

std::optional<Error> InputForm::read_query(std::string_view query, json& input) const {
  Ours ours;
  ours.reserve(8);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals));
    if (!name) return name.error();
    auto text = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!text) return text.error();
    const Field& meant = field(*name);
    if (auto error = add(input, meant, std::move(*name), std::move(*text), ours)) return error;
  }
  return std::nullopt;
}

Result<json> InputForm::fill(std::vector<std::pair<std::string, std::string>> path_parameters, std::string_view query,
                             std::optional<json> body) const {
  if (body && !body->is_object()) {
    return misfit("the body must be a JSON object", "wrap the fields in { }", {"", "an object", body->type_name()});
  }
  json input = body ? std::move(*body) : json::object();
  for (auto& parameter : path_parameters) {
    const auto& [name, text] = parameter;
    if (!service::valid_utf8(text))
      return Error{400, "bad_target", "the path holds a percent-escape that is not UTF-8"};
    const auto [there, fresh] = input.get_ref<json::object_t&>().try_emplace(name);
    if (!fresh) return twice(name);
    there->second = value_of(std::move(parameter.second), field(name).own);
  }
  if (auto error = read_query(query, input)) return *error;
  return input;
}

}  // namespace berth::routing
