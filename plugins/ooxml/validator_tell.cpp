// What the validator says: about children, about what is missing, about attributes.
#include <algorithm>

#include "validator.hpp"

namespace ooxml {

namespace {

constexpr std::size_t most_named = 12;

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string made = "\"" + std::string(text.substr(0, longest));
  return made + (text.size() > longest ? "…\"" : "\"");
}

std::string as_written(std::string_view prefix, std::string_view local) {
  return prefix.empty() ? std::string(local) : std::string(prefix) + ":" + std::string(local);
}

std::string year_of(std::uint16_t since) { return since == 3650 ? "365" : std::to_string(since); }

}  // namespace

void Validator::tell(std::string code, std::size_t depth, std::string message, std::string name, std::string expected,
                     Severity severity) {
  m_findings.add({.severity = here(severity),
                  .layer = layer_here(),
                  .code = std::move(code),
                  .part = m_part.name,
                  .path = m_position.path(depth),
                  .name = std::move(name),
                  .line = m_position.line(),
                  .message = std::move(message),
                  .expected = std::move(expected)});
}

Severity Validator::here(Severity severity) const {
  return m_choices != 0 && severity == Severity::schema ? Severity::repaired : severity;
}

Layer Validator::layer_here() const { return m_choices == 0 ? Layer::schema : Layer::rule; }

// Where no more is kept, a finding is no more than a number.
bool Validator::only_counted(Severity severity) {
  if (!m_findings.full(here(severity), layer_here())) return false;
  m_findings.add({.severity = here(severity), .layer = layer_here()});
  return true;
}

std::string Validator::called(Name name) const {
  return as_written(m_tables.spaces[name.space].shown, m_tables.locals[name.local]);
}

std::string Validator::expected(const Frame& frame) const {
  std::string names;
  std::size_t count = 0;
  for (const SymbolRow& row : m_tables.symbols.subspan(frame.type->symbols, frame.type->symbols_count)) {
    bool all = frame.type->content == Content::all;
    bool may = all ? (frame.seen >> row.group & 1) == 0 : step(*frame.type, frame.state, row.group) != no_state;
    if (!may || row.extension || !m_era.open(row.since, row.edition)) continue;
    if (++count > most_named) return names + ", …";
    names += (names.empty() ? "" : ", ") + called(row.name);
  }
  return names;
}

void Validator::refuse(Frame& frame, const Start& element, const SymbolRow* symbol) {
  if (frame.failed) return;
  frame.failed = true;
  if (only_counted(Severity::schema)) return;
  std::string name = as_written(element.prefix, element.local);
  Content content = frame.type->content;
  if (content == Content::empty || content == Content::text) {
    return tell("unexpected-element", frame.depth, name + " stands in an element that has no children.", name);
  }
  std::string may = expected(frame);
  auto number = symbol == nullptr ? UINT32_MAX : static_cast<std::uint32_t>(symbol - m_tables.symbols.data());
  if (symbol != nullptr && !m_era.open(symbol->since, symbol->edition)) {
    bool late = symbol->since > static_cast<std::uint16_t>(m_era.office);
    std::string why = late ? " is known to Office since " + year_of(symbol->since) + "."
                           : " is of the other edition of the standard.";
    return tell(late ? "newer-element" : "unexpected-element", frame.depth, name + why, name, may);
  }
  if (symbol != nullptr && (number == frame.last || content == Content::all)) {
    return tell("too-many", frame.depth, name + " stands there more often than it may.", name, may);
  }
  if (!m_tables.element(element.name)) {
    return tell("unknown-element", frame.depth, "Nothing is called " + name + ".", name, may);
  }
  tell("unexpected-element", frame.depth, name + " may not stand here.", name, may);
}

// What must still come; empty: nothing.
std::string Validator::missing(const Frame& frame) const {
  const TypeRow& type = *frame.type;
  auto symbols = m_tables.symbols.subspan(type.symbols, type.symbols_count);
  if (type.content == Content::all) {
    std::string names;
    for (const SymbolRow& row : symbols) {
      bool lacks = row.needed && (frame.seen >> row.group & 1) == 0 && m_era.open(row.since, row.edition);
      if (lacks) names += (names.empty() ? "" : ", ") + called(row.name);
    }
    return names;
  }
  if (m_tables.ends[type.ends + frame.state] != 0) return "";
  std::string names = expected(frame);
  if (!names.empty() || type.wilds_count == 0) return names;
  return "an element of another space";
}

void Validator::finish(Frame& frame, const Start& element) {
  const TypeRow& type = *frame.type;
  if (type.content == Content::empty) return;
  if (type.content == Content::text) {
    const ValueRow& value = m_tables.values[type.text];
    bool any = value.kind == ValueKind::string && !value.bounded;
    if (!any && !frame.failed && !fits(m_tables, type.text, m_text, m_era)) {
      if (only_counted(Severity::schema)) return;
      tell("bad-text", frame.depth, "The text " + quoted(m_text) + " is none that may stand here.",
           as_written(element.prefix, element.local), expected_of(m_tables, type.text, m_era));
    }
    m_text.clear();
    return;
  }
  bool counted = m_counts.size() != frame.counted;
  if (frame.failed || (type.content != Content::all && !counted && m_tables.ends[type.ends + frame.state] != 0)) return;
  std::string lacks = missing(frame);
  if (lacks.empty()) {
    for (const SymbolRow& row : m_tables.symbols.subspan(type.symbols, type.symbols_count)) {
      if (row.least <= 1) continue;
      auto number = static_cast<std::uint32_t>(&row - m_tables.symbols.data());
      auto few = [&](const Count& one) { return one.symbol == number && one.count < row.least; };
      if (std::any_of(m_counts.begin() + static_cast<std::ptrdiff_t>(frame.counted), m_counts.end(), few))
        lacks = called(row.name);
    }
  }
  if (lacks.empty() || only_counted(Severity::schema)) return;
  tell("missing-element", frame.depth, as_written(element.prefix, element.local) + " lacks an element at its end.", "",
       lacks);
}

void Validator::attributes(const TypeRow& type, const Start& element) {
  std::size_t required = 0;
  const AttributeRow* rows = m_tables.attributes.data() + type.attributes;
  const AttributeRow* last = rows + type.attributes_count;
  for (const Attribute& attribute : element.attributes) {
    const AttributeRow* row = rows;
    while (row != last && row->name < attribute.name) ++row;
    if (row != last && row->name == attribute.name && m_era.open(row->since, row->edition)) {
      required += row->required ? 1 : 0;
      this->attribute(*row, attribute);
    } else if (attribute.name.space != space_xml && !attribute.ignorable) {
      undeclared(type, element, attribute);
    }
  }
  if (required < type.required_count) missing_attributes(type, element);
}

void Validator::attribute(const AttributeRow& row, const Attribute& attribute) {
  std::string_view value = attribute.value;
  if (!fits(m_tables, row.value, value, m_era)) {
    if (only_counted(Severity::schema)) return;
    std::string name = as_written(attribute.prefix, attribute.local);
    return tell("bad-value", m_frames.back().depth, quoted(value) + " is no value of " + name + ".", name,
                expected_of(m_tables, row.value, m_era));
  }
  bool relation = row.value != no_value && m_tables.values[row.value].kind == ValueKind::rid;
  if (!relation || value.empty() || m_part.relation(value) != nullptr) return;
  if (only_counted(Severity::refused)) return;
  std::string name = as_written(attribute.prefix, attribute.local);
  tell("missing-relationship", m_frames.back().depth, "This part has no relationship " + quoted(value) + ".", name, "",
       Severity::refused);
}

void Validator::undeclared(const TypeRow& type, const Start& element, const Attribute& attribute) {
  if (only_counted(Severity::schema)) return;
  std::string name = as_written(attribute.prefix, attribute.local);
  auto rows = m_tables.attributes.subspan(type.attributes, type.attributes_count);
  auto row =
      std::find_if(rows.begin(), rows.end(), [&](const AttributeRow& one) { return one.name == attribute.name; });
  std::string where = as_written(element.prefix, element.local);
  if (row != rows.end() && row->since > static_cast<std::uint16_t>(m_era.office)) {
    return tell("newer-attribute", element.depth, name + " is known to Office since " + year_of(row->since) + ".",
                name);
  }
  tell("unknown-attribute", element.depth, where + " has no attribute " + name + ".", name);
}

void Validator::missing_attributes(const TypeRow& type, const Start& element) {
  for (const AttributeRow& row : m_tables.attributes.subspan(type.attributes, type.attributes_count)) {
    if (!row.required || element.has(row.name) || !m_era.open(row.since, row.edition)) continue;
    if (only_counted(Severity::schema)) continue;
    std::string name = row.name.space == space_none ? std::string(m_tables.locals[row.name.local]) : called(row.name);
    tell("missing-attribute", element.depth,
         as_written(element.prefix, element.local) + " needs the attribute " + name + ".", name,
         expected_of(m_tables, row.value, m_era));
  }
}

}  // namespace ooxml
