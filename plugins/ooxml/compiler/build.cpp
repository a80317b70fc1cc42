// Names and spaces become numbers; types follow.
#include "build.hpp"

#include <algorithm>

namespace ooxml::compiler {

Tables Compiled::tables() const {
  return {spaces,      addresses,       locals,        elements,     types,  symbols, wilds,
          wild_spaces, attributes,      steps,         ends,         values, members, words,
          patterns,    pattern_classes, pattern_steps, pattern_ends, parts,  globals, extensions};
}

Compiled compile(Model model, Problems& problems) {
  model.enumerations.try_emplace("XmlSpace", Enumeration{.words = {{"default"}, {"preserve"}}});
  return Builder(model, problems).build();
}

Compiled Builder::build() {
  spaces();
  collect_names();
  std::uint16_t number = 0;
  for (const auto& [name, one] : m_model.types) m_types[name] = number++;
  for (const auto& [name, one] : m_model.enumerations) {
    if (m_model.values.count(name) != 0) complain(one.place, name + " is an enumeration and a value");
    value({.place = one.place, .named = name});
  }
  for (const auto& [name, one] : m_model.values) value({.place = one.place, .named = name});
  for (const auto& [name, one] : m_model.types) type(name, one);
  roots();
  for (const auto& [name, one] : m_model.types) {
    if (m_used.count(name) == 0) m_problems.push_back({one.place, "nothing is of the type " + name, false});
  }
  m_made.elements.assign(m_elements.begin(), m_elements.end());
  return std::move(m_made);
}

void Builder::spaces() {
  auto add = [this](const Space& space) {
    auto [at, added] = m_spaces.emplace(space.prefix, static_cast<std::uint16_t>(m_made.spaces.size()));
    if (!added) return complain(space.place, "the space " + space.prefix + " is there already");
    m_qualified[space.prefix] = space.qualified;
    std::string shown = space.shown.empty() ? space.prefix : space.shown;
    m_made.spaces.push_back(
        {m_made.keep(space.prefix), m_made.keep(space.addresses[0]), m_made.keep(shown), space.since});
    bool strict = false;
    for (const std::string& address : space.addresses) {
      if (!address.empty()) m_made.addresses.push_back({m_made.keep(address), at->second, strict});
      strict = true;
    }
  };
  add({.prefix = "none", .addresses = {""}});
  add({.prefix = "xml", .addresses = {"http://www.w3.org/XML/1998/namespace"}, .qualified = true});
  add({.prefix = "mc",
       .addresses = {"http://schemas.openxmlformats.org/markup-compatibility/2006"},
       .qualified = true});
  for (const Space& space : m_model.spaces) add(space);
  auto less = [](const AddressRow& a, const AddressRow& b) { return a.address < b.address; };
  std::sort(m_made.addresses.begin(), m_made.addresses.end(), less);
  for (std::size_t i = 1; i < m_made.addresses.size(); ++i) {
    const AddressRow& row = m_made.addresses[i];
    if (row.address == m_made.addresses[i - 1].address)
      complain({}, "two spaces have the address " + std::string(row.address));
  }
}

void Builder::collect_names() {
  for (const char* word : {"AlternateContent", "Choice", "Fallback", "Ignorable", "ProcessContent", "MustUnderstand",
                           "Requires", "PreserveElements", "PreserveAttributes", "space", "lang", "base", "id"}) {
    m_local_names.insert(word);
  }
  for (const auto& [name, one] : m_model.types) {
    collect_names(one.particle);
    collect_names(one.attributes);
  }
  for (const auto& [name, one] : m_model.groups) collect_names(one.particle);
  for (const auto& [name, one] : m_model.attribute_groups) collect_names(one.attributes);
  for (const Root& root : m_model.roots) m_local_names.insert(root.name.local);
  for (const Extension& one : m_model.extensions) m_local_names.insert(one.name.local);
  for (const std::string& local : m_local_names) {
    m_locals[local] = static_cast<std::uint16_t>(m_made.locals.size());
    m_made.locals.push_back(local);
  }
  for (std::string_view& local : m_made.locals) local = m_made.keep(std::string(local));
}

void Builder::collect_names(const Particle& particle) {
  if (particle.kind == Particle::Kind::element) m_local_names.insert(particle.name.local);
  for (const Particle& child : particle.children) collect_names(child);
}

void Builder::collect_names(const std::vector<AttributeUse>& attributes) {
  for (const AttributeUse& one : attributes) {
    if (one.group.empty()) m_local_names.insert(one.name.local);
  }
}

std::uint16_t Builder::space_of(const std::string& prefix, const Place& place) {
  auto found = m_spaces.find(prefix);
  if (found != m_spaces.end()) return found->second;
  complain(place, prefix.empty() ? "a name without a prefix, and no \"use\" before it" : "there is no space " + prefix);
  return space_none;
}

bool Builder::qualified(const std::string& prefix) const {
  auto found = m_qualified.find(prefix);
  return found != m_qualified.end() && found->second;
}

Name Builder::name(std::uint16_t space, const std::string& local) {
  Name made{space, m_locals.at(local)};
  m_made.names.insert(made);
  return made;
}

Name Builder::element_name(const Called& called, const Place& place) {
  Name made = name(space_of(called.prefix, place), called.local);
  m_elements.insert(made);
  return made;
}

Name Builder::attribute_name(const Called& called, const Place& place) {
  std::uint16_t space = space_of(called.prefix, place);
  return name(called.implicit && !qualified(called.prefix) ? space_none : space, called.local);
}

std::uint16_t Builder::type_of(const std::string& type, const Place& place) {
  m_used.insert(type);
  auto found = m_types.find(type);
  if (found != m_types.end()) return found->second;
  complain(place, "there is no type " + type);
  return no_type;
}

void Builder::roots() {
  for (const Root& root : m_model.roots) {
    Name called = element_name(root.name, root.place);
    std::uint16_t type = type_of(root.type, root.place);
    if (!root.content_type.empty()) m_made.parts.push_back({m_made.keep(root.content_type), called, type});
    auto same = std::find_if(m_made.globals.begin(), m_made.globals.end(),
                             [&](const ElementRow& row) { return row.name == called; });
    if (same == m_made.globals.end()) {
      m_made.globals.push_back({called, type, root.gate.since});
    } else if (same->type != type) {
      complain(root.place, root.name.local + " is the root of two types");
    }
  }
  for (const Extension& one : m_model.extensions) {
    m_made.extensions.push_back({m_made.keep(one.uri), type_of(one.in, one.place), element_name(one.name, one.place)});
  }
  auto parts = [](const PartRow& a, const PartRow& b) { return a.content_type < b.content_type; };
  std::stable_sort(m_made.parts.begin(), m_made.parts.end(), parts);
  auto globals = [](const ElementRow& a, const ElementRow& b) { return a.name < b.name; };
  std::sort(m_made.globals.begin(), m_made.globals.end(), globals);
}

}  // namespace ooxml::compiler
