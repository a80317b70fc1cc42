// Counting costs a look at the name that was counted last; only a path is made of it when somebody asks.
#include "track.hpp"

namespace ooxml {

namespace {

constexpr std::size_t few = 24;

// One number for each name: of names that nobody knows, for each way to write them.
std::uint64_t key_of(const Start& element) {
  bool known = element.name.space != Name::unknown && element.name.local != Name::unknown;
  if (known) return static_cast<std::uint64_t>(element.name.space) << 16 | element.name.local;
  return std::uint64_t{1} << 63 | element.number;
}

}  // namespace

std::uint32_t Track::count(Level& parent, std::uint64_t key) {
  auto& counts = parent.counts;
  if (parent.last < counts.size() && counts[parent.last].first == key) return ++counts[parent.last].second;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].first != key) continue;
    parent.last = i;
    return ++counts[i].second;
  }
  if (counts.size() >= few) return ++parent.many[key];
  parent.last = counts.size();
  counts.emplace_back(key, 1);
  return 1;
}

void Track::start(const Start& element) {
  if (m_levels.size() < m_depth + 2) m_levels.emplace_back();
  std::uint32_t index = count(m_levels[m_depth], key_of(element));
  Level& level = m_levels[++m_depth];
  level.prefix = element.prefix;
  level.local = element.local;
  level.space = element.name.space;
  level.index = index;
  level.line = element.line;
  level.counts.clear();
  level.last = 0;
  if (!level.many.empty()) level.many.clear();
  m_offset = element.offset;
  m_next.start(element);
}

std::string Track::path(std::size_t depth) const {
  std::string path;
  for (std::size_t i = 1; i <= depth && i <= m_depth; ++i) {
    const Level& level = m_levels[i];
    std::string_view prefix = level.prefix;
    bool usual = prefix.empty() && level.space != Name::unknown && level.space != space_none;
    if (usual) prefix = m_tables.spaces[level.space].shown;
    path += '/';
    path += prefix;
    if (!prefix.empty()) path += ':';
    path += level.local;
    path += '[' + std::to_string(level.index) + ']';
  }
  return path;
}

}  // namespace ooxml
