// Whether a text is a value of a kind that the grammar names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "look.hpp"
#include "tables.hpp"

namespace ooxml {

// For whom a file is checked: what is newer, or of the other edition, does not count.
struct Era {
  Office office = Office::o2019;
  bool strict = false;

  bool open(std::uint16_t since, Edition edition) const {
    if (since > static_cast<std::uint16_t>(office)) return false;
    return edition == Edition::both || (edition == Edition::strict) == strict;
  }
};

bool fits(const Tables& tables, std::uint16_t value, std::string_view text, const Era& era);

// What would have been right: "one of left, right, center", "a whole number from 0 to 255".
std::string expected_of(const Tables& tables, std::uint16_t value, const Era& era);

// Whether text is white space of XML alone.
bool is_blank(std::string_view text);

}  // namespace ooxml
