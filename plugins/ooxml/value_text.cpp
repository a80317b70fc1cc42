// Each form is read from left to right.
#include "value_text.hpp"

#include <algorithm>
#include <cstdint>

#include "xml_text.hpp"

namespace ooxml {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool hex_digit(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// So many digits, and the number they make between two others.
bool take_digits(std::string_view& text, std::size_t count, int least, int most) {
  if (text.size() < count) return false;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value >= least && value <= most;
}

bool take_zone(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return true;
  if (!take(text, '+') && !take(text, '-')) return false;
  return take_digits(text, 2, 0, 14) && take(text, ':') && take_digits(text, 2, 0, 59);
}

bool take_decimal(std::string_view& text) {
  take(text, '-');
  std::size_t size = 0;
  while (size < text.size() && digit(text[size])) ++size;
  if (size == 0) return false;
  text.remove_prefix(size);
  if (!take(text, '.')) return true;
  size = 0;
  while (size < text.size() && digit(text[size])) ++size;
  text.remove_prefix(size);
  return size != 0;
}

// "$XFD", at most 16,384.
bool take_column(std::string_view& text) {
  take(text, '$');
  unsigned column = 0;
  std::size_t size = 0;
  for (; size < text.size() && size < 4 && letter(text[size]); ++size) {
    column = column * 26 + (static_cast<unsigned>(text[size] | 0x20) - 'a' + 1);
  }
  text.remove_prefix(size);
  return size > 0 && column <= 16384;
}

// "$1048576".
bool take_row(std::string_view& text) {
  take(text, '$');
  unsigned row = 0;
  std::size_t size = 0;
  for (; size < text.size() && size < 8 && digit(text[size]); ++size)
    row = row * 10 + static_cast<unsigned>(text[size] - '0');
  text.remove_prefix(size);
  return row >= 1 && row <= 1048576;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is(text.front(), characters::blank)) text.remove_prefix(1);
  while (!text.empty() && is(text.back(), characters::blank)) text.remove_suffix(1);
  return text;
}

bool is_boolean(std::string_view text) { return text == "true" || text == "false" || text == "1" || text == "0"; }

bool is_hex(std::string_view text) { return std::all_of(text.begin(), text.end(), hex_digit); }

bool is_base64(std::string_view text) {
  std::size_t count = 0, pads = 0;
  for (char c : text) {
    if (is(c, characters::blank)) continue;
    if (c == '=') {
      ++pads;
    } else if (pads != 0 || !(letter(c) || digit(c) || c == '+' || c == '/')) {
      return false;
    }
    ++count;
  }
  return count % 4 == 0 && pads <= 2;
}

bool is_datetime(std::string_view text) {
  take(text, '-');
  if (!take_digits(text, 4, 0, 9999) || !take(text, '-') || !take_digits(text, 2, 1, 12)) return false;
  if (!take(text, '-') || !take_digits(text, 2, 1, 31)) return false;
  if (take(text, 'T')) {
    if (!take_digits(text, 2, 0, 23) || !take(text, ':') || !take_digits(text, 2, 0, 59)) return false;
    if (!take(text, ':') || !take_digits(text, 2, 0, 59)) return false;
    if (take(text, '.')) {
      std::size_t size = 0;
      while (size < text.size() && digit(text[size])) ++size;
      if (size == 0) return false;
      text.remove_prefix(size);
    }
  }
  return take_zone(text) && text.empty();
}

bool is_guid(std::string_view text) {
  if (!take(text, '{')) return false;
  for (std::size_t count : {8, 4, 4, 4, 12}) {
    if (count != 8 && !take(text, '-')) return false;
    if (text.size() < count || !is_hex(text.substr(0, count))) return false;
    text.remove_prefix(count);
  }
  return text == "}";
}

// Of what is written as an address, nearly all can be meant as one.
bool is_uri(std::string_view text) { return trimmed(text).substr(0, 1) != ":"; }

bool is_language(std::string_view text) {
  bool first = true;
  for (;;) {
    std::size_t size = std::min(text.find('-'), text.size());
    if (size == 0 || size > 8) return false;
    for (char c : text.substr(0, size)) {
      if (!letter(c) && (first || !digit(c))) return false;
    }
    text.remove_prefix(size);
    if (text.empty()) return true;
    text.remove_prefix(1);
    first = false;
  }
}

bool is_ncname(std::string_view text) {
  return !text.empty() && starts_name(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c != ':' && is(c, characters::in_name); });
}

bool is_universal(std::string_view text) {
  if (!take_decimal(text)) return false;
  constexpr std::string_view units[] = {"mm", "cm", "in", "pt", "pc", "pi"};
  return std::find(std::begin(units), std::end(units), text) != std::end(units);
}

bool is_percent(std::string_view text) { return take_decimal(text) && text == "%"; }

bool is_cell(std::string_view text) { return take_column(text) && take_row(text) && text.empty(); }

bool is_range(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == text.npos) return is_cell(text);
  std::string_view first = text.substr(0, colon), second = text.substr(colon + 1);
  if (is_cell(first) && is_cell(second)) return true;
  auto whole = [](bool (*take_one)(std::string_view&), std::string_view one) { return take_one(one) && one.empty(); };
  return (whole(take_column, first) && whole(take_column, second)) ||
         (whole(take_row, first) && whole(take_row, second));
}

bool is_ranges(std::string_view text) {
  while (!(text = trimmed(text)).empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is(text[size], characters::blank)) ++size;
    if (!is_range(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace ooxml
