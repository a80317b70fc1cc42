// Case by the alphabets that have two: Latin, Greek, Cyrillic, Armenian; without the machine's locale.
#include "letters.hpp"

#include <algorithm>

namespace xlsx::calc {

char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(at);
  const auto more = [&](std::size_t i) { return (byte(at + i) & 0xc0u) == 0x80u; };
  const auto bits = [&](std::size_t i) { return byte(at + i) & 0x3fu; };
  if (first >= 0xc2 && first < 0xe0 && more(1)) {
    const char32_t made = (first & 0x1f) << 6 | bits(1);
    return at += 2, made;
  }
  if (first >= 0xe0 && first < 0xf0 && more(1) && more(2)) {
    const char32_t made = (first & 0x0f) << 12 | bits(1) << 6 | bits(2);
    return at += 3, made;
  }
  if (first >= 0xf0 && first < 0xf5 && more(1) && more(2) && more(3)) {
    const char32_t made = (first & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
    return at += 4, made;
  }
  return ++at, first;
}

void append_character(std::string& to, char32_t c) {
  const auto put = [&](char32_t byte) { to += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  if (c < 0x10000) return put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
}

char32_t lower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 32;
  if (c == 0x178) return 0xff;
  if (c == 0x130) return 'i';
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) || (c >= 0x1de && c <= 0x24f) ||
      (c >= 0x460 && c <= 0x52f) || (c >= 0x1e00 && c <= 0x1eff))
    return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) return c % 2 == 1 ? c + 1 : c;
  if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) return c + 32;
  if (c == 0x386) return 0x3ac;
  if (c >= 0x388 && c <= 0x38a) return c + 37;
  if (c == 0x38c) return 0x3cc;
  if (c == 0x38e || c == 0x38f) return c + 63;
  if (c >= 0x400 && c <= 0x40f) return c + 80;
  if (c >= 0x410 && c <= 0x42f) return c + 32;
  if (c >= 0x531 && c <= 0x556) return c + 48;
  return c >= 0xff21 && c <= 0xff3a ? c + 32 : c;
}

char32_t upper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  if (c == 0xdf || c == 0x131) return c;
  if (c == 0xff) return 0x178;
  for (const char32_t distance : {32u, 1u, 80u, 37u, 63u, 48u, 38u}) {
    if (c >= distance && lower(c - distance) == c) return c - distance;
  }
  return c;
}

namespace {
template <class Change>
std::string changed(std::string_view text, Change change) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_character(text, at);
    if (c >= 0x80 && at - from == 1)
      made += text[from];
    else
      append_character(made, change(c));
  }
  return made;
}
}  // namespace

std::string lower(std::string_view text) {
  return changed(text, [](char32_t c) { return lower(c); });
}
std::string upper(std::string_view text) {
  return changed(text, [](char32_t c) { return upper(c); });
}

std::size_t length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) units += next_character(text, at) >= 0x10000 ? 2 : 1;
  return units;
}

std::size_t byte_of(std::string_view text, std::size_t unit) {
  std::size_t at = 0, units = 0;
  while (at < text.size() && units < unit) {
    const std::size_t from = at;
    units += next_character(text, at) >= 0x10000 ? 2 : 1;
    if (units > unit) return from;
  }
  return std::min(at, text.size());
}

}  // namespace xlsx::calc
