// A package that is open: finding parts in it and reading them.
#include "package.hpp"

#include <algorithm>

#include "part_name.hpp"

namespace ooxml {

const Relationship* Part::relation(std::string_view id) const {
  const auto found =
      std::find_if(relations.begin(), relations.end(), [&](const Relationship& one) { return one.id == id; });
  return found == relations.end() ? nullptr : &*found;
}

const Relationship* Part::relation_of(std::string_view type) const {
  const auto found =
      std::find_if(relations.begin(), relations.end(), [&](const Relationship& one) { return one.type == type; });
  return found == relations.end() ? nullptr : &*found;
}

const Part* Package::part(std::string_view name) const {
  const auto found = m_places.find(name_key(name));
  return found == m_places.end() ? nullptr : &m_parts[found->second];
}

std::unique_ptr<Source> Package::read(const Part& part) const {
  return m_archive->read(part.entry, m_limits.part_bytes, m_limits.ratio);
}

std::string Package::whole(const Part& part, std::size_t most) const {
  const auto source = m_archive->read(part.entry, most, m_limits.ratio);
  std::string text;
  for (std::string_view piece = source->next(); !piece.empty(); piece = source->next()) text += piece;
  return text;
}

}  // namespace ooxml
