// Writes the tables as a source of plain arrays, and the names as constants.
#include <array>
#include <cctype>
#include <cstdio>
#include <sstream>

#include "compiled.hpp"

namespace ooxml::compiler {

namespace {

std::string text(std::string_view from) {
  std::string made = "\"";
  for (char c : from) {
    if (c == '"' || c == '\\') made += '\\';
    if (c == '?') made += '\\';
    made += c;
  }
  return made + "\"";
}

std::string number(double value) {
  std::array<char, 40> digits{};
  std::snprintf(digits.data(), digits.size(), "%.17g", value);
  return digits.data();
}

std::string number(std::int64_t value) {
  return value == INT64_MIN ? "INT64_MIN"
                            : std::to_string(value) + (value > INT32_MAX || value < INT32_MIN ? "LL" : "");
}

template <class Enum>
std::string number_of(Enum value) {
  return std::to_string(static_cast<int>(value));
}

std::string row(Name name) { return "{" + std::to_string(name.space) + "," + std::to_string(name.local) + "}"; }
std::string row(std::string_view one) { return text(one); }
std::string row(std::uint16_t one) { return std::to_string(one); }
std::string row(std::uint8_t one) { return std::to_string(one); }
std::string list(std::initializer_list<std::string> fields) {
  std::string made = "{";
  for (const std::string& field : fields) made += (made.size() > 1 ? "," : "") + field;
  return made + "}";
}
std::string flag(bool value) { return value ? "true" : "false"; }
std::string edition(Edition value) { return "Edition{" + number_of(value) + "}"; }
template <class Number>
std::string plain(Number value) {
  return std::to_string(value);
}

std::string row(const SpaceRow& r) { return list({text(r.prefix), text(r.address), text(r.shown), plain(r.since)}); }
std::string row(const AddressRow& r) { return list({text(r.address), plain(r.space), flag(r.strict)}); }
std::string row(const TypeRow& r) {
  return list({text(r.name), "Content{" + number_of(r.content) + "}", plain(r.text), plain(r.symbols_count),
               plain(r.wilds_count), plain(r.attributes_count), plain(r.required_count), plain(r.classes),
               plain(r.states), plain(r.symbols), plain(r.wilds), plain(r.attributes), plain(r.steps), plain(r.ends)});
}
std::string row(const SymbolRow& r) {
  return list({row(r.name), plain(r.type), plain(r.group), plain(r.since), plain(r.least), plain(r.most),
               edition(r.edition), flag(r.extension), flag(r.needed)});
}
std::string row(const WildRow& r) {
  return list(
      {"Wild{" + number_of(r.wild) + "}", plain(r.group), plain(r.own), plain(r.spaces_count), plain(r.spaces)});
}
std::string row(const AttributeRow& r) {
  return list({row(r.name), plain(r.value), plain(r.since), edition(r.edition), flag(r.required)});
}
std::string row(const ValueRow& r) {
  return list({text(r.name), "ValueKind{" + number_of(r.kind) + "}", plain(r.width), flag(r.sign), flag(r.bounded),
               number(r.from), number(r.to), number(r.low), number(r.high), plain(r.first), plain(r.count)});
}
std::string row(const WordRow& r) { return list({text(r.word), plain(r.since), edition(r.edition)}); }
std::string row(const PatternRow& r) {
  return list({text(r.text), plain(r.classes), plain(r.steps), plain(r.ends), plain(r.width)});
}
std::string row(const PartRow& r) { return list({text(r.content_type), row(r.name), plain(r.type)}); }
std::string row(const ElementRow& r) { return list({row(r.name), plain(r.type), plain(r.since)}); }
std::string row(const ExtensionRow& r) { return list({text(r.uri), plain(r.in), row(r.name)}); }

template <class Rows>
void array(std::ostringstream& out, const char* type, const char* name, const Rows& rows) {
  if (rows.empty()) return;
  out << "constexpr " << type << " " << name << "[] = {";
  int in_line = 0;
  for (const auto& one : rows) {
    out << (in_line++ % 16 == 0 ? "\n" : "") << row(one) << ",";
  }
  out << "\n};\n";
}

bool keyword(const std::string& word) {
  static const std::set<std::string> words = {
      "alignas",   "alignof",   "and",      "and_eq",        "asm",        "auto",      "bitand",
      "bitor",     "bool",      "break",    "case",          "catch",      "char",      "char8_t",
      "class",     "compl",     "concept",  "const",         "const_cast", "consteval", "constexpr",
      "constinit", "continue",  "co_await", "co_return",     "co_yield",   "decltype",  "default",
      "delete",    "do",        "double",   "dynamic_cast",  "else",       "enum",      "explicit",
      "export",    "extern",    "false",    "float",         "for",        "friend",    "goto",
      "if",        "inline",    "int",      "long",          "mutable",    "namespace", "new",
      "noexcept",  "not",       "not_eq",   "nullptr",       "operator",   "or",        "or_eq",
      "private",   "protected", "public",   "register",      "requires",   "return",    "short",
      "signed",    "sizeof",    "static",   "static_assert", "struct",     "switch",    "template",
      "this",      "throw",     "true",     "try",           "typedef",    "typeid",    "typename",
      "union",     "unsigned",  "using",    "virtual",       "void",       "volatile",  "while",
      "xor",       "xor_eq",    "NULL",     "EOF",           "linux",      "unix"};
  return words.count(word) != 0;
}

std::string identifier(std::string_view from) {
  std::string made;
  for (char c : from) made += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  if (!made.empty() && std::isdigit(static_cast<unsigned char>(made[0])) != 0) made.insert(0, "_");
  return keyword(made) ? made + "_" : made;
}

}  // namespace

std::string tables_source(const Compiled& c) {
  std::ostringstream out;
  out << "// Written by ooxml-grammar.\n#include \"tables.hpp\"\n\nnamespace ooxml {\nnamespace {\n";
  array(out, "SpaceRow", "spaces", c.spaces);
  array(out, "AddressRow", "addresses", c.addresses);
  array(out, "std::string_view", "locals", c.locals);
  array(out, "Name", "elements", c.elements);
  array(out, "TypeRow", "types", c.types);
  array(out, "SymbolRow", "symbols", c.symbols);
  array(out, "WildRow", "wilds", c.wilds);
  array(out, "std::uint16_t", "wild_spaces", c.wild_spaces);
  array(out, "AttributeRow", "attributes", c.attributes);
  array(out, "std::uint16_t", "steps", c.steps);
  array(out, "std::uint8_t", "ends", c.ends);
  array(out, "ValueRow", "values", c.values);
  array(out, "std::uint16_t", "members", c.members);
  array(out, "WordRow", "words", c.words);
  array(out, "PatternRow", "patterns", c.patterns);
  array(out, "std::uint8_t", "pattern_classes", c.pattern_classes);
  array(out, "std::uint16_t", "pattern_steps", c.pattern_steps);
  array(out, "std::uint8_t", "pattern_ends", c.pattern_ends);
  array(out, "PartRow", "parts", c.parts);
  array(out, "ElementRow", "globals", c.globals);
  array(out, "ExtensionRow", "extensions", c.extensions);
  out << "}  // namespace\n\nconst Tables& grammar() {\n  static constexpr Tables tables{";
  auto use = [&out](const char* name, bool empty) { out << (empty ? "{}" : name) << ", "; };
  use("spaces", c.spaces.empty());
  use("addresses", c.addresses.empty());
  use("locals", c.locals.empty());
  use("elements", c.elements.empty());
  use("types", c.types.empty());
  use("symbols", c.symbols.empty());
  use("wilds", c.wilds.empty());
  use("wild_spaces", c.wild_spaces.empty());
  use("attributes", c.attributes.empty());
  use("steps", c.steps.empty());
  use("ends", c.ends.empty());
  use("values", c.values.empty());
  use("members", c.members.empty());
  use("words", c.words.empty());
  use("patterns", c.patterns.empty());
  use("pattern_classes", c.pattern_classes.empty());
  use("pattern_steps", c.pattern_steps.empty());
  use("pattern_ends", c.pattern_ends.empty());
  use("parts", c.parts.empty());
  use("globals", c.globals.empty());
  use("extensions", c.extensions.empty());
  out << "};\n  return tables;\n}\n\n}  // namespace ooxml\n";
  return out.str();
}

std::string names_header(const Compiled& c) {
  std::ostringstream out;
  out << "// Written by ooxml-grammar: every name that stands in the grammar.\n#pragma once\n\n#include \"xml.hpp\"\n\n"
      << "namespace ooxml::names {\n";
  int space = -1;
  std::set<std::string> taken;
  for (Name name : c.names) {
    if (name.space != space) {
      if (space >= 0) out << "}\n";
      space = name.space;
      taken.clear();
      out << "namespace " << identifier(c.spaces[name.space].prefix) << " {\n";
    }
    std::string called = identifier(c.locals[name.local]);
    while (!taken.insert(called).second) called += "_";
    out << "inline constexpr ooxml::Name " << called << row(name) << ";\n";
  }
  if (space >= 0) out << "}\n";
  out << "}  // namespace ooxml::names\n";
  return out.str();
}

}  // namespace ooxml::compiler
