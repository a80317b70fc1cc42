// Numbers of attributes.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ooxml::word {

// A whole number and nothing else; the grammar says what is none.
inline std::optional<std::int64_t> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What a w:val of the type "on or off" says; without one it is on.
inline bool is_on(std::string_view value) {
  return value.data() == nullptr || value == "1" || value == "true" || value == "on";
}

}  // namespace ooxml::word
