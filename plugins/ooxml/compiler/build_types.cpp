// A type: the symbols that may stand in it, its automaton, its attributes.
#include <algorithm>

#include "build.hpp"

namespace ooxml::compiler {

namespace {

constexpr int most_written_out = 64, deepest = 32;

// Wildcards are numbered from -1 downwards until it is known how many names there are.
void number_wildcards(Node& node, int names) {
  if (node.kind == Node::Kind::symbol && node.symbol < 0) node.symbol = names - 1 - node.symbol;
  for (Node& child : node.children) number_wildcards(child, names);
}

bool fits(const WildRow& wild, std::uint16_t space, const std::vector<std::uint16_t>& listed) {
  if (wild.wild == Wild::any) return true;
  if (wild.wild == Wild::other) return space != wild.own;
  auto first = listed.begin() + wild.spaces;
  return std::find(first, first + wild.spaces_count, space) != first + wild.spaces_count;
}

}  // namespace

void Builder::type(const std::string& name, const Type& from) {
  TypeRow row{};
  row.name = m_made.keep(name);
  row.content = from.content;
  row.text = from.content == Content::text ? value(from.text) : no_value;
  Contents contents;
  try {
    const std::vector<Particle>& children = from.particle.children;
    if (children.size() == 1 && children[0].kind == Particle::Kind::all &&
        from.particle.kind == Particle::Kind::sequence) {
      all(from, contents, row);
    } else if (from.content == Content::children || from.content == Content::mixed) {
      Node root = node(from.particle, contents);
      number_wildcards(root, static_cast<int>(contents.symbols.size()));
      put(contents, make_automaton(root, static_cast<int>(contents.symbols.size() + contents.wilds.size())), row);
      extensions(name, contents);
    }
  } catch (const Wrong& wrong) {
    complain(from.place, name + ": " + wrong.text);
  }
  std::sort(contents.symbols.begin(), contents.symbols.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  row.symbols = static_cast<std::uint32_t>(m_made.symbols.size());
  row.symbols_count = static_cast<std::uint16_t>(contents.symbols.size());
  row.wilds = static_cast<std::uint32_t>(m_made.wilds.size());
  row.wilds_count = static_cast<std::uint16_t>(contents.wilds.size());
  m_made.symbols.insert(m_made.symbols.end(), contents.symbols.begin(), contents.symbols.end());
  m_made.wilds.insert(m_made.wilds.end(), contents.wilds.begin(), contents.wilds.end());
  std::vector<AttributeRow> rows;
  attributes(from.attributes, rows, 0);
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  row.attributes = static_cast<std::uint32_t>(m_made.attributes.size());
  row.attributes_count = static_cast<std::uint16_t>(rows.size());
  row.required_count =
      static_cast<std::uint16_t>(std::count_if(rows.begin(), rows.end(), [](const auto& a) { return a.required; }));
  m_made.attributes.insert(m_made.attributes.end(), rows.begin(), rows.end());
  m_made.types.push_back(row);
}

void Builder::put(Contents& contents, const Automaton& automaton, TypeRow& row) {
  std::size_t names = contents.symbols.size();
  for (std::size_t i = 0; i < names; ++i) contents.symbols[i].group = automaton.classes[i];
  for (std::size_t i = 0; i < contents.wilds.size(); ++i) contents.wilds[i].group = automaton.classes[names + i];
  row.classes = automaton.width;
  row.states = static_cast<std::uint16_t>(automaton.ends.size());
  row.steps = static_cast<std::uint32_t>(m_made.steps.size());
  row.ends = static_cast<std::uint32_t>(m_made.ends.size());
  m_made.steps.insert(m_made.steps.end(), automaton.steps.begin(), automaton.steps.end());
  m_made.ends.insert(m_made.ends.end(), automaton.ends.begin(), automaton.ends.end());
}

Node Builder::node(const Particle& particle, Contents& contents) {
  if (particle.kind == Particle::Kind::all) throw Wrong{"all(…) is the whole content or none of it"};
  if (particle.kind == Particle::Kind::element) return element(particle, contents);
  if (particle.kind == Particle::Kind::wild) return wildcard(particle, contents);
  bool before = contents.repeated;
  contents.repeated |= particle.most != 1;
  Node made{.least = particle.least, .most = particle.most};
  bool few = particle.most <= most_written_out && particle.least <= most_written_out;
  if (!few) throw Wrong{"brackets can be counted up to " + std::to_string(most_written_out)};
  if (particle.kind == Particle::Kind::group) {
    auto group = m_model.groups.find(particle.type);
    if (group == m_model.groups.end()) throw Wrong{"there is no group " + particle.type};
    if (++contents.depth > deepest) throw Wrong{"the group " + particle.type + " holds itself"};
    made.children.push_back(node(group->second.particle, contents));
    --contents.depth;
  } else {
    if (particle.kind == Particle::Kind::choice) made.kind = Node::Kind::choice;
    for (const Particle& child : particle.children) made.children.push_back(node(child, contents));
  }
  contents.repeated = before;
  return made;
}

Node Builder::element(const Particle& particle, Contents& contents) {
  SymbolRow row{};
  row.name = element_name(particle.name, particle.place);
  row.type = type_of(particle.type, particle.place);
  row.since = particle.gate.since;
  row.edition = particle.gate.edition;
  Node made{.kind = Node::Kind::symbol, .least = particle.least, .most = particle.most};
  bool counted = particle.most > most_written_out || particle.least > most_written_out;
  if (counted) {
    if (contents.repeated) throw Wrong{particle.name.local + " is counted so far, and what it stands in is repeated"};
    row.least = static_cast<std::uint16_t>(std::min(particle.least, 0xFFFF));
    row.most = particle.most == unbounded ? 0xFFFF : static_cast<std::uint16_t>(std::min(particle.most, 0xFFFF));
    made.least = std::min(particle.least, 1);
    made.most = unbounded;
  }
  auto same = std::find_if(contents.symbols.begin(), contents.symbols.end(),
                           [&](const SymbolRow& one) { return one.name == row.name; });
  made.symbol = static_cast<int>(same - contents.symbols.begin());
  if (same == contents.symbols.end()) {
    contents.symbols.push_back(row);
    return made;
  }
  if (same->type != row.type) {
    throw Wrong{particle.name.local + " is of two types: " + particle.type + " is one of them"};
  }
  if (counted || same->most != 0) throw Wrong{particle.name.local + " is counted so far, and stands there twice"};
  same->since = std::min(same->since, row.since);
  if (same->edition != row.edition) same->edition = Edition::both;
  return made;
}

Node Builder::wildcard(const Particle& particle, Contents& contents) {
  if (particle.most > most_written_out)
    throw Wrong{"a wildcard can be counted up to " + std::to_string(most_written_out)};
  WildRow row{};
  row.wild = particle.wild;
  if (particle.wild == Wild::other) row.own = space_of(particle.spaces.at(0), particle.place);
  if (particle.wild == Wild::listed) {
    row.spaces = static_cast<std::uint32_t>(m_made.wild_spaces.size());
    row.spaces_count = static_cast<std::uint16_t>(particle.spaces.size());
    for (const std::string& one : particle.spaces) m_made.wild_spaces.push_back(space_of(one, particle.place));
  }
  contents.wilds.push_back(row);
  return {.kind = Node::Kind::symbol,
          .symbol = -static_cast<int>(contents.wilds.size()),
          .least = particle.least,
          .most = particle.most};
}

// Each has a bit, and no order.
void Builder::all(const Type& from, Contents& contents, TypeRow& row) {
  row.content = Content::all;
  for (const Particle& particle : from.particle.children[0].children) {
    if (particle.kind != Particle::Kind::element || particle.most != 1) throw Wrong{"all(…) holds single elements"};
    std::size_t before = contents.symbols.size();
    element(particle, contents);
    if (contents.symbols.size() == before) throw Wrong{particle.name.local + " stands twice in all(…)"};
    contents.symbols.back().group = static_cast<std::uint16_t>(before);
    contents.symbols.back().needed = particle.least == 1 && from.particle.children[0].least == 1;
  }
  if (contents.symbols.size() > 64) throw Wrong{"all(…) holds 64 elements at most"};
}

// What is known to stand where a wildcard does.
void Builder::extensions(const std::string& type, Contents& contents) {
  for (const Extension& one : m_model.extensions) {
    if (one.in != type) continue;
    Name called = element_name(one.name, one.place);
    std::uint16_t its = type_of(one.type, one.place);
    auto same = std::find_if(contents.symbols.begin(), contents.symbols.end(),
                             [&](const SymbolRow& row) { return row.name == called; });
    if (same != contents.symbols.end()) {
      if (same->type != its) complain(one.place, one.name.local + " is of another type in " + type);
      continue;
    }
    auto wild = std::find_if(contents.wilds.begin(), contents.wilds.end(),
                             [&](const WildRow& row) { return fits(row, called.space, m_made.wild_spaces); });
    if (wild == contents.wilds.end()) {
      complain(one.place, type + " has no wildcard for " + one.name.local);
      continue;
    }
    SymbolRow row{};
    row.name = called;
    row.type = its;
    row.group = wild->group;
    row.since = one.gate.since;
    row.edition = one.gate.edition;
    row.extension = true;
    contents.symbols.push_back(row);
  }
  for (const Extension& one : m_model.extensions) {
    if (m_model.types.count(one.in) == 0 && type == m_model.types.begin()->first)
      complain(one.place, "there is no type " + one.in);
  }
}

void Builder::attributes(const std::vector<AttributeUse>& from, std::vector<AttributeRow>& rows, int depth) {
  for (const AttributeUse& one : from) {
    if (!one.group.empty()) {
      auto group = m_model.attribute_groups.find(one.group);
      if (group == m_model.attribute_groups.end() || depth > deepest) {
        complain(one.place, depth > deepest ? one.group + " holds itself" : "there are no attributes " + one.group);
        continue;
      }
      attributes(group->second.attributes, rows, depth + 1);
      continue;
    }
    AttributeRow row{};
    row.name = attribute_name(one.name, one.place);
    row.value = value(one.value);
    row.since = one.gate.since;
    row.edition = one.gate.edition;
    row.required = one.required;
    auto same =
        std::find_if(rows.begin(), rows.end(), [&](const AttributeRow& other) { return other.name == row.name; });
    if (same == rows.end()) {
      rows.push_back(row);
    } else {
      complain(one.place, "the attribute " + one.name.local + " stands there twice");
    }
  }
}

}  // namespace ooxml::compiler
