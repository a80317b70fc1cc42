// The automaton of each open element takes a step for each child.
#include "validator.hpp"

#include <algorithm>

namespace ooxml {

Validator::Validator(const Tables& tables, const Part& part, const Position& position, Era era, Findings& findings)
    : m_tables(tables), m_part(part), m_position(position), m_era(era), m_findings(findings) {
  m_frames.reserve(64);
}

namespace {

auto roots_of(const Tables& tables, std::string_view content_type) {
  auto less = [](const auto& a, const auto& b) {
    if constexpr (std::is_convertible_v<decltype(a), std::string_view>) {
      return std::string_view(a) < b.content_type;
    } else {
      return a.content_type < std::string_view(b);
    }
  };
  return std::equal_range(tables.parts.begin(), tables.parts.end(), content_type, less);
}

}  // namespace

bool Validator::knows(const Tables& tables, std::string_view content_type) {
  auto [first, last] = roots_of(tables, content_type);
  return first != last;
}

void Validator::start(const Start& element) {
  if (m_skipped != 0) {
    ++m_skipped;
  } else if (m_frames.empty()) {
    root(element);
  } else {
    child(m_frames.back(), element);
  }
}

void Validator::text(std::string_view text) {
  if (m_skipped != 0 || m_frames.empty()) return;
  Frame& frame = m_frames.back();
  switch (frame.type->content) {
    case Content::mixed: return;
    case Content::text:
      if (m_tables.values[frame.type->text].kind != ValueKind::string || m_tables.values[frame.type->text].bounded)
        m_text += text;
      return;
    default: break;
  }
  if (frame.spoken || is_blank(text)) return;
  frame.spoken = true;
  if (only_counted(Severity::hint)) return;
  tell("unexpected-text", frame.depth, "Text stands where only elements may.", "", "", Severity::hint);
}

void Validator::end(const Start& element) {
  if (m_skipped != 0) {
    --m_skipped;
    return;
  }
  if (m_frames.empty()) return;
  finish(m_frames.back(), element);
  m_counts.resize(m_frames.back().counted);
  m_frames.pop_back();
}

void Validator::root(const Start& element) {
  auto [first, last] = roots_of(m_tables, m_part.content_type);
  std::string expected;
  for (auto row = first; row != last; ++row) {
    if (row->name == element.name) return push(m_tables.types[row->type], element);
    expected += (expected.empty() ? "" : ", ") + called(row->name);
  }
  m_skipped = 1;
  tell("wrong-root", 0, "The part begins with an element that is none of its kind.", std::string(element.local),
       expected, Severity::refused);
}

const SymbolRow* Validator::symbol(const TypeRow& type, Name name) const {
  const SymbolRow* first = m_tables.symbols.data() + type.symbols;
  std::size_t count = type.symbols_count;
  while (count > 4) {
    std::size_t half = count / 2;
    if (first[half].name <= name) {
      first += half;
      count -= half;
    } else {
      count = half;
    }
  }
  for (; count > 0; ++first, --count) {
    if (first->name == name) return first;
  }
  return nullptr;
}

std::uint16_t Validator::step(const TypeRow& type, std::uint16_t state, std::uint16_t group) const {
  return m_tables.steps[type.steps + static_cast<std::size_t>(state) * type.classes + group];
}

bool Validator::wild(const WildRow& row, std::uint16_t space) const {
  if (row.wild == Wild::any) return true;
  if (row.wild == Wild::other) return space != row.own && space != space_none;
  auto listed = m_tables.wild_spaces.subspan(row.spaces, row.spaces_count);
  return std::find(listed.begin(), listed.end(), space) != listed.end();
}

// One that is counted, where it is one too many.
bool Validator::count(Frame& frame, const SymbolRow& symbol) {
  auto number = static_cast<std::uint32_t>(&symbol - m_tables.symbols.data());
  for (std::size_t i = frame.counted; i < m_counts.size(); ++i) {
    if (m_counts[i].symbol == number) return ++m_counts[i].count <= symbol.most || symbol.most == 0xFFFF;
  }
  m_counts.push_back({number, 1});
  return true;
}

bool Validator::advance(Frame& frame, const SymbolRow& symbol) {
  if (frame.type->content == Content::all) {
    std::uint64_t bit = std::uint64_t{1} << symbol.group;
    bool first = (frame.seen & bit) == 0;
    frame.seen |= bit;
    return first;
  }
  std::uint16_t next = step(*frame.type, frame.state, symbol.group);
  if (next == no_state || (symbol.most != 0 && !count(frame, symbol))) return false;
  frame.state = next;
  return true;
}

// Stands it where anything may? What is known is looked into.
bool Validator::by_wildcard(Frame& frame, const Start& element) {
  for (const WildRow& row : m_tables.wilds.subspan(frame.type->wilds, frame.type->wilds_count)) {
    if (!wild(row, element.name.space)) continue;
    std::uint16_t next = frame.failed ? frame.state : step(*frame.type, frame.state, row.group);
    if (next == no_state) continue;
    frame.state = next;
    auto known = std::lower_bound(m_tables.globals.begin(), m_tables.globals.end(), element.name,
                                  [](const ElementRow& one, Name name) { return one.name < name; });
    bool found =
        known != m_tables.globals.end() && known->name == element.name && m_era.open(known->since, Edition::both);
    if (found) {
      push(m_tables.types[known->type], element);
    } else {
      m_skipped = 1;
    }
    return true;
  }
  return false;
}

void Validator::child(Frame& frame, const Start& element) {
  const SymbolRow* found = symbol(*frame.type, element.name);
  if (found != nullptr && m_era.open(found->since, found->edition)) {
    const TypeRow& type = m_tables.types[found->type];
    if (!frame.failed && !advance(frame, *found)) {
      if (by_wildcard(frame, element)) return;
      refuse(frame, element, found);
    }
    frame.last = static_cast<std::uint32_t>(found - m_tables.symbols.data());
    return push(type, element);
  }
  if (by_wildcard(frame, element)) return;
  bool leaf = frame.type->content == Content::empty || frame.type->content == Content::text;
  if (leaf || !element.ignorable) refuse(frame, element, found);
  m_skipped = 1;
}

void Validator::push(const TypeRow& type, const Start& element) {
  Frame& frame = m_frames.emplace_back();
  frame.type = &type;
  frame.counted = m_counts.size();
  frame.depth = element.depth;
  if (type.content == Content::text) m_text.clear();
  attributes(type, element);
}

}  // namespace ooxml
