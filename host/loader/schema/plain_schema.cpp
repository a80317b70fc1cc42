// Types, bounds, fields and items, and nothing else.
#include "loader/schema/plain_schema.hpp"

#include <algorithm>
#include <utility>

namespace berth::loader {

using nlohmann::json;

PlainSchema::PlainSchema(const SchemaPlan& plan, const json& node) {
  const auto part = [&plan](const json& inner) { return std::make_unique<const PlainSchema>(plan, inner); };
  for (const auto& [word, value] : node.items()) {
    if (word == keywords_member) {
      m_own = &plan.keywords_of(node);
    } else if (word == "required") {
      m_required = value.get<std::vector<std::string>>();
    } else if (word == "properties") {
      for (const auto& [name, inner] : value.items()) m_fields.emplace(name, part(inner));
    } else if (word == "additionalProperties" && value.is_object()) {
      m_other = part(value);
    } else if (word == "additionalProperties") {
      m_open = value.get<bool>();
    } else if (word == "items" && value.is_object()) {
      m_items = part(value);
    } else if (word != "$defs") {
      m_plain = false;
    }
  }
}

bool PlainSchema::surely_fits(const json& value) const {
  if (!m_plain || (m_own && !m_own->fits(value))) return false;
  if (value.is_object()) return fields_fit(value.get_ref<const json::object_t&>());
  if (!value.is_array() || !m_items) return true;
  return std::all_of(value.begin(), value.end(), [this](const json& item) { return m_items->surely_fits(item); });
}

std::optional<FlatSchema> PlainSchema::flat() const {
  const bool object_alone = m_own && m_own->types == Keywords::object && !m_own->values && !m_own->never;
  if (!m_plain || !object_alone || m_own->fields.least || m_own->fields.most || m_open || m_other) return std::nullopt;
  FlatSchema fields;
  for (const auto& [name, part] : m_fields) {
    auto field = part->as_field();
    if (!field) return std::nullopt;
    field->name = name;
    field->required = std::find(m_required.begin(), m_required.end(), name) != m_required.end();
    fields.push_back(std::move(*field));
  }
  const auto known = [this](const std::string& name) { return m_fields.count(name) > 0; };
  if (!std::all_of(m_required.begin(), m_required.end(), known)) return std::nullopt;
  return fields;
}

std::optional<FlatField> PlainSchema::as_field() const {
  if (!m_plain || !m_own || !m_fields.empty() || m_other || !m_required.empty()) return std::nullopt;
  if (m_own->types == Keywords::array && m_items) {
    auto field = m_items->as_field();
    if (!field || field->list) return std::nullopt;
    field->list = true;
    field->item = std::exchange(field->own, m_own);
    return field;
  }
  for (const auto type : {Keywords::boolean, Keywords::integer, Keywords::number, Keywords::string}) {
    if (m_own->types == type) return FlatField{{}, type, false, false, m_own, nullptr};
  }
  return std::nullopt;
}

bool PlainSchema::fields_fit(const json::object_t& fields) const {
  for (const auto& [name, value] : fields) {
    const auto known = m_fields.find(name);
    const PlainSchema* meant = known == m_fields.end() ? m_other.get() : known->second.get();
    if (meant ? !meant->surely_fits(value) : !m_open) return false;
  }
  return std::all_of(m_required.begin(), m_required.end(),
                     [&fields](const std::string& name) { return fields.find(name) != fields.end(); });
}

}  // namespace berth::loader
