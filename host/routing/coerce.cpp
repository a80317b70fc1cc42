// Texts to values, by the operation's input schema.
#include "routing/coerce.hpp"

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

namespace {

constexpr int deepest = 8;  // references and alternatives within each other that are looked through for a type

// The types that a field may have, as its schema says in one place or another.
struct Types {
  bool integer = false, number = false, boolean = false, string = false, array = false, structured = false;
  const json* items = nullptr;  // the schema of an array's items

  void add(std::string_view type) {
    integer = integer || type == "integer";
    number = number || type == "number" || type == "integer";
    boolean = boolean || type == "boolean";
    string = string || type == "string";
    array = array || type == "array";
    structured = structured || type == "array" || type == "object";
  }
  void add_type_of(const json& value) { add(value.is_number_integer() ? "integer" : value.type_name()); }
};

class Typist {
 public:
  explicit Typist(const json& root) : m_root(root) {}

  const json* field(const std::string& name) const {
    const auto properties = m_root.find("properties");
    if (properties == m_root.end() || !properties->is_object()) return nullptr;
    const auto found = properties->find(name);
    return found == properties->end() ? nullptr : &*found;
  }

  Types types(const json* schema) const {
    Types types;
    look(schema, types, 0);
    return types;
  }

  // A text that cannot be any of these stays a text, and so does "007" where a text is welcome.
  json value(const std::string& text, const json* schema) const {
    const Types may = types(schema);
    if (auto scalar = scalar_in(text, may)) {
      if (!may.string || scalar->dump() == text) return std::move(*scalar);
    }
    if (may.structured && (text.starts_with('{') || text.starts_with('['))) {
      if (auto parsed = parse_json(text)) return std::move(*parsed);
    }
    return text;
  }

 private:
  void look(const json* schema, Types& types, int depth) const {
    if (!schema || !schema->is_object() || depth > deepest) return;
    for (const auto& [word, value] : schema->items()) {
      if (word == "type" && value.is_string()) types.add(value.get_ref<const std::string&>());
      if (word == "type" && value.is_array()) {
        for (const auto& one : value) types.add(one.is_string() ? one.get_ref<const std::string&>() : "");
      }
      if (word == "const") types.add_type_of(value);
      if (word == "enum") {
        for (const auto& one : value) types.add_type_of(one);
      }
      if (word == "items" && value.is_object()) types.items = &value;
      if (word == "$ref" && value.is_string()) look(resolve(value.get_ref<const std::string&>()), types, depth + 1);
      if (word != "anyOf" && word != "oneOf" && word != "allOf") continue;
      for (const auto& one : value) look(&one, types, depth + 1);
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

  static std::optional<json> scalar_in(std::string_view text, const Types& may) {
    if (may.integer) {
      if (const auto whole = number<std::int64_t>(text)) return *whole;
    }
    if (may.number) {
      if (const auto large = number<std::uint64_t>(text)) return *large;
      const bool too_large = may.integer && text.find_first_not_of("-0123456789") == std::string_view::npos;
      const auto real = number<double>(text);
      if (real && std::isfinite(*real) && !too_large) return *real;
    }
    if (may.boolean && (text == "true" || text == "1")) return true;
    if (may.boolean && (text == "false" || text == "0")) return false;
    return std::nullopt;
  }

  template <class Number>
  static std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  const json& m_root;
};

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

Result<std::string> decode(std::string_view part) {
  std::string text(part);
  std::replace(text.begin(), text.end(), '+', ' ');
  auto decoded = service::percent_decode(text);
  if (decoded && service::valid_utf8(*decoded)) return std::move(*decoded);
  return Error{400, "bad_query", decoded ? "the query is not UTF-8" : "the query has a broken percent-escape",
               "write % as %25, + as %2B, & as %26"};
}

// Repetition makes an array where the schema has one; everywhere else a field is given once.
std::optional<Error> add(json& input, const Typist& typist, const std::string& name, const std::string& text) {
  const json* schema = typist.field(name);
  const Types may = typist.types(schema);
  const auto there = input.find(name);
  if (there != input.end()) {
    if (!may.array || !there->is_array()) return twice(name);
    there->push_back(typist.value(text, may.items));
    return std::nullopt;
  }
  json value = typist.value(text, schema);
  if (may.array && value.is_string()) value = json::array({typist.value(text, may.items)});
  input[name] = std::move(value);
  return std::nullopt;
}

Result<json> read_query(const Typist& typist, std::string_view query) {
  json input = json::object();
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals));
    if (!name) return name.error();
    auto value = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!value) return value.error();
    if (auto error = add(input, typist, *name, *value)) return *error;
  }
  return input;
}

}  // namespace

Result<json> assemble_input(const loader::Operation& operation,
                            const std::vector<std::pair<std::string, std::string>>& path_parameters,
                            std::string_view query, std::optional<json> body) {
  if (body && !body->is_object()) {
    return misfit("the body must be a JSON object", "wrap the fields in { }", {"", "an object", body->type_name()});
  }
  const Typist typist(operation.input);
  json input = body ? std::move(*body) : json::object();
  for (const auto& [name, text] : path_parameters) {
    if (!service::valid_utf8(text))
      return Error{400, "bad_target", "the path holds a percent-escape that is not UTF-8"};
    if (input.contains(name)) return twice(name);
    input[name] = typist.value(text, typist.field(name));
  }
  auto from_query = read_query(typist, query);
  if (!from_query) return from_query.error();
  for (auto& [name, value] : from_query->items()) {
    if (input.contains(name)) return twice(name);
    input[name] = std::move(value);
  }
  return input;
}

}  // namespace berth::routing
