// Names as numbers that a switch takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "names.hpp"
#include "xml.hpp"

namespace docx {

constexpr std::uint32_t key(ooxml::Name name) { return (std::uint32_t{name.space} << 16) | name.local; }

// What a toggle says: there without a value means yes.
inline bool is_on(std::string_view value) {
  return value.data() == nullptr || value == "1" || value == "true" || value == "on";
}

// A whole number, or what is said otherwise.
inline long number(std::string_view text, long otherwise) {
  long value = 0;
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return otherwise;
  for (const char c : text) {
    if (c < '0' || c > '9') return otherwise;
    value = value * 10 + (c - '0');
  }
  return minus ? -value : value;
}

}  // namespace docx
