// XML, read once from front to back in bounded memory: names become numbers, what is escaped is told as it is meant,
// and where a thing stands is known. No document is ever built. DTDs, entities of their own and deep nesting are
// refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "archive.hpp"

namespace ooxml {

// A namespace and a local name that the grammar knows, as numbers (names.hpp has them). A namespace's strict and
// transitional address are one.
struct Name {
  static constexpr std::uint16_t unknown = 0xFFFF;
  std::uint16_t space = unknown;  // of an attribute without a prefix: 0
  std::uint16_t local = unknown;
  constexpr std::uint32_t key() const { return static_cast<std::uint32_t>(space) << 16 | local; }
  friend constexpr bool operator==(Name a, Name b) { return a.key() == b.key(); }
  friend constexpr auto operator<=>(Name a, Name b) { return a.key() <=> b.key(); }
};

struct Attribute {
  Name name;
  std::string_view space, prefix,
      local;               // as the file writes them: the namespace's address, the prefix, the local name
  std::string_view value;  // unescaped, white space as XML says
  bool ignorable = false;  // mc:Ignorable names its space: who does not know it passes over it
};

class Spaces;
struct Tables;

struct Start {
  Name name;
  std::string_view space, prefix, local;
  std::span<const Attribute> attributes;  // without declarations of namespaces
  std::size_t line = 0;
  std::uint64_t offset = 0;        // of its "<" in the part's text (of UTF-16: in what it is as UTF-8)
  std::size_t depth = 0;           // 1: the root
  std::uint32_t number = 0;        // of "prefix:local" among all that this text has, from zero
  bool declares = false;           // namespaces
  bool ignorable = false;          // mc:Ignorable names its space
  const Spaces* spaces = nullptr;  // what is declared here, for values that name prefixes

  // What an attribute says; null data(): it is not there.
  std::string_view value(Name attribute) const;
  bool has(Name attribute) const { return value(attribute).data() != nullptr; }
};

// What reads along. Views are good for the call alone.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void start(const Start& element) = 0;
  virtual void text(std::string_view text) = 0;  // a text may come in pieces; CDATA is text
  virtual void end(const Start& element) = 0;    // the same names, line and depth; no attributes
  // The text is not read to its end: an exception is on its way. What was told of is gone once this returns.
  virtual void broken() {}
};

struct XmlLimits {
  std::size_t depth = 256;
  std::size_t attributes = 512;
  std::size_t attribute_bytes = 8 << 20;  // of all in one tag
  std::size_t name_bytes = 1024;
  std::size_t spaces = 512;   // addresses in all, and declarations that hold at one place
  std::size_t names = 65536;  // different ones, as they are written
};

// Not well-formed, or beyond a limit; the code is a finding's ("not-well-formed", "depth-limit", "dtd", "bad-encoding",
// …).
struct Malformed : std::runtime_error {
  Malformed(std::string what_code, const std::string& message, std::size_t where)
      : std::runtime_error(message), code(std::move(what_code)), line(where) {}
  std::string code;
  std::size_t line;
};

// What the grammar knows; of the names, read_xml needs no more.
const Tables& grammar();

// Reads it all, and tells the handler. UTF-8 and UTF-16. Throws `Malformed`, and what the source and the handler throw.
void read_xml(Source& source, Handler& handler, const XmlLimits& limits = {}, const Tables& tables = grammar());

}  // namespace ooxml
