// Puts schemas and values into words.
#include "loader/schema/words.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "loader/schema/schema_plan.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;

namespace {

constexpr std::size_t longest_value = 60;
constexpr std::size_t longest_sentence = 400;
constexpr std::size_t most_values = 12;
constexpr int deepest_told = 3;  // schemas within schemas that are still told

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// At most a little more than what is shown is ever turned into text.
std::string literal(const json& value) {
  if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
  if (value.is_structured()) return got_in_words(value);
  return value.dump();
}

std::string join(const std::vector<std::string>& parts, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? last : ", ";
    out += parts[i];
  }
  return out;
}

std::string count_of(std::uint64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

// " of 1 to 20 characters"
std::string span_in_words(const Keywords::Span& span, std::string_view one) {
  if (span.least && span.most && *span.least == *span.most) return " of exactly " + count_of(*span.most, one);
  if (span.least && *span.least > 0 && span.most)
    return " of " + std::to_string(*span.least) + " to " + count_of(*span.most, one);
  if (span.most) return " of at most " + count_of(*span.most, one);
  if (span.least && *span.least > 0) return " of at least " + count_of(*span.least, one);
  return {};
}

std::string number_in_words(const Keywords& own, std::string what) {
  const auto& low = own.minimum;
  const auto& high = own.maximum;
  if (low && high && !low->exclusive && !high->exclusive) {
    what += " from " + low->value.dump() + " to " + high->value.dump();
  } else {
    if (low) what += (low->exclusive ? " above " : " of at least ") + low->value.dump();
    if (low && high) what += " and";
    if (high) what += (high->exclusive ? " below " : " of at most ") + high->value.dump();
  }
  if (!own.multiple_of.is_null()) what += ", a multiple of " + own.multiple_of.dump();
  return what;
}

std::string string_in_words(const Keywords& own) {
  std::string what = own.format ? std::string(in_words(*own.format)) : "a string";
  what += span_in_words(own.length, "character");
  if (own.pattern) what += " that matches " + cut(own.pattern_text, longest_value);
  return what;
}

std::string values_in_words(const std::vector<json>& values) {
  if (values.size() == 1) return "exactly " + literal(values.front());
  std::string out = "one of ";
  for (std::size_t i = 0; i < values.size() && i < most_values; ++i) out += (i ? ", " : "") + literal(values[i]);
  if (values.size() > most_values) out += " and " + std::to_string(values.size() - most_values) + " more";
  return out;
}

class Teller {
 public:
  explicit Teller(const SchemaPlan& plan) : m_plan(plan) {}

  std::string tell(const json& given, int depth) const {
    const json& node = m_plan.resolve(given);
    const Keywords& own = m_plan.keywords_of(node);
    if (own.never) return "nothing";
    if (own.values) return values_in_words(*own.values);
    std::string what = types(own, node, depth);
    if (depth < deepest_told) what += composition(node, what, depth + 1);
    return what.empty() ? "something else" : what;
  }

 private:
  // The types it may have, each with what is asked of it. Empty if it may have any.
  std::string types(const Keywords& own, const json& node, int depth) const {
    const unsigned wanted = own.types != 0 ? own.types : implied(own, node);
    std::vector<std::string> parts;
    if (wanted & Keywords::integer)
      parts.push_back(number_in_words(own, "an integer"));
    else if (wanted & Keywords::number)
      parts.push_back(number_in_words(own, "a number"));
    if (wanted & Keywords::string) parts.push_back(string_in_words(own));
    if (wanted & Keywords::boolean) parts.emplace_back("true or false");
    if (wanted & Keywords::array) parts.push_back(array(own, node, depth));
    if (wanted & Keywords::object) parts.push_back("an object" + span_in_words(own.fields, "field"));
    if (wanted & Keywords::null) parts.emplace_back("null");
    return join(parts, " or ");
  }

  // What a schema without a type is about, by its other keywords.
  static unsigned implied(const Keywords& own, const json& node) {
    unsigned types = 0;
    if (own.minimum || own.maximum || !own.multiple_of.is_null()) types |= Keywords::number;
    if (own.pattern || own.format || own.length.least || own.length.most) types |= Keywords::string;
    if (own.unique || own.items.least || own.items.most || node.contains("items")) types |= Keywords::array;
    if (own.fields.least || own.fields.most || node.contains("properties")) types |= Keywords::object;
    return types;
  }

  std::string array(const Keywords& own, const json& node, int depth) const {
    std::string what = "an array" + span_in_words(own.items, "item");
    const auto items = node.find("items");
    if (items != node.end() && items->is_object() && depth < deepest_told) {
      const std::string each = tell(*items, depth + 1);
      if (each != "something else") what += ", each " + each;
    }
    if (own.unique) what += ", no two of them equal";
    return what;
  }

  std::string composition(const json& node, const std::string& before, int depth) const {
    const bool alone = before.empty();
    std::string out;
    for (const char* word : {"anyOf", "oneOf"}) {
      if (!node.contains(word)) continue;
      std::vector<std::string> parts;
      for (const auto& one : node[word]) parts.push_back(tell(one, depth));
      const bool one_only = std::string_view(word) == "oneOf" && !alone;
      out += (alone && out.empty() ? "" : one_only ? " that is exactly one of: " : " that is ") + join(parts, " or ");
    }
    if (node.contains("allOf")) {
      for (const auto& one : node["allOf"]) {
        const std::string part = tell(one, depth);
        const bool said = part == "something else" || before.find(part) != std::string::npos;
        if (!said) out += (alone && out.empty() ? "" : " that is ") + part;
      }
    }
    const std::string lead = alone && out.empty() ? "something" : "";
    if (node.contains("not")) out += lead + " that is not " + tell(node["not"], depth);
    if (node.contains("contains")) out += lead + " with at least one item that is " + tell(node["contains"], depth);
    if (node.contains("propertyNames"))
      out += lead + " whose fields' names are each " + tell(node["propertyNames"], depth);
    if (node.contains("dependencies")) out += lead + dependencies(node["dependencies"]);
    if (node.contains("if")) out += lead + " that fits the schema's if, then and else";
    return out;
  }

  static std::string dependencies(const json& all) {
    std::string out;
    for (const auto& [name, needs] : all.items()) {
      if (!needs.is_array()) continue;
      std::vector<std::string> names;
      for (const auto& one : needs) names.push_back(in_quotes(one.get_ref<const std::string&>()));
      out += " with " + join(names, " and ") + " beside " + in_quotes(name);
    }
    return out.empty() ? " that fits what its fields ask of each other" : out;
  }

  const SchemaPlan& m_plan;
};

}  // namespace

std::string in_quotes(std::string_view text) { return service::json_quote(cut(text, longest_value)); }

std::string expected_in_words(const SchemaPlan& plan, const json& node) {
  return cut(Teller(plan).tell(node, 0), longest_sentence);
}

std::string got_in_words(const json& value) {
  switch (value.type()) {
    case json::value_t::null: return "null";
    case json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: return "the integer " + value.dump();
    case json::value_t::number_float: return "the number " + value.dump();
    case json::value_t::string: return "the string " + in_quotes(value.get_ref<const std::string&>());
    case json::value_t::array:
      return value.empty() ? "an empty array" : "an array of " + count_of(value.size(), "item");
    case json::value_t::object:
      return value.empty() ? "an empty object" : "an object of " + count_of(value.size(), "field");
    default: return "something that is not JSON";
  }
}

}  // namespace berth::loader
