// Which section of a format is meant, and what it makes of a value.
#include "format.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "convert.hpp"
#include "dates.hpp"
#include "format_tokens.hpp"

namespace xlsx::calc {
namespace {

using format::Section;
using format::Token;

std::string with_text(const Section& section, std::string_view text) {
  std::string made;
  for (const Token& token : section.tokens) {
    if (token.kind == Token::Kind::text || token.kind == Token::Kind::general)
      made += text;
    else if (token.kind == Token::Kind::literal)
      made += token.text;
  }
  return made;
}

bool meets(const Section& section, double number) {
  const std::string& s = section.sign;
  if (s == "<") return number < section.bound;
  if (s == "<=") return number <= section.bound;
  if (s == ">") return number > section.bound;
  if (s == ">=") return number >= section.bound;
  return s == "<>" ? number != section.bound : number == section.bound;
}

// The section for a number, and whether its sign is left to the section.
std::pair<const Section*, bool> section_for(const std::vector<Section>& sections, double number) {
  const std::size_t count = sections.size() == 4 ? 3 : sections.size();
  if (std::any_of(sections.begin(), sections.end(), [](const Section& s) { return s.condition; })) {
    for (std::size_t i = 0; i < count; ++i)
      if (!sections[i].condition || meets(sections[i], number))
        return {&sections[i], i > 0 && number < 0 && sections[i].condition};
    return {&sections[count - 1], false};
  }
  if (number < 0 && count > 1) return {&sections[1], true};
  return {number == 0 && count > 2 ? &sections[2] : &sections[0], false};
}

}  // namespace

Value formatted(const Value& value, std::string_view code, bool since_1904) {
  std::vector<Section> sections;
  if (!format::cut(code, sections)) return Fault::value;
  if (code.empty()) return "";
  Value number = value;
  if (value.is(Type::text)) {
    const auto read = number_in(value.text(), since_1904);
    if (!read) {
      if (sections.size() == 4) return std::string_view(with_text(sections[3], value.text()));
      return sections.back().has(Token::Kind::text) ? Value(std::string_view(with_text(sections.back(), value.text())))
                                                    : value;
    }
    number = *read;
  }
  if (value.is(Type::boolean)) return to_text(value);
  number = to_number(number);
  if (number.is_error()) return number;
  const double n = number.number();
  const auto [section, own_sign] = section_for(sections, n);
  if (section->date) {
    if (n < 0 || n > last_day + 1) return Fault::value;
    return std::string_view(format::dated(*section, n, since_1904));
  }
  std::string text;
  if (section->has(Token::Kind::general) || section->has(Token::Kind::text)) {
    text = with_text(*section, general(std::fabs(n)));
  } else {
    text = format::numbered(*section, std::fabs(n));
  }
  const bool nothing = text.find_first_of("123456789") == std::string::npos;
  const bool minus = n < 0 && !own_sign && !(nothing && !section->has(Token::Kind::exponent));
  return std::string_view(minus ? text = "-" + text : text);
}

}  // namespace xlsx::calc
