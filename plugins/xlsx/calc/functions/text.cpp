// Texts: parts of them, places in them, and what is made of them.
#include <algorithm>
#include <cmath>
#include <string>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "../format.hpp"
#include "../letters.hpp"
#include "criteria.hpp"
#include "rounding.hpp"

namespace xlsx::calc {
namespace {

constexpr std::size_t most_text = 32767;

Value made(std::string_view text) { return length(text) > most_text ? Value(Fault::value) : Value(text); }

std::string_view units(std::string_view text, double from, double count) {
  const std::size_t begin = byte_of(text, static_cast<std::size_t>(std::min(from, 1e6)));
  const std::size_t end = byte_of(text, static_cast<std::size_t>(std::min(from + count, 1e6)));
  return text.substr(begin, end - begin);
}

Value left(Call& call) {
  const double count = std::trunc(call.number(1, call.count() > 1 ? 0 : 1));
  return count < 0 ? Value(Fault::value) : Value(units(call.text(0), 0, count));
}
Value right(Call& call) {
  const double count = std::trunc(call.number(1, call.count() > 1 ? 0 : 1)),
               size = static_cast<double>(length(call.text(0)));
  return count < 0 ? Value(Fault::value) : Value(units(call.text(0), std::max(0.0, size - count), count));
}
Value mid(Call& call) {
  const double from = std::trunc(call.number(1)), count = std::trunc(call.number(2));
  return from < 1 || count < 0 ? Value(Fault::value) : Value(units(call.text(0), from - 1, count));
}
Value replace(Call& call) {
  const double from = std::trunc(call.number(1)), count = std::trunc(call.number(2));
  if (from < 1 || count < 0) return Fault::value;
  std::string text(units(call.text(0), 0, from - 1));
  text += call.text(3);
  text += units(call.text(0), from - 1 + count, 1e6);
  return made(text);
}

Value find(Call& call) {
  const double from = call.has(2) ? std::trunc(call.number(2)) : 1;
  const std::string_view text = call.text(1), wanted = call.text(0);
  if (from < 1 || from > static_cast<double>(length(text)) + 1) return Fault::value;
  const auto found = text.find(wanted, byte_of(text, static_cast<std::size_t>(from) - 1));
  return found == std::string_view::npos ? Value(Fault::value) : Value(length(text.substr(0, found)) + 1);
}

Value search(Call& call) {
  const double from = call.has(2) ? std::trunc(call.number(2)) : 1;
  const std::string_view text = call.text(1);
  if (from < 1 || from > static_cast<double>(length(text)) + 1) return Fault::value;
  const std::string pattern = std::string(call.text(0)) + "*";
  std::size_t at = byte_of(text, static_cast<std::size_t>(from) - 1);
  while (true) {
    if (matches(pattern, text.substr(at))) return length(text.substr(0, at)) + 1;
    if (at >= text.size()) return Fault::value;
    next_character(text, at);
  }
}

Value substitute(Call& call) {
  const std::string_view text = call.text(0), wanted = call.text(1), other = call.text(2);
  const double which = call.has(3) ? std::trunc(call.number(3)) : 0;
  if (call.has(3) && which < 1) return Fault::value;
  if (wanted.empty()) return call[0];
  std::string result;
  std::size_t at = 0;
  for (double n = 1;; ++n) {
    const auto found = text.find(wanted, at);
    if (found == std::string_view::npos) break;
    result += text.substr(at, found - at);
    result += which == 0 || which == n ? other : wanted;
    at = found + wanted.size();
    if (result.size() > 4 * most_text) return Fault::value;
  }
  return made(result += text.substr(at));
}

Value trim(Call& call) {
  std::string result;
  for (const char c : call.text(0))
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  if (result.ends_with(' ')) result.pop_back();
  return std::string_view(result);
}
Value clean(Call& call) {
  std::string result;
  for (const char c : call.text(0))
    if (static_cast<unsigned char>(c) >= 32) result += c;
  return std::string_view(result);
}
Value proper(Call& call) {
  std::string result;
  bool begins = true;
  const std::string_view text = call.text(0);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    append_character(result, begins ? upper(c) : lower(c));
    begins = upper(c) == lower(c) && c != 0xdf;
  }
  return std::string_view(result);
}

Value concatenate(Call& call) {
  std::string result;
  for (std::size_t i = 0; i < call.count(); ++i)
    if (!call[i].is(Type::omitted)) result += call.text(i);
  return made(result);
}

// Over areas and arrays by rows, blanks among them.
template <class Take>
Value each_text(Call& call, std::size_t first, Take&& take) {
  for (std::size_t i = first; i < call.count(); ++i) {
    if (call[i].is_error()) return call[i];
    const Array all = call.array(i);
    for (const Value& one : all.all()) {
      const Value text = to_text(one);
      if (text.is_error()) return text;
      if (!take(text.text())) return Fault::value;
    }
  }
  return {};
}
Value concat(Call& call) {
  std::string result;
  const Value error =
      each_text(call, 0, [&](std::string_view text) { return (result += text).size() <= 4 * most_text; });
  return error.is_error() ? error : made(result);
}
Value text_join(Call& call) {
  const Array between = call.array(0);
  const Value skip = to_truth(call[1]);
  if (skip.is_error()) return skip;
  std::vector<std::string> separators;
  for (const Value& one : between.all()) {
    const Value text = to_text(one);
    if (text.is_error()) return text;
    separators.emplace_back(text.text());
  }
  std::string result;
  std::size_t count = 0;
  const Value error = each_text(call, 2, [&](std::string_view text) {
    if (text.empty() && skip.truth()) return true;
    if (count > 0) result += separators[(count - 1) % separators.size()];
    ++count;
    return (result += text).size() <= 4 * most_text;
  });
  return error.is_error() ? error : made(result);
}

Value repeat(Call& call) {
  const double times = std::trunc(call.number(1));
  if (times < 0 || times * static_cast<double>(call.text(0).size()) > 4.0 * most_text) return Fault::value;
  std::string result;
  for (double i = 0; i < times; ++i) result += call.text(0);
  return made(result);
}

// The characters from 128 on as Windows' western code page has them.
constexpr char32_t western[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                  0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                  0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                  0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
Value char_(Call& call) {
  const double code = std::trunc(call.number(0));
  if (code < 1 || code > 255) return Fault::value;
  std::string text;
  append_character(text,
                   code >= 128 && code < 160 ? western[static_cast<int>(code) - 128] : static_cast<char32_t>(code));
  return std::string_view(text);
}
Value code(Call& call) {
  if (call.text(0).empty()) return Fault::value;
  std::size_t at = 0;
  const char32_t c = next_character(call.text(0), at);
  const auto* const found = std::find(std::begin(western), std::end(western), c);
  if (found != std::end(western)) return static_cast<double>(found - std::begin(western) + 128);
  return c < 256 ? static_cast<double>(c) : 63.0;
}
Value unichar(Call& call) {
  const double code = std::trunc(call.number(0));
  if (code < 1 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return Fault::value;
  std::string text;
  append_character(text, static_cast<char32_t>(code));
  return std::string_view(text);
}
Value unicode(Call& call) {
  std::size_t at = 0;
  return call.text(0).empty() ? Value(Fault::value) : Value(static_cast<double>(next_character(call.text(0), at)));
}

Value value(Call& call) {
  if (call[0].is(Type::boolean)) return Fault::value;
  return to_number(call[0]);
}
Value number_value(Call& call) {
  const std::string_view point = call.has(1) ? call.text(1).substr(0, 1) : ".",
                         group = call.has(2) ? call.text(2).substr(0, 1) : ",";
  if (point.empty() || group.empty() || point == group) return Fault::value;
  std::string plain;
  double percent = 1;
  bool seen = false;
  for (const char c : call.text(0)) {
    if (c == ' ' || (c == group[0] && !seen)) continue;
    if (c == group[0]) return Fault::value;
    if (c == '%') {
      percent /= 100;
      continue;
    }
    seen = seen || c == point[0];
    plain += c == point[0] ? '.' : c;
  }
  if (plain.empty()) return 0;
  const auto number = number_in(plain);
  return number ? Value(*number * percent) : Value(Fault::value);
}

Value fixed(Call& call) {
  const double places = std::trunc(call.number(1, 2));
  if (places > 127) return Fault::value;
  const double number = rounded(call.number(0), places);
  char digits[512];
  std::snprintf(digits, sizeof digits, "%.*f", static_cast<int>(std::max(0.0, places)), std::fabs(number));
  std::string text = digits;
  if (!call.truth(2, false)) {
    auto at = static_cast<std::ptrdiff_t>(std::min(text.find('.'), text.size())) - 3;
    for (; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  }
  return std::string_view(number < 0 ? text = "-" + text : text);
}

constexpr Function table[] = {
    {"LEFT", "s?n", left},
    {"RIGHT", "s?n", right},
    {"MID", "snn", mid},
    {"REPLACE", "snns", replace},
    {"FIND", "ss?n", find},
    {"SEARCH", "ss?n", search},
    {"SUBSTITUTE", "sss?n", substitute},
    {"TRIM", "s", trim},
    {"CLEAN", "s", clean},
    {"PROPER", "s", proper},
    {"LEN", "s", [](Call& c) { return Value(length(c.text(0))); }},
    {"UPPER", "s", [](Call& c) { return Value(std::string_view(upper(c.text(0)))); }},
    {"LOWER", "s", [](Call& c) { return Value(std::string_view(lower(c.text(0)))); }},
    {"EXACT", "ss", [](Call& c) { return Value(c.text(0) == c.text(1)); }},
    {"CONCATENATE", "s*", concatenate},
    {"CONCAT", "r*", concat},
    {"TEXTJOIN", "rv?r*", text_join},
    {"REPT", "sn", repeat},
    {"CHAR", "n", char_},
    {"CODE", "s", code},
    {"UNICHAR", "n", unichar},
    {"UNICODE", "s", unicode},
    {"VALUE", "v", value},
    {"NUMBERVALUE", "s?ss", number_value},
    {"FIXED", "n?nb", fixed},
    {"TEXT", "vs", [](Call& c) { return formatted(c[0], c.text(1), c.evaluator().book().since_1904); }},
};

}  // namespace

std::span<const Function> text_functions() { return table; }

}  // namespace xlsx::calc
