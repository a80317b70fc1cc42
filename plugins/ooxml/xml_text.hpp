// What XML says of characters: which may stand in a name, which end a run of text, and how references are meant.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ooxml {

struct NoName {};  // thrown: a name has a colon too many, or begins with what no name begins with

namespace characters {

constexpr std::uint8_t name_start = 1, in_name = 2, blank = 4, stops_text = 8, stops_value = 16;

constexpr std::array<std::uint8_t, 256> make() {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    if (letter) table[c] |= name_start | in_name;
    if ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':') table[c] |= in_name;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') table[c] |= blank;
    if (c == '<' || c == '&' || c == '\r' || c == ']' || c == 0) table[c] |= stops_text;
    if (c == '<' || c == '&' || c == '\r' || c == '\n' || c == '\t' || c == '"' || c == '\'' || c == 0) {
      table[c] |= stops_value;
    }
  }
  return table;
}

inline constexpr std::array<std::uint8_t, 256> table = make();

}  // namespace characters

inline bool is(char c, std::uint8_t what) { return (characters::table[static_cast<unsigned char>(c)] & what) != 0; }
inline bool starts_name(char c) { return is(c, characters::name_start); }

// A character that XML allows.
constexpr bool allowed(std::uint32_t c) {
  return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

void append_utf8(std::string& text, std::uint32_t c);

// What the reference says whose text is between "&" and ";" ("amp", "#x41"), put behind `text`. False: there is none.
bool append_reference(std::string& text, std::string_view reference);

}  // namespace ooxml
