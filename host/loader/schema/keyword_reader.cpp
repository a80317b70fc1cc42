// Reads the keywords of a schema that look at one value by itself.
#include "loader/schema/keyword_reader.hpp"

#include <array>
#include <limits>
#include <map>
#include <utility>

namespace berth::loader {

using nlohmann::json;
using Wrong = std::optional<std::string>;

namespace {

const std::map<std::string, unsigned, std::less<>> type_names{
    {"null", Keywords::null},     {"boolean", Keywords::boolean}, {"integer", Keywords::integer},
    {"number", Keywords::number}, {"string", Keywords::string},   {"array", Keywords::array},
    {"object", Keywords::object}};

Wrong type(Keywords& to, std::string_view, const json& value) {
  const json names = value.is_array() ? value : json::array({value});
  if (names.empty()) return "a list of types has at least one";
  for (const auto& name : names) {
    const auto known = name.is_string() ? type_names.find(name.get_ref<const std::string&>()) : type_names.end();
    if (known == type_names.end()) {
      return name.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 100) +
             " is not a type; types are null, boolean, integer, number, string, array, object";
    }
    to.types |= known->second;
  }
  return std::nullopt;
}

Wrong allow(Keywords& to, std::vector<json> values) {
  if (to.values) return "enum and const cannot stand side by side";
  to.values = std::move(values);
  return std::nullopt;
}

Wrong listed(Keywords& to, std::string_view, const json& value) {
  if (!value.is_array() || value.empty()) return "an enum is a list of at least one value";
  return allow(to, value.get<std::vector<json>>());
}

Wrong constant(Keywords& to, std::string_view, const json& value) { return allow(to, {value}); }

// Whole numbers beyond 64 bits with sign are compared as doubles.
json number(const json& value) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > most) return value.get<double>();
  return value;
}

Wrong bound(Keywords& to, std::string_view word, const json& value) {
  if (!value.is_number()) return "this is a number";
  const bool exclusive = word.starts_with("exclusive");
  const bool lower = word.ends_with("inimum");
  auto& bound = lower ? to.minimum : to.maximum;
  const json limit = number(value);
  const bool beyond = bound && (lower ? limit > bound->value : limit < bound->value);
  if (!bound || beyond || (limit == bound->value && exclusive)) bound = Keywords::Bound{limit, exclusive};
  return std::nullopt;
}

Wrong multiple_of(Keywords& to, std::string_view, const json& value) {
  if (!value.is_number() || !(value.get<double>() > 0)) return "this is a number above zero";
  to.multiple_of = number(value);
  return std::nullopt;
}

Wrong count(Keywords& to, std::string_view word, const json& value) {
  if (!value.is_number_unsigned()) return "this is a whole number of at least 0";
  auto& span = word.ends_with("Length") ? to.length : word.ends_with("Items") ? to.items : to.fields;
  (word.starts_with("min") ? span.least : span.most) = value.get<std::uint64_t>();
  return std::nullopt;
}

Wrong unique(Keywords& to, std::string_view, const json& value) {
  if (!value.is_boolean()) return "this is true or false";
  to.unique = value.get<bool>();
  return std::nullopt;
}

Wrong pattern(Keywords& to, std::string_view, const json& value) {
  if (!value.is_string()) return "a pattern is a text";
  auto made = Pattern::compile(value.get_ref<const std::string&>());
  if (!made) return made.error().message;
  to.pattern = std::move(*made);
  to.pattern_text = value.get<std::string>();
  return std::nullopt;
}

Wrong format(Keywords& to, std::string_view, const json& value) {
  if (!value.is_string()) return "a format is a text";
  to.format = parse_format(value.get_ref<const std::string&>());
  return std::nullopt;
}

using Read = Wrong (*)(Keywords&, std::string_view, const json&);
constexpr std::array<std::pair<std::string_view, Read>, 17> readers{{{"type", type},
                                                                     {"enum", listed},
                                                                     {"const", constant},
                                                                     {"minimum", bound},
                                                                     {"maximum", bound},
                                                                     {"exclusiveMinimum", bound},
                                                                     {"exclusiveMaximum", bound},
                                                                     {"multipleOf", multiple_of},
                                                                     {"minLength", count},
                                                                     {"maxLength", count},
                                                                     {"minItems", count},
                                                                     {"maxItems", count},
                                                                     {"minProperties", count},
                                                                     {"maxProperties", count},
                                                                     {"uniqueItems", unique},
                                                                     {"pattern", pattern},
                                                                     {"format", format}}};

Read reader_of(std::string_view word) {
  for (const auto& [name, read] : readers) {
    if (name == word) return read;
  }
  return nullptr;
}

}  // namespace

bool is_value_keyword(std::string_view word) { return reader_of(word) != nullptr; }

std::vector<std::string> value_keywords() {
  std::vector<std::string> names;
  names.reserve(std::size(readers));
  for (const auto& [name, read] : readers) names.emplace_back(name);
  return names;
}

Wrong read_keyword(Keywords& to, std::string_view word, const json& value) { return reader_of(word)(to, word, value); }

}  // namespace berth::loader
