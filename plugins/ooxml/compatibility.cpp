// Most elements have nothing to do with it, and go straight on.
#include "compatibility.hpp"

#include <algorithm>

namespace ooxml {

Compatibility::Compatibility(const Tables& tables, const Part& part, const Position& position, Era era,
                             Findings& findings, Validator* validator, Handler* reader)
    : m_tables(tables),
      m_part(part),
      m_position(position),
      m_era(era),
      m_findings(findings),
      m_validator(validator),
      m_reader(reader),
      m_ignored(tables.spaces.size()) {}

bool Compatibility::understood(std::uint16_t space) const {
  return space != Name::unknown && m_era.open(m_tables.spaces[space].since, Edition::both);
}

bool Compatibility::ignorable(std::uint16_t space, std::string_view address) const {
  if (space != Name::unknown) return m_ignored[space] != 0;
  return !m_ignorable.empty() && std::find(m_ignorable.begin(), m_ignorable.end(), address) != m_ignorable.end();
}

// Nothing of it is of markup compatibility or may be passed over.
bool Compatibility::plain(const Start& element) const {
  if (element.name.space == space_mc || ignorable(element.name.space, element.space)) return false;
  for (const Attribute& one : element.attributes) {
    if (one.name.space != space_none && (one.name.space == space_mc || ignorable(one.name.space, one.space)))
      return false;
  }
  return true;
}

void Compatibility::forward(const Start& element) {
  if (m_validator != nullptr) m_validator->start(element);
  if (m_reader == nullptr || m_aside != 0) return;
  if (m_lifted == 0) return m_reader->start(element);
  Start copy = element;
  copy.depth -= m_lifted;
  m_reader->start(copy);
}

void Compatibility::forward_end(const Start& element) {
  if (m_validator != nullptr) m_validator->end(element);
  if (m_reader == nullptr || m_aside != 0) return;
  if (m_lifted == 0) return m_reader->end(element);
  Start copy = element;
  copy.depth -= m_lifted;
  m_reader->end(copy);
}

void Compatibility::start(const Start& element) {
  m_depth = element.depth;
  if (m_skip != 0) return;
  bool among = !m_open.empty() && m_open.back().what == What::alternatives && m_open.back().depth + 1 == element.depth;
  if (!among && plain(element)) return forward(element);
  if (among) return alternative(element);
  slow(element);
}

void Compatibility::text(std::string_view text) {
  if (m_skip != 0) return;
  if (!m_open.empty() && m_open.back().what == What::alternatives && m_open.back().depth == m_depth) return;
  if (m_validator != nullptr) m_validator->text(text);
  if (m_reader != nullptr && m_aside == 0) m_reader->text(text);
}

void Compatibility::end(const Start& element) {
  m_depth = element.depth - 1;
  if (m_skip != 0) {
    if (m_skip == element.depth) m_skip = 0;
    return;
  }
  if (m_open.empty() || m_open.back().depth != element.depth) return forward_end(element);
  Open closing = m_open.back();
  m_open.pop_back();
  for (std::size_t i = closing.ignorable; i < m_ignorable.size(); ++i) {
    std::uint16_t space = m_tables.space(m_ignorable[i]);
    if (space != Name::unknown) --m_ignored[space];
  }
  m_ignorable.resize(closing.ignorable);
  m_processed.resize(closing.process);
  switch (closing.what) {
    case What::scope: return forward_end(element);
    case What::alternatives:
      if (!closing.broken && !closing.choice) {
        tell("mc-missing-choice", element.depth, "There are no alternatives in mc:AlternateContent.", "mc:Choice",
             Severity::schema);
      }
      if (m_validator != nullptr) m_validator->close_alternatives();
      break;
    case What::choice:
      if (m_validator != nullptr) m_validator->close_choice();
      break;
    case What::aside: --m_aside; break;
    default: break;
  }
  --m_lifted;
}

Compatibility::Open& Compatibility::open(What what, const Start& element) {
  Open& made = m_open.emplace_back();
  made.what = what;
  made.depth = element.depth;
  made.ignorable = m_ignorable.size();
  made.process = m_processed.size();
  if (what != What::scope) ++m_lifted;
  directives(element);
  return m_open.back();
}

// An element that has to do with it.
void Compatibility::slow(const Start& element) {
  bool root = element.depth == 1;  // of which there is one, whatever is chosen
  if (element.name.space == space_mc && element.local == "AlternateContent" && !root) return alternatives(element);
  bool says = std::any_of(element.attributes.begin(), element.attributes.end(),
                          [](const Attribute& one) { return one.name.space == space_mc; });
  bool marked = ignorable(element.name.space, element.space);
  if (marked && !understood(element.name.space)) {
    if (!processed(element)) return skip(element);
    open(What::unwrapped, element);
    return;
  }
  if (says) {
    open(What::scope, element);
    marked = ignorable(element.name.space, element.space);
  }
  filtered(element, marked);
}

// The element without what is passed over.
void Compatibility::filtered(const Start& element, bool marked) {
  m_attributes.clear();
  for (const Attribute& one : element.attributes) {
    if (one.name.space == space_mc) {
      constexpr std::string_view ours[] = {"Ignorable", "ProcessContent", "MustUnderstand", "PreserveElements",
                                           "PreserveAttributes"};
      if (std::find(std::begin(ours), std::end(ours), one.local) != std::end(ours)) continue;
    }
    bool passable = one.name.space != space_none && ignorable(one.name.space, one.space);
    if (passable && !understood(one.name.space)) continue;
    m_attributes.push_back(one);
    m_attributes.back().ignorable = passable;
  }
  Start copy = element;
  copy.attributes = m_attributes;
  copy.ignorable = marked;
  forward(copy);
}

}  // namespace ooxml
