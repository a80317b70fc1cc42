// What most operations say of their input: an object of named fields, each a text, a number, a truth value or a list of
// one of these, and no others. A schema that says no more than this can be checked field by field, before there is an
// object.
#pragma once

#include <string>
#include <vector>

#include "loader/schema/keywords.hpp"

namespace berth::loader {

struct FlatField {
  std::string name;
  Keywords::Type type = Keywords::string;  // of the field, or of its items: boolean, integer, number or string
  bool list = false;
  bool required = false;
  const Keywords* own = nullptr;   // of the field
  const Keywords* item = nullptr;  // of its items, if it is a list
};

using FlatSchema = std::vector<FlatField>;  // by name, as std::map has them

}  // namespace berth::loader
