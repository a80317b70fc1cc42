// Prefixes and what they stand for, and how it was before.
#include "spaces.hpp"

namespace ooxml {

Spaces::Spaces(const Tables& tables, std::size_t most) : m_tables(tables), m_most(most) {
  m_prefixes.push_back({"", {"", space_none}});
  m_prefixes.push_back({"xml", {"http://www.w3.org/XML/1998/namespace", space_xml}});
}

Spaces::Bound Spaces::bound(std::string_view prefix) const {
  for (const Prefix& known : m_prefixes) {
    if (known.text == prefix) return known.now;
  }
  return {};
}

std::size_t Spaces::number(std::string_view prefix) {
  for (std::size_t i = 0; i < m_prefixes.size(); ++i) {
    if (m_prefixes[i].text == prefix) return i;
  }
  if (m_prefixes.size() >= m_most) return SIZE_MAX;
  m_prefixes.push_back({std::string(prefix), {}});
  return m_prefixes.size() - 1;
}

bool Spaces::declare(std::size_t number, std::string_view address) {
  if (m_undo.size() >= m_most) return false;
  auto kept = m_addresses.find(std::string(address));
  if (kept == m_addresses.end()) {
    if (m_addresses.size() >= m_most) return false;
    kept = m_addresses.emplace(address).first;
  }
  Bound& now = m_prefixes[number].now;
  m_undo.push_back({number, now});
  now = {*kept, kept->empty() ? space_none : m_tables.space(*kept)};
  return true;
}

void Spaces::back_to(std::size_t mark) {
  while (m_undo.size() > mark) {
    m_prefixes[m_undo.back().number].now = m_undo.back().before;
    m_undo.pop_back();
  }
}

}  // namespace ooxml
