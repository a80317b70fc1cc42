// For each field the values at its edges; then one field at a time at an edge, then all at random.
#include "inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fit.hpp"
#include "pattern_text.hpp"

namespace berth::check {

using nlohmann::json;

namespace {

constexpr std::size_t longest = 64u << 10;  // of a text whose schema sets no limit
constexpr std::size_t largest = 4u << 20;   // bytes of an array, about: no host lets in much more

std::string cut(const std::string& text, std::size_t at_most) {  // to so many characters
  std::size_t at = 0, count = 0;
  while (at < text.size()) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0u) != 0x80u && ++count > at_most) break;
    ++at;
  }
  return text.substr(0, at);
}

// Of the wanted length, of that text.
std::string filled(const std::string& with, std::size_t least, std::size_t most) {
  std::string text = cut(with, most);
  const std::size_t step = std::max<std::size_t>(1, characters(with));
  for (std::size_t size = characters(text); size < least; size += step) text += cut(with, least - size);
  return text;
}

std::vector<std::size_t> sizes_of(const std::vector<json>& values) {
  std::vector<std::size_t> sizes;
  for (const json& one : values) sizes.push_back(one.is_string() ? one.get_ref<const std::string&>().size() : 1);
  return sizes;
}

std::string format_example(const std::string& format) {
  if (format == "date") return "2026-02-28";
  if (format == "time") return "23:59:59Z";
  if (format == "date-time") return "2026-02-28T23:59:59Z";
  if (format == "uuid") return "123e4567-e89b-12d3-a456-426614174000";
  if (format == "uri") return "http://127.0.0.1/";
  if (format == "email") return "somebody@localhost";
  return {};
}

double bound(const json& schema, const char* key, double otherwise) {
  const auto at = schema.find(key);
  return at != schema.end() && at->is_number() ? at->get<double>() : otherwise;
}

std::string type_of(const json& schema) {
  const auto type = schema.find("type");
  if (type != schema.end() && type->is_string()) return *type;
  if (type != schema.end() && type->is_array() && !type->empty() && type->front().is_string()) return type->front();
  return schema.contains("properties") ? "object" : schema.contains("items") ? "array" : "";
}

}  // namespace

Inputs::Inputs(json schema, std::uint64_t seed) : m_schema(std::move(schema)), m_random(seed) {}

std::size_t Inputs::pick(std::size_t count) { return count < 2 ? 0 : m_random() % count; }

std::vector<json> Inputs::given(const json& schema) {
  std::vector<json> all;
  for (const auto& one : schema.value("examples", json::array())) all.push_back(one);
  if (schema.contains("default")) all.push_back(schema["default"]);
  if (schema.contains("const")) all.push_back(schema["const"]);
  for (const auto& one : schema.value("enum", json::array())) all.push_back(one);
  return all;
}

std::vector<json> Inputs::numbers(const json& schema, bool whole) {
  constexpr double far = 9007199254740992;  // 2^53: up to there every number is exact
  double least = std::max(-far, bound(schema, "minimum", -far));
  double most = std::min(far, bound(schema, "maximum", far));
  least = std::max(least, bound(schema, "exclusiveMinimum", least - 1) + (whole ? 1 : 1e-6));
  most = std::min(most, bound(schema, "exclusiveMaximum", most + 1) - (whole ? 1 : 1e-6));
  const double step = bound(schema, "multipleOf", 0);
  std::vector<json> all;
  for (double one : {std::clamp(1.0, least, std::max(least, most)), least, most, 0.0, -1.0, least + 1, most - 1, 0.5,
                     std::floor((least + most) / 2)}) {
    if (step > 0) one = std::ceil(one / step) * step;
    if (whole)
      all.emplace_back(static_cast<std::int64_t>(std::trunc(one)));
    else
      all.emplace_back(one);
  }
  return all;
}

std::vector<json> Inputs::texts(const json& schema) {
  const std::size_t least = schema.value("minLength", std::size_t{0});
  const std::size_t limit = schema.contains("pattern") ? 500 : longest;  // matches() judges no longer ones
  const std::size_t most = std::min(schema.value("maxLength", limit), std::max(limit, least));
  std::vector<json> all;
  if (const auto known = format_example(schema.value("format", "")); !known.empty()) all.emplace_back(known);
  if (const auto pattern = schema.value("pattern", ""); !pattern.empty()) {
    for (int i = 0; i < 8; ++i)
      if (auto text = text_for(pattern, [this](std::size_t count) { return pick(count); })) all.emplace_back(*text);
  }
  static const char* const kinds[] = {"a",
                                      "plain text ",
                                      "Grüße, 你好, مرحبا, 👩‍👩‍👧 ",
                                      "\x01\x02\x1f\x7f\t\r\n",
                                      "\"\\'/<",
                                      "$(id);`id` && {{x}} %s",
                                      "../../etc/",
                                      "\xef\xbf\xbd\xe2\x80\xae\xcc\x81"};
  for (const char* kind : kinds) all.emplace_back(filled(kind, least, most));
  all.emplace_back(filled(std::string(1, '\0') + "after", least, most));
  all.emplace_back(filled("a", least, least));
  all.emplace_back(filled("a", most, most));
  all.emplace_back(filled("ü", most, most));
  return all;
}

std::vector<json> Inputs::arrays(const json& schema, int depth) {
  const std::size_t least = schema.value("minItems", std::size_t{0});
  const std::size_t most = std::max(least, std::min(schema.value("maxItems", std::size_t{100}), std::size_t{1000}));
  std::vector<json> some = values(schema.value("items", json::object()), depth + 1), all;
  if (some.empty() && least > 0) return all;
  const bool unique = schema.value("uniqueItems", false);
  const std::vector<std::size_t> sizes = sizes_of(some);
  const auto smallest = static_cast<std::size_t>(std::min_element(sizes.begin(), sizes.end()) - sizes.begin());
  for (const std::size_t size : {std::max<std::size_t>(least, some.empty() ? 0 : 1), least, most}) {
    json array = json::array();
    std::size_t bytes = 0;
    const std::size_t from = unique ? std::min(size, some.size()) : size;
    for (std::size_t i = 0; i < from && !some.empty(); ++i) {
      const std::size_t next = unique || bytes + sizes[i % some.size()] <= largest ? i % some.size() : smallest;
      bytes += sizes[next];
      array.push_back(some[next]);
    }
    all.push_back(std::move(array));
  }
  return all;
}

std::vector<json> Inputs::objects(const json& schema, int depth) {
  std::vector<std::pair<std::string, std::vector<json>>> fields;
  json plain = json::object(), required = schema.value("required", json::array());
  const json declared = schema.value("properties", json::object());
  for (const auto& [name, field] : declared.items()) {
    const bool needed = std::find(required.begin(), required.end(), name) != required.end();
    fields.emplace_back(name, values(field, depth + 1));
    if (fields.back().second.empty() && needed && m_why.empty()) m_why = "no value for /" + name + " could be made";
    if (needed && !fields.back().second.empty()) plain[name] = fields.back().second.front();
  }
  std::vector<json> all{plain};
  json full = plain;
  for (const auto& [name, some] : fields)
    if (!some.empty()) full[name] = some.front();
  all.push_back(full);
  for (const auto& [name, some] : fields) {
    for (std::size_t i = 1; i < some.size(); ++i) {
      all.push_back(full);
      all.back()[name] = some[i];
    }
  }
  for (int i = 0; i < (depth == 0 ? 200 : 4); ++i) {
    all.push_back(plain);
    for (const auto& [name, some] : fields)
      if (!some.empty() && (plain.contains(name) || pick(2) == 0)) all.back()[name] = some[pick(some.size())];
  }
  return all;
}

std::vector<json> Inputs::values(const json& schema, int depth) {
  if (!schema.is_object()) return {nullptr, 1, "text"};
  std::vector<json> all = given(schema), more;
  const std::string type = type_of(schema);
  if (depth > 6 || (!all.empty() && (schema.contains("enum") || schema.contains("const"))))
    more = {};
  else if (type == "integer" || type == "number")
    more = numbers(schema, type == "integer");
  else if (type == "string")
    more = texts(schema);
  else if (type == "boolean")
    more = {true, false};
  else if (type == "array")
    more = arrays(schema, depth);
  else if (type == "object")
    more = objects(schema, depth);
  else
    more = {nullptr, "text", 1, -0.5, true, json::array({1, "two", nullptr}), {{"a", {{"b", {1, 2}}}}}};
  for (const char* key : {"anyOf", "oneOf", "allOf"})
    for (const auto& way : schema.value(key, json::array()))
      for (auto& one : values(way, depth + 1)) more.push_back(std::move(one));
  all.insert(all.end(), more.begin(), more.end());
  std::vector<json> fitting;
  for (auto& one : all)
    if (!misfit(one, schema) && std::find(fitting.begin(), fitting.end(), one) == fitting.end())
      fitting.push_back(std::move(one));
  return fitting;
}

std::optional<json> Inputs::plain() {
  auto all = values(m_schema, 0);
  if (!all.empty()) return std::move(all.front());
  if (m_why.empty()) m_why = "nothing that fits could be made";
  return std::nullopt;
}

// The edges come in the order of the fields: if there are too many, some of each are taken.
std::vector<json> Inputs::make(std::size_t at_most) {
  std::vector<json> all = values(m_schema, 0);
  if (all.empty() && m_why.empty()) m_why = "nothing that fits could be made";
  if (all.size() <= at_most || at_most < 2) return all;
  std::shuffle(all.begin() + 2, all.end(), m_random);
  all.resize(at_most);
  return all;
}

}  // namespace berth::check
