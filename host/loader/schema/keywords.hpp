// The keywords of a schema that look at one value by itself: its type, its bounds, its pattern. They are checked here
// and not by valijson, which compares large numbers as doubles, ends a text at its first NUL, and matches with
// std::regex.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "loader/schema/formats.hpp"
#include "loader/schema/pattern.hpp"

namespace berth::loader {

struct Keywords {
  enum Type : unsigned { null = 1, boolean = 2, integer = 4, number = 8, string = 16, array = 32, object = 64 };
  struct Bound {
    nlohmann::json value;  // a number
    bool exclusive = false;
  };
  struct Span {
    std::optional<std::uint64_t> least, most;
    bool holds(std::uint64_t count) const { return (!least || count >= *least) && (!most || count <= *most); }
  };

  bool never = false;                                 // the schema `false`
  unsigned types = 0;                                 // 0: any
  std::optional<std::vector<nlohmann::json>> values;  // enum, const
  std::optional<Bound> minimum, maximum;
  nlohmann::json multiple_of;  // a number above zero, or null
  Span length, items, fields;
  bool unique = false;
  std::optional<Pattern> pattern;
  std::string pattern_text;
  std::optional<Format> format;

  bool idle() const;             // takes every value
  bool asks_type_alone() const;  // takes every value of its types
  bool fits(const nlohmann::json& value) const;

 private:
  bool fits_type(const nlohmann::json& value) const;
  bool fits_number(const nlohmann::json& value) const;
  bool fits_string(const std::string& value) const;
  bool fits_array(const nlohmann::json& value) const;
};

}  // namespace berth::loader
