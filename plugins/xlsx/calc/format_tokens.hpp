// A number format, cut into what it is made of: sections of tokens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xlsx::calc::format {

struct Token {
  enum class Kind {
    literal,
    digit,
    point,
    comma,
    percent,
    exponent,
    slash,
    general,
    text,
    year,
    month,
    minute,
    day,
    hour,
    second,
    fraction,
    half,
    elapsed
  } kind;
  std::string text;  // of a literal; of others as it is written
};

struct Section {
  std::vector<Token> tokens;
  bool date = false, condition = false;
  std::string sign;  // of the condition
  double bound = 0;
  bool has(Token::Kind kind) const {
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.kind == kind; });
  }
};

// False: no format.
bool cut(std::string_view format, std::vector<Section>& sections);

char lower_letter(char c);
// With zeros before it.
std::string padded(std::int64_t number, std::size_t size);

// A number under a section of dates and times; of digits, without its sign.
std::string dated(const Section& section, double serial, bool since_1904);
std::string numbered(const Section& section, double number);

}  // namespace xlsx::calc::format
