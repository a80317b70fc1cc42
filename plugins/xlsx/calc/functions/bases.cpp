// Numbers in other bases, their bits, and Roman ones.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "../convert.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::optional<std::uint64_t> read(std::string_view text, unsigned base) {
  std::uint64_t number = 0;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const auto digit = digits.find(upper);
    if (digit == std::string_view::npos || digit >= base || number > (std::uint64_t{1} << 53)) return std::nullopt;
    number = number * base + digit;
  }
  return number;
}

std::string written(std::uint64_t number, unsigned base) {
  std::string text;
  do {
    text += digits[number % base];
    number /= base;
  } while (number != 0);
  return {text.rbegin(), text.rend()};
}

// Ten digits, of which the first bit is the sign.
struct Base {
  unsigned base;
  int bits;
};
constexpr Base binary{2, 10}, octal{8, 30}, hexadecimal{16, 40};

std::optional<std::int64_t> signed_in(std::string_view text, Base from) {
  if (text.size() > 10) return std::nullopt;
  const auto number = read(text, from.base);
  if (!number) return std::nullopt;
  const auto sign = std::uint64_t{1} << (from.bits - 1);
  return static_cast<std::int64_t>(*number) - (*number >= sign ? static_cast<std::int64_t>(sign) * 2 : 0);
}

Value signed_out(Call& c, std::int64_t number, Base to) {
  const auto half = std::int64_t{1} << (to.bits - 1);
  if (number < -half || number >= half) return Fault::num;
  std::string text = written(static_cast<std::uint64_t>(number < 0 ? number + half * 2 : number), to.base);
  if (!c.has(1) || number < 0) return std::string_view(text);
  const double places = std::trunc(c.number(1));
  if (places < static_cast<double>(text.size()) || places > 10) return Fault::num;
  text.insert(0, static_cast<std::size_t>(places) - text.size(), '0');
  return std::string_view(text);
}

template <Base from>
Value to_decimal(Call& c) {
  const auto number = signed_in(c.text(0), from);
  return number ? Value(static_cast<double>(*number)) : Value(Fault::num);
}
template <Base to>
Value from_decimal(Call& c) {
  const double number = std::trunc(c.number(0));
  return std::fabs(number) < 0x1p41 ? signed_out(c, static_cast<std::int64_t>(number), to) : Value(Fault::num);
}
template <Base from, Base to>
Value between(Call& c) {
  const auto number = signed_in(c.text(0), from);
  return number ? signed_out(c, *number, to) : Value(Fault::num);
}

Value base(Call& c) {
  const double number = std::trunc(c.number(0)), radix = std::trunc(c.number(1)), least = std::trunc(c.number(2, 0));
  if (number < 0 || number >= 0x1p53 || radix < 2 || radix > 36 || least < 0 || least > 255) return Fault::num;
  std::string text = written(static_cast<std::uint64_t>(number), static_cast<unsigned>(radix));
  if (text.size() < static_cast<std::size_t>(least)) text.insert(0, static_cast<std::size_t>(least) - text.size(), '0');
  return std::string_view(text);
}

Value decimal(Call& c) {
  const double radix = std::trunc(c.number(1));
  if (radix < 2 || radix > 36) return Fault::num;
  std::string_view text = c.text(0);
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.size() > 255) return Fault::value;
  const auto number = read(text, static_cast<unsigned>(radix));
  return number ? Value(static_cast<double>(*number)) : Value(Fault::num);
}

bool bits_in(double number) { return number >= 0 && number < 0x1p48 && number == std::trunc(number); }

template <std::uint64_t (*join)(std::uint64_t, std::uint64_t)>
Value joined(Call& c) {
  if (!bits_in(c.number(0)) || !bits_in(c.number(1))) return Fault::num;
  return static_cast<double>(join(static_cast<std::uint64_t>(c.number(0)), static_cast<std::uint64_t>(c.number(1))));
}
Value shifted(Call& c, double direction) {
  const double by = std::trunc(c.number(1)) * direction;
  if (!bits_in(c.number(0)) || std::fabs(by) > 53) return Fault::num;
  const double moved = std::floor(std::ldexp(c.number(0), static_cast<int>(by)));
  return moved < 0x1p48 ? Value(moved) : Value(Fault::num);
}

struct Numeral {
  int worth;
  std::string_view letters;
  int form;  // the first in which it may be written
};
constexpr Numeral numerals[] = {{1000, "M", 0}, {999, "IM", 4}, {995, "VM", 3}, {990, "XM", 2}, {950, "LM", 1},
                                {900, "CM", 0}, {500, "D", 0},  {499, "ID", 4}, {495, "VD", 3}, {490, "XD", 2},
                                {450, "LD", 1}, {400, "CD", 0}, {100, "C", 0},  {99, "IC", 2},  {95, "VC", 1},
                                {90, "XC", 0},  {50, "L", 0},   {49, "IL", 2},  {45, "VL", 1},  {40, "XL", 0},
                                {10, "X", 0},   {9, "IX", 0},   {5, "V", 0},    {4, "IV", 0},   {1, "I", 0}};

Value roman(Call& c) {
  const double number = std::trunc(c.number(0));
  const int form = c.has(1) ? static_cast<int>(c.number(1)) : 0;
  if (number < 0 || number > 3999 || form < 0 || form > 4) return Fault::value;
  std::string text;
  int rest = static_cast<int>(number);
  for (const Numeral& one : numerals) {
    if (one.form > form) continue;
    for (; rest >= one.worth; rest -= one.worth) text += one.letters;
  }
  return std::string_view(text);
}

Value arabic(Call& c) {
  std::string_view text = c.text(0);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  if (text.size() > 255) return Fault::value;
  double total = 0, largest = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    const char letter = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    const auto at = std::string_view("IVXLCDM").find(letter);
    if (at == std::string_view::npos) return Fault::value;
    constexpr double worth[] = {1, 5, 10, 50, 100, 500, 1000};
    total += worth[at] < largest ? -worth[at] : worth[at];
    largest = std::max(largest, worth[at]);
  }
  return minus ? -total : total;
}

const Function table[] = {
    {"BIN2DEC", "s", to_decimal<binary>},
    {"OCT2DEC", "s", to_decimal<octal>},
    {"HEX2DEC", "s", to_decimal<hexadecimal>},
    {"DEC2BIN", "n?n", from_decimal<binary>},
    {"DEC2OCT", "n?n", from_decimal<octal>},
    {"DEC2HEX", "n?n", from_decimal<hexadecimal>},
    {"BIN2OCT", "s?n", between<binary, octal>},
    {"BIN2HEX", "s?n", between<binary, hexadecimal>},
    {"OCT2BIN", "s?n", between<octal, binary>},
    {"OCT2HEX", "s?n", between<octal, hexadecimal>},
    {"HEX2BIN", "s?n", between<hexadecimal, binary>},
    {"HEX2OCT", "s?n", between<hexadecimal, octal>},
    {"BASE", "nn?n", base},
    {"DECIMAL", "sn", decimal},
    {"BITAND", "nn", joined<[](std::uint64_t a, std::uint64_t b) { return a & b; }>},
    {"BITOR", "nn", joined<[](std::uint64_t a, std::uint64_t b) { return a | b; }>},
    {"BITXOR", "nn", joined<[](std::uint64_t a, std::uint64_t b) { return a ^ b; }>},
    {"BITLSHIFT", "nn", [](Call& c) { return shifted(c, 1); }},
    {"BITRSHIFT", "nn", [](Call& c) { return shifted(c, -1); }},
    {"DELTA", "n?n", [](Call& c) { return Value(c.number(0) == c.number(1, 0) ? 1 : 0); }},
    {"GESTEP", "n?n", [](Call& c) { return Value(c.number(0) >= c.number(1, 0) ? 1 : 0); }},
    {"ROMAN", "n?n", roman},
    {"ARABIC", "s", arabic},
};

}  // namespace

std::span<const Function> base_functions() { return table; }

}  // namespace xlsx::calc
