// What Excel takes for a number, how it writes one, and the order that it sees between values.
#include "convert.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "dates.hpp"
#include "letters.hpp"

namespace xlsx::calc {

std::string general(double number) {
  if (number == 0) return "0";
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.14e", number);  // one digit, a point, fourteen more
  const int exponent = std::atoi(std::strchr(digits, 'e') + 1);
  std::string figures;
  for (const char* c = digits; *c != 'e'; ++c)
    if (*c >= '0' && *c <= '9') figures += *c;
  while (figures.size() > 1 && figures.back() == '0') figures.pop_back();
  std::string text = number < 0 ? "-" : "";
  const int count = static_cast<int>(figures.size());
  if (exponent > 20 || (exponent < 0 && count - exponent > 20)) {
    text += figures[0];
    if (count > 1) (text += '.') += figures.substr(1);
    text += exponent < 0 ? "E-" : "E+";
    const std::string power = std::to_string(std::abs(exponent));
    return text + (power.size() < 2 ? "0" : "") + power;
  }
  if (exponent < 0) return text + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + figures;
  if (count <= exponent + 1) return text + figures + std::string(static_cast<std::size_t>(exponent + 1 - count), '0');
  return text + figures.substr(0, static_cast<std::size_t>(exponent) + 1) + "." +
         figures.substr(static_cast<std::size_t>(exponent) + 1);
}

double fifteen(double number) {
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.14e", number);
  return std::strtod(digits, nullptr);
}

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

// Digits with a point and thousands in groups of three: "1,234.5".
std::optional<double> plain_number(std::string_view text) {
  std::string digits;
  bool point = false, exponent = false, any = false;
  std::size_t since_comma = 0;
  bool commas = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits += c;
      any = true;
      if (!point && !exponent) ++since_comma;
    } else if (c == ',' && !point && !exponent && any) {
      if (commas && since_comma != 3) return std::nullopt;
      commas = true;
      since_comma = 0;
    } else if (c == '.' && !point && !exponent) {
      point = true;
      digits += c;
    } else if ((c == 'e' || c == 'E') && any && !exponent) {
      exponent = true;
      digits += 'e';
      if (i + 1 < text.size() && (text[i + 1] == '+' || text[i + 1] == '-')) {
        if (text[++i] == '-') digits += '-';
      }
      if (i + 1 >= text.size()) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (!any || (commas && since_comma != 3)) return std::nullopt;
  double number = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed == std::errc::result_out_of_range) return std::nullopt;
  return end == digits.data() + digits.size() && failed == std::errc() ? std::optional(number) : std::nullopt;
}

// "1 1/2", "3/4" only with a whole number before it, since a fraction alone is a date.
std::optional<double> fraction(std::string_view text) {
  const auto blank = text.find(' '), slash = text.find('/');
  if (blank == std::string_view::npos || slash == std::string_view::npos || slash < blank) return std::nullopt;
  const auto whole = plain_number(text.substr(0, blank)),
             over = plain_number(trimmed(text.substr(blank + 1, slash - blank - 1))),
             under = plain_number(trimmed(text.substr(slash + 1)));
  if (!whole || !over || !under || *under == 0) return std::nullopt;
  return *whole + *over / *under;
}

std::optional<double> signed_number(std::string_view text) {
  bool minus = false, percent = false;
  if (text.starts_with('(') && text.ends_with(')')) {
    minus = true;
    text = trimmed(text.substr(1, text.size() - 2));
  }
  if (text.ends_with('%')) percent = true, text = trimmed(text.substr(0, text.size() - 1));
  for (int i = 0; i < 2; ++i) {
    if (text.starts_with('-') && !minus)
      minus = true, text = trimmed(text.substr(1));
    else if (text.starts_with('+'))
      text = trimmed(text.substr(1));
    if (text.starts_with('$')) text = trimmed(text.substr(1));
  }
  if (!percent && text.starts_with('%')) percent = true, text = trimmed(text.substr(1));
  auto number = plain_number(text);
  if (!number && !percent) number = fraction(text);
  if (!number) return std::nullopt;
  if (percent) *number /= 100;
  return minus ? -*number : *number;
}

}  // namespace

std::optional<double> number_in(std::string_view text, bool since_1904) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  if (const auto number = signed_number(text)) return number;
  return moment_in(text, since_1904);
}

Value to_number(const Value& value) {
  switch (value.type()) {
    case Type::number:
    case Type::error: return value;
    case Type::boolean: return value.truth() ? 1 : 0;
    case Type::blank:
    case Type::omitted: return 0;
    case Type::text: {
      const auto number = number_in(value.text());
      return number ? Value(*number) : Value(Fault::value);
    }
    default: return Fault::value;
  }
}

Value to_text(const Value& value) {
  switch (value.type()) {
    case Type::text:
    case Type::error: return value;
    case Type::number: return std::string_view(general(value.number()));
    case Type::boolean: return value.truth() ? "TRUE" : "FALSE";
    case Type::blank:
    case Type::omitted: return "";
    default: return Fault::value;
  }
}

Value to_truth(const Value& value) {
  switch (value.type()) {
    case Type::boolean:
    case Type::error: return value;
    case Type::number: return value.number() != 0;
    case Type::blank:
    case Type::omitted: return false;
    case Type::text: {
      const std::string text = upper(value.text());
      if (text == "TRUE") return true;
      if (text == "FALSE") return false;
      return Fault::value;
    }
    default: return Fault::value;
  }
}

int compare_text(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const char32_t x = lower(next_character(a, i)), y = lower(next_character(b, j));
    if (x != y) return x < y ? -1 : 1;
  }
  if (i < a.size()) return 1;
  return j < b.size() ? -1 : 0;
}

int compare(const Value& a, const Value& b) {
  const auto rank = [](const Value& value, const Value& other) {
    Type type = value.type();
    if (value.blank()) type = other.blank() ? Type::number : other.type();
    return type == Type::number ? 0 : type == Type::text ? 1 : type == Type::boolean ? 2 : 3;
  };
  const int x = rank(a, b), y = rank(b, a);
  if (x != y) return x < y ? -1 : 1;
  if (x == 1) return compare_text(a.blank() ? "" : a.text(), b.blank() ? "" : b.text());
  if (x == 2) return static_cast<int>(!a.blank() && a.truth()) - static_cast<int>(!b.blank() && b.truth());
  const double p = a.blank() ? 0 : a.number(), q = b.blank() ? 0 : b.number();
  if (p == q) return 0;
  if (std::fabs(p - q) < std::fabs(p) * 1e-13 && fifteen(p) == fifteen(q)) return 0;
  return p < q ? -1 : 1;
}

}  // namespace xlsx::calc
