// The tables while they are made; they look like those that are written.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model.hpp"

namespace ooxml::compiler {

struct Compiled {
  std::deque<std::string> texts;  // that the rows name
  std::vector<SpaceRow> spaces;
  std::vector<AddressRow> addresses;
  std::vector<std::string_view> locals;
  std::vector<Name> elements;
  std::vector<TypeRow> types;
  std::vector<SymbolRow> symbols;
  std::vector<WildRow> wilds;
  std::vector<std::uint16_t> wild_spaces;
  std::vector<AttributeRow> attributes;
  std::vector<std::uint16_t> steps;
  std::vector<std::uint8_t> ends;
  std::vector<ValueRow> values;
  std::vector<std::uint16_t> members;
  std::vector<WordRow> words;
  std::vector<PatternRow> patterns;
  std::vector<std::uint8_t> pattern_classes;
  std::vector<std::uint16_t> pattern_steps;
  std::vector<std::uint8_t> pattern_ends;
  std::vector<PartRow> parts;
  std::vector<ElementRow> globals;
  std::vector<ExtensionRow> extensions;
  std::set<Name> names;  // all that stand anywhere, elements and attributes

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
  Tables tables() const;
};

// Nothing of use where `problems` has an error.
Compiled compile(Model model, Problems& problems);

// What CMake compiles then: the tables as a source, and the names as a header.
std::string tables_source(const Compiled& compiled);
std::string names_header(const Compiled& compiled);

}  // namespace ooxml::compiler
