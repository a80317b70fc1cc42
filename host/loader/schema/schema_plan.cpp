// What a plan means, and the proof that checking against it ends: valijson follows references by recursion, so a schema
// that leads back to itself without taking a step into the value would run out of stack.
#include "loader/schema/schema_plan.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace berth::loader {

using nlohmann::json;

namespace {

constexpr unsigned longest_chain = 16;    // of schemas that look at the same value
constexpr unsigned largest_height = 256;  // of all schemas on top of each other, references followed once

constexpr const char* same_value_lists[] = {"allOf", "anyOf", "oneOf"};
constexpr const char* same_value[] = {"not", "if", "then", "else"};
constexpr const char* other_value[] = {"items", "additionalItems", "contains", "propertyNames", "additionalProperties"};

class Measure {
 public:
  explicit Measure(const SchemaPlan& plan) : m_plan(plan) {}

  std::optional<std::string> run() {
    unsigned height = look(m_plan.document);
    if (m_plan.document.contains("$defs")) {
      for (const auto& node : m_plan.document["$defs"]) height += look(node);
    }
    if (m_endless)
      return "it leads back to itself, or through more than " + std::to_string(longest_chain) +
             " schemas, without a step into the value";
    if (height > largest_height) return "its definitions are nested too deeply in each other";
    return std::nullopt;
  }

 private:
  static constexpr unsigned open = ~0u;

  template <class F>
  static void each_same(const json& node, F visit) {
    for (const char* word : same_value_lists) {
      if (!node.contains(word)) continue;
      for (const auto& one : node[word]) visit(one);
    }
    for (const char* word : same_value) {
      if (node.contains(word)) visit(node[word]);
    }
    if (!node.contains("dependencies")) return;
    for (const auto& one : node["dependencies"]) {
      if (one.is_object()) visit(one);
    }
  }

  template <class F>
  static void each_other(const json& node, F visit) {
    if (node.contains("properties")) {
      for (const auto& one : node["properties"]) visit(one);
    }
    for (const char* word : other_value) {
      if (!node.contains(word)) continue;
      if (node[word].is_object()) visit(node[word]);
      if (!node[word].is_array()) continue;
      for (const auto& one : node[word]) visit(one);
    }
  }

  // How many schemas look at the same value, one within the other.
  unsigned chain(const json& node) {
    const auto [at, fresh] = m_chains.emplace(&node, open);
    if (!fresh) {
      if (at->second == open) m_endless = true;
      return at->second == open ? 0 : at->second;
    }
    if (++m_depth > 2 * longest_chain) m_endless = true;
    unsigned longest = 0;
    if (node.contains("$ref") && !m_endless) longest = chain(m_plan.resolve(node));
    each_same(node, [&](const json& inner) { longest = std::max(longest, m_endless ? 0 : chain(inner)); });
    --m_depth;
    m_chains[&node] = longest + 1;
    if (longest + 1 > longest_chain) m_endless = true;
    return longest + 1;
  }

  unsigned look(const json& node) {
    if (!m_endless) chain(node);
    unsigned height = 0;
    const auto deeper = [&](const json& inner) { height = std::max(height, look(inner)); };
    each_same(node, deeper);
    each_other(node, deeper);
    return height + 1;
  }

  const SchemaPlan& m_plan;
  std::map<const json*, unsigned> m_chains;
  unsigned m_depth = 0;
  bool m_endless = false;
};

}  // namespace

const json& SchemaPlan::resolve(const json& node) const {
  const auto ref = node.find("$ref");
  if (ref == node.end()) return node;
  const std::string_view target = ref->get_ref<const std::string&>();
  if (target == "#") return document;
  return document.at("$defs").at(std::string(target.substr(target.rfind('/') + 1)));
}

const Keywords& SchemaPlan::keywords_of(const json& node) const {
  static const Keywords none;
  const auto place = node.find(keywords_member);
  return place == node.end() ? none : keywords[place->get<std::size_t>()];
}

std::optional<std::string> endless(const SchemaPlan& plan) { return Measure(plan).run(); }

}  // namespace berth::loader
