// A name is taken apart when it is met for the first time.
#include "xml_names.hpp"

#include <bit>

#include "xml_text.hpp"

namespace ooxml {

WrittenNames::WrittenNames(const Tables& tables, Spaces& spaces, std::size_t most)
    : m_tables(tables), m_spaces(spaces), m_most(most), m_slots(512), m_shift(64 - 9), m_mask(511) {}

WrittenName* WrittenNames::add(std::string_view text, std::size_t at, std::uint64_t key) {
  if (m_names.size() >= m_most) return nullptr;
  std::size_t colon = text.find(':');
  std::string_view local = text.substr(colon == text.npos ? 0 : colon + 1);
  if (colon == 0 || local.empty() || local.find(':') != local.npos || !starts_name(local[0]) || !starts_name(text[0])) {
    throw NoName{};
  }
  std::size_t space = m_spaces.number(colon == text.npos ? std::string_view() : text.substr(0, colon));
  if (space == SIZE_MAX) return nullptr;
  WrittenName& name = m_names.emplace_back();
  name.text = text;
  name.local = std::string_view(name.text).substr(text.size() - local.size());
  name.prefix = std::string_view(name.text).substr(0, colon == text.npos ? 0 : colon);
  name.space = space;
  name.number = static_cast<std::uint32_t>(m_names.size() - 1);
  name.declares = name.prefix == "xmlns" || name.text == "xmlns";
  name.id = m_tables.local(name.local);
  m_slots[at] = {key, &name};
  if (m_names.size() * 2 > m_slots.size()) grow();
  return &name;
}

void WrittenNames::grow() {
  std::vector<Slot> before(m_slots.size() * 4);
  before.swap(m_slots);
  m_mask = m_slots.size() - 1;
  m_shift = 64 - std::countr_zero(m_slots.size());
  for (const Slot& slot : before) {
    if (slot.name == nullptr) continue;
    std::size_t at = slot.key >> m_shift;
    while (m_slots[at].name != nullptr) at = (at + 1) & m_mask;
    m_slots[at] = slot;
  }
}

}  // namespace ooxml
