// What must hold between an element's attributes, or between an attribute and what it names: one line each.
#pragma once

#include <span>
#include <string_view>

#include "sheet/facts.hpp"
#include "xml.hpp"

namespace ooxml::sheet {

// An element of the part's kind; a parent without a name: whatever it stands in.
struct Where {
  Name parent, element;
};

// The attribute names a relationship of one of these types.
struct RelationRule {
  Where where;
  std::string_view types;  // separated by blanks; empty: any
  bool judged;             // the judge minds that there is none, too
  bool needed;             // Excel refuses the file without it
};

// The attribute is an index of what is counted there.
struct IndexRule {
  Where where;
  Name attribute;
  Counted of;
  // Whether the judge counts as we do; otherwise it minds only what is beyond all elements of the part.
  bool exact = false;
};

enum class Condition : std::uint8_t {
  exclusive,      // not both of the two
  absent_unless,  // only where the other says one of the words
  absent_if,      // not where the other says one of the words
  value_if,       // says `value` where the other says one of the words
  less,           // the first is a number that is smaller than the other
  less_or_equal,
};

struct ConditionRule {
  Where where;
  Condition condition;
  Name attribute, other;
  std::string_view words = {}, value = {};
};

// The attribute's value is there once in the part.
struct UniqueRule {
  Where where;
  Name attribute;
  bool whatever_case;
  bool judged;
};

// Elements that are counted, for indexes.
struct CountRule {
  Where where;
  Counted what;
};

std::span<const RelationRule> relation_rules();
std::span<const IndexRule> index_rules();
std::span<const ConditionRule> condition_rules();
std::span<const UniqueRule> unique_rules();
std::span<const CountRule> count_rules();

// One of several words, separated by blanks.
bool among(std::string_view words, std::string_view word);

}  // namespace ooxml::sheet
