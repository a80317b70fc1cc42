// Walks schema and value together, only where valijson was not content, and says at each place what is wrong there.
#include "loader/schema/misfits.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "loader/schema/schema_plan.hpp"
#include "loader/schema/words.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Misfit;

namespace {

constexpr std::size_t most_misfits = 20;

// The first step of a pointer, unescaped.
std::string first_step(std::string_view pointer) {
  const auto step = pointer.substr(1, pointer.find('/', 1) - 1);
  std::string name;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size())
      name += step[++i] == '1' ? '/' : '~';
    else
      name += step[i];
  }
  return name;
}

class Explainer {
 public:
  Explainer(const SchemaPlan& plan, const std::set<std::string>& suspects) : m_plan(plan), m_suspects(suspects) {}

  std::vector<Misfit> run(const json& value) {
    look(m_plan.document, value, "");
    if (m_found.empty()) add("", expected_in_words(m_plan, m_plan.document), value);
    return std::move(m_found);
  }

 private:
  bool full() const { return m_found.size() >= most_misfits; }

  void add(const std::string& pointer, std::string expected, const json& value) {
    if (full()) return;
    for (const auto& known : m_found) {
      if (known.pointer == pointer && known.expected == expected) return;
    }
    m_found.push_back({pointer, std::move(expected), got_in_words(value)});
  }

  void look(const json& given, const json& value, const std::string& pointer) {
    const json& node = m_plan.resolve(given);
    if (full()) return;
    if (!m_plan.keywords_of(node).fits(value)) return add(pointer, expected_in_words(m_plan, node), value);
    const std::size_t before = m_found.size();
    if (value.is_object()) names(node, value, pointer);
    if (value.is_structured()) children(node, value, pointer);
    if (node.contains("allOf")) {
      for (const auto& part : node["allOf"]) look(part, value, pointer);
    }
    if (m_found.size() == before && composed(node) && m_suspects.contains(pointer)) {
      add(pointer, expected_in_words(m_plan, node), value);
    }
  }

  static bool composed(const json& node) {
    for (const char* word : {"anyOf", "oneOf", "not", "if", "contains", "propertyNames", "dependencies"}) {
      if (node.contains(word)) return true;
    }
    return false;
  }

  // Fields that lack, and fields that nobody knows.
  void names(const json& node, const json& value, const std::string& pointer) {
    static const json no_fields = json::object();
    const auto found = node.find("properties");
    const json& fields = found == node.end() ? no_fields : *found;
    if (node.contains("required")) {
      for (const auto& name : node["required"]) missing(name.get_ref<const std::string&>(), fields, value, pointer);
    }
    const auto rest = node.find("additionalProperties");
    if (rest == node.end() || !rest->is_boolean()) return;
    for (const auto& [name, inner] : value.items()) {
      if (fields.contains(name)) continue;
      if (full()) return;
      std::string place = pointer;
      append_step(place, name);
      add(place, unknown(name, fields), inner);
    }
  }

  void missing(const std::string& name, const json& fields, const json& value, const std::string& pointer) {
    if (value.contains(name) || full()) return;
    std::string place = pointer;
    append_step(place, name);
    std::string expected = "the field " + in_quotes(name);
    if (fields.contains(name)) expected += ", " + expected_in_words(m_plan, fields[name]);
    m_found.push_back({std::move(place), std::move(expected), "nothing"});
  }

  static std::string unknown(const std::string& name, const json& fields) {
    if (fields.empty()) return "no field of this name; none is known";
    std::vector<std::string> known;
    for (const auto& [field, schema] : fields.items()) known.push_back(field);
    std::string expected = "no field of this name; ";
    const auto near = service::near_names(name, known, 1);
    if (!near.empty()) expected += "did you mean " + near.front() + "? ";
    expected += known.size() == 1 ? "the only known one is " : "known are: ";
    for (std::size_t i = 0; i < known.size() && i < most_misfits; ++i) expected += (i ? ", " : "") + known[i];
    return known.size() > most_misfits ? expected + ", …" : expected;
  }

  void children(const json& node, const json& value, const std::string& pointer) {
    const std::string below = pointer + "/";
    std::string last;
    for (auto at = m_suspects.lower_bound(below); at != m_suspects.end() && at->starts_with(below) && !full(); ++at) {
      const std::string name = first_step(std::string_view(*at).substr(pointer.size()));
      std::string place = pointer;
      append_step(place, name);
      if (place == last) continue;
      last = place;
      child(node, value, name, place);
    }
  }

  void child(const json& node, const json& value, const std::string& name, const std::string& place) {
    if (value.is_object()) {
      const json* schema = schema_of_field(node, name);
      if (schema && value.contains(name)) look(*schema, value[name], place);
      return;
    }
    const std::size_t index = std::stoul(name);
    const json* schema = schema_of_item(node, index);
    if (schema && index < value.size()) look(*schema, value[index], place);
  }

  static const json* schema_of_field(const json& node, const std::string& name) {
    const auto fields = node.find("properties");
    if (fields != node.end() && fields->contains(name)) return &(*fields)[name];
    const auto rest = node.find("additionalProperties");
    return rest != node.end() && rest->is_object() ? &*rest : nullptr;
  }

  static const json* schema_of_item(const json& node, std::size_t index) {
    const auto items = node.find("items");
    if (items == node.end()) return nullptr;
    if (items->is_object()) return &*items;
    if (index < items->size()) return &(*items)[index];
    const json& rest = node["additionalItems"];
    return rest.is_object() ? &rest : nullptr;
  }

  const SchemaPlan& m_plan;
  const std::set<std::string>& m_suspects;
  std::vector<Misfit> m_found;
};

}  // namespace

std::vector<Misfit> explain(const SchemaPlan& plan, const json& value, const std::set<std::string>& suspects) {
  return Explainer(plan, suspects).run(value);
}

void append_step(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

}  // namespace berth::loader
