// What the lines of a grammar say, before it is known whether it fits together.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../tables.hpp"

namespace ooxml::compiler {

struct Place {
  std::string file;
  int line = 0;
};

struct Problem {
  Place place;
  std::string text;
  bool error = true;
};

using Problems = std::vector<Problem>;

struct Gate {
  std::uint16_t since = 0;
  Edition edition = Edition::both;
};

// A name with the prefix of its space, or of the one that `use` says.
struct Called {
  std::string prefix, local;
  bool implicit = false;  // the prefix is that of `use`
};

constexpr int unbounded = -1;

struct Particle {
  enum class Kind : std::uint8_t { element, sequence, choice, all, wild, group };
  Kind kind = Kind::sequence;
  Place place{};
  int least = 1, most = 1;
  std::vector<Particle> children{};  // of sequence, choice and all
  Called name{};                     // of an element
  std::string type{};                // of an element; the name of a group
  Gate gate{};
  Wild wild = Wild::any;
  std::vector<std::string> spaces{};  // that a wildcard lists
};

struct ValueUse {
  ValueKind kind = ValueKind::string;
  Place place{};
  std::string named{};  // a value's or an enumeration's; then there is nothing else
  bool bounded = false;
  std::uint8_t width = 32;
  bool sign = true;
  std::int64_t from = 0, to = INT64_MAX;
  double low = 0, high = 0;
  std::string pattern{};
  std::vector<ValueUse> members{};  // of list and one_of
};

struct AttributeUse {
  Place place{};
  std::string group{};  // "@%Group"; then there is nothing else
  Called name{};
  bool required = false;
  ValueUse value{};
  Gate gate{};
};

struct Space {
  Place place{};
  std::string prefix{}, shown{};
  std::vector<std::string> addresses{};
  std::uint16_t since = 0;
  bool qualified = false;
};

struct Word {
  std::string text{};
  Gate gate{};
};

struct Enumeration {
  Place place{};
  std::vector<Word> words{};
};

struct NamedValue {
  Place place{};
  ValueUse value{};
};

struct Group {
  Place place{};
  Particle particle{};
};

struct AttributeGroup {
  Place place{};
  std::vector<AttributeUse> attributes{};
};

struct Type {
  Place place{};
  Content content = Content::empty;
  ValueUse text{};
  Particle particle{};
  std::vector<AttributeUse> attributes{};
  std::string own{};  // the prefix that `use` said
};

struct Root {
  Place place{};
  std::string content_type{}, type{};  // no content type: known to wildcards alone
  Called name{};
  Gate gate{};
};

struct Extension {
  Place place{};
  std::string uri{}, in{}, type{};
  Called name{};
  Gate gate{};
};

struct Model {
  std::vector<Space> spaces;
  std::map<std::string, Enumeration> enumerations;
  std::map<std::string, NamedValue> values;
  std::map<std::string, Group> groups;
  std::map<std::string, AttributeGroup> attribute_groups;
  std::map<std::string, Type> types;
  std::vector<Root> roots;
  std::vector<Extension> extensions;
};

// Adds what a file says.
void parse(const std::string& file, const std::string& text, Model& model, Problems& problems);

}  // namespace ooxml::compiler
