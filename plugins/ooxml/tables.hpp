// What the compiler of the grammar writes and the reader and the validator run: plain rows in plain arrays.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "xml.hpp"

namespace ooxml {

// Spaces whose numbers are the same in every grammar; all others follow.
constexpr std::uint16_t space_none = 0, space_xml = 1, space_mc = 2;

constexpr std::uint16_t no_state = 0xFFFF, no_type = 0xFFFF, no_value = 0xFFFF;

enum class Edition : std::uint8_t { both, transitional, strict };

struct SpaceRow {
  std::string_view prefix, address;  // the transitional address
  std::string_view shown;            // what it is called where a file has no prefix for it
  std::uint16_t since;               // an Office's year; 0: always
};
struct AddressRow {  // sorted by the address
  std::string_view address;
  std::uint16_t space;
  bool strict;
};

enum class Content : std::uint8_t { empty, text, children, mixed, all };

// An element's type. Symbols are the names that may stand in it; those that act alike are of one class, and from a
// state a class leads to the next.
struct TypeRow {
  std::string_view name;
  Content content;
  std::uint16_t text;  // the value of a text
  std::uint16_t symbols_count, wilds_count, attributes_count, required_count, classes, states;
  std::uint32_t symbols, wilds, attributes;  // where they begin
  std::uint32_t steps;                       // states × classes
  std::uint32_t ends;                        // of each state: may the element end here?
};
struct SymbolRow {  // of a type sorted by the name
  Name name;
  std::uint16_t type, group;  // the class; of `all`: the bit
  std::uint16_t since;        // an Office's year; 0: always
  std::uint16_t least, most;  // counted where the automaton does not; most 0: not counted
  Edition edition;
  bool extension;  // stands for a wildcard
  bool needed;     // of `all`
};
enum class Wild : std::uint8_t { any, other, listed };
struct WildRow {
  Wild wild;
  std::uint16_t group;
  std::uint16_t own;  // the space that is not `other`
  std::uint16_t spaces_count;
  std::uint32_t spaces;
};
struct AttributeRow {  // of a type sorted by the name
  Name name;
  std::uint16_t value, since;
  Edition edition;
  bool required;
};

enum class ValueKind : std::uint8_t {
  string,  // a length between from and to
  token,
  boolean,
  onoff,
  integer,  // between from and to
  number,   // between low and high
  hex,      // from: digits
  base64,
  datetime,
  guid,
  uri,
  language,
  ncname,
  universal,
  percent,
  cell,
  range,
  ranges,
  rid,
  words,  // of an enumeration
  pattern,
  list,  // of the value that `first` begins
  one_of
};
struct ValueRow {
  std::string_view name;  // that the grammar gives it; empty: none
  ValueKind kind;
  std::uint8_t width;  // of an integer: bits; negative numbers are of those that are signed
  bool sign;
  bool bounded;  // the grammar says a bound of its own
  std::int64_t from, to;
  double low, high;
  std::uint32_t first, count;  // words, or members of one_of and list; of a pattern its number
};
struct WordRow {  // of an enumeration sorted by the word
  std::string_view word;
  std::uint16_t since;
  Edition edition;
};
// An automaton over bytes: a byte's class, and from a state the next; state 0 is the first, 0xFFFF none.
struct PatternRow {
  std::string_view text;
  std::uint32_t classes, steps, ends;  // where 256 classes, states × classes, states begin
  std::uint16_t width;                 // classes
};
struct PartRow {
  std::string_view content_type;
  Name name;
  std::uint16_t type;
};
struct ElementRow {  // sorted by the name: what a wildcard knows
  Name name;
  std::uint16_t type, since;
};
struct ExtensionRow {
  std::string_view uri;
  std::uint16_t in;
  Name name;
};

struct Tables {
  std::span<const SpaceRow> spaces;
  std::span<const AddressRow> addresses;
  std::span<const std::string_view> locals;  // sorted
  std::span<const Name> elements;            // sorted: all that stand anywhere
  std::span<const TypeRow> types;
  std::span<const SymbolRow> symbols;
  std::span<const WildRow> wilds;
  std::span<const std::uint16_t> wild_spaces;
  std::span<const AttributeRow> attributes;
  std::span<const std::uint16_t> steps;
  std::span<const std::uint8_t> ends;
  std::span<const ValueRow> values;
  std::span<const std::uint16_t> members;  // of values
  std::span<const WordRow> words;
  std::span<const PatternRow> patterns;
  std::span<const std::uint8_t> pattern_classes;
  std::span<const std::uint16_t> pattern_steps;
  std::span<const std::uint8_t> pattern_ends;
  std::span<const PartRow> parts;
  std::span<const ElementRow> globals;
  std::span<const ExtensionRow> extensions;

  // Name::unknown: nobody knows it.
  std::uint16_t space(std::string_view address) const;
  std::uint16_t local(std::string_view text) const;
  bool element(Name name) const;
};

}  // namespace ooxml
