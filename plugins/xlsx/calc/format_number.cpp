// Numbers under a format, from their digits: thousands, percent, exponents, fractions.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "convert.hpp"
#include "format_tokens.hpp"
#include "functions/rounding.hpp"

namespace xlsx::calc::format {
namespace {

// The digits of a number without its sign: "1234", "5", so many behind the point.
std::pair<std::string, std::string> digits_of(double number, std::size_t places) {
  number = rounded(number, static_cast<double>(places));
  char digits[512];
  std::snprintf(digits, sizeof digits, "%.*f", static_cast<int>(std::min<std::size_t>(places, 100)), number);
  std::string whole = digits, behind;
  if (const auto point = whole.find('.'); point != std::string::npos) {
    behind = whole.substr(point + 1);
    whole.resize(point);
  }
  // What is beyond the fifteenth digit is not known.
  if (whole.size() > 15) std::fill(whole.begin() + 15, whole.end(), '0');
  return {whole == "0" ? "" : whole, behind};
}

// Digits into the places before the point: those without a place of their own stand before the first.
std::string before_point(const Section& section, std::size_t end, const std::string& digits, bool thousands) {
  using Kind = Token::Kind;
  std::string reversed;
  std::size_t used = 0, first = section.tokens.size(), shown = 0;
  for (std::size_t i = 0; i < end; ++i)
    if (section.tokens[i].kind == Kind::digit) first = std::min(first, i);
  const auto put = [&](char digit) {
    if (thousands && shown > 0 && shown % 3 == 0) reversed += ',';
    reversed += digit;
    ++shown;
  };
  for (std::size_t i = end; i-- > 0;) {
    const Token& token = section.tokens[i];
    if (token.kind == Kind::digit) {
      if (used < digits.size())
        put(digits[digits.size() - 1 - used]), ++used;
      else if (token.text == "0")
        put('0');
      else if (token.text == "?")
        reversed += ' ';
      if (i == first)
        while (used < digits.size()) put(digits[digits.size() - 1 - used]), ++used;
    } else if (token.kind == Kind::literal || token.kind == Kind::percent) {
      reversed.append(token.text.rbegin(), token.text.rend());
    }
  }
  return {reversed.rbegin(), reversed.rend()};
}

std::string fraction(const Section& section, std::size_t slash, double number) {
  using Kind = Token::Kind;
  const auto& tokens = section.tokens;
  std::size_t over = slash;
  while (over > 0 && tokens[over - 1].kind == Kind::digit) --over;
  bool whole_shown = false;
  for (std::size_t i = 0; i < over; ++i) whole_shown = whole_shown || tokens[i].kind == Kind::digit;
  std::size_t under = slash + 1;
  std::string fixed_under;
  while (under < tokens.size() && (tokens[under].kind == Kind::digit ||
                                   (tokens[under].kind == Kind::literal &&
                                    tokens[under].text.find_first_not_of("0123456789") == std::string::npos)))
    fixed_under += tokens[under++].text;
  const bool fixed = fixed_under.find_first_of("123456789") != std::string::npos;
  const double whole = whole_shown ? std::floor(number) : 0;
  const double rest = number - whole;
  double best_over = 0, best_under = 1;
  if (fixed) {
    best_under = std::max(1.0, std::strtod(fixed_under.c_str(), nullptr));
    best_over = std::round(rest * best_under);
  } else {
    const double most = std::pow(10, static_cast<double>(std::min<std::size_t>(under - slash - 1, 5))) - 1;
    double best = 2;
    for (double d = 1; d <= most; ++d) {
      const double n = std::round(rest * d), off = std::fabs(rest - n / d);
      if (off < best - 1e-12) best = off, best_over = n, best_under = d;
    }
  }
  double shown_whole = whole;
  if (whole_shown && best_over == best_under) shown_whole += 1, best_over = 0;
  std::string text;
  for (std::size_t i = 0; i < over; ++i)
    if (tokens[i].kind == Kind::literal)
      text += tokens[i].text;
    else if (tokens[i].kind == Kind::digit && (i + 1 == over || tokens[i + 1].kind != Kind::digit))
      text += shown_whole == 0 && tokens[i].text != "0" && best_over != 0 ? "" : general(shown_whole);
  const std::size_t over_size = slash - over, under_size = under - slash - 1;
  std::string top = general(best_over), bottom = general(best_under);
  if (whole_shown && best_over == 0 && !fixed) return text + std::string(over_size + under_size + 1, ' ');
  if (top.size() < over_size) top.insert(0, std::string(over_size - top.size(), ' '));
  if (bottom.size() < under_size) bottom += std::string(under_size - bottom.size(), ' ');
  text += top + "/" + bottom;
  for (std::size_t i = under; i < tokens.size(); ++i) text += tokens[i].text;
  return text;
}

}  // namespace

std::string numbered(const Section& section, double number) {
  using Kind = Token::Kind;
  const auto& tokens = section.tokens;
  std::size_t point = tokens.size(), last_digit = 0, exponent = tokens.size(), percents = 0, slash = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == Kind::point && point == tokens.size()) point = i;
    if (tokens[i].kind == Kind::exponent) exponent = i;
    if (tokens[i].kind == Kind::digit && exponent == tokens.size()) last_digit = i + 1;
    if (tokens[i].kind == Kind::slash && i > 0 && tokens[i - 1].kind == Kind::digit) slash = i;
    percents += tokens[i].kind == Kind::percent;
  }
  if (slash != tokens.size()) return fraction(section, slash, number);
  number *= std::pow(100, static_cast<double>(percents));
  // A comma between digits groups them; one behind the last divides by a thousand.
  bool thousands = false;
  const std::size_t whole_end = std::min({point, exponent, tokens.size()});
  std::size_t whole_digits_end = 0;
  for (std::size_t i = 0; i < whole_end; ++i)
    if (tokens[i].kind == Kind::digit) whole_digits_end = i + 1;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Kind::comma) continue;
    if (i < whole_digits_end)
      thousands = true;
    else if (i >= last_digit || i < whole_end)
      number /= 1000;
  }
  std::size_t places = 0;
  for (std::size_t i = point; i < std::min(exponent, tokens.size()); ++i) places += tokens[i].kind == Kind::digit;
  int power = 0;
  if (exponent != tokens.size() && number != 0) {
    std::size_t whole = 0;
    for (std::size_t i = 0; i < whole_end; ++i) whole += tokens[i].kind == Kind::digit;
    const int step = static_cast<int>(std::max<std::size_t>(whole, 1));
    power = static_cast<int>(std::floor(std::log10(number)));
    if (step > 1) power = static_cast<int>(std::floor(power / static_cast<double>(step))) * step;
    double mantissa = number / std::pow(10, power);
    if (rounded(mantissa, static_cast<double>(places)) >= std::pow(10, step))
      power += step, mantissa = number / std::pow(10, power);
    number = mantissa;
  }
  auto [whole, behind] = digits_of(number, places);
  std::string text = before_point(section, whole_end, whole, thousands);
  if (point != tokens.size()) text += '.';
  std::size_t place = 0,
              last_shown = behind.find_last_not_of('0') == std::string::npos ? 0 : behind.find_last_not_of('0') + 1;
  for (std::size_t i = point == tokens.size() ? whole_end : point + 1; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == Kind::exponent) {
      text += token.text[0];
      if (power < 0)
        text += '-';
      else if (token.text[1] == '+')
        text += '+';
      std::size_t size = 0;
      for (std::size_t k = i + 1; k < tokens.size() && tokens[k].kind == Kind::digit; ++k) ++size;
      text += padded(std::abs(power), size);
      i += size;
    } else if (token.kind == Kind::digit && point != tokens.size()) {
      if (place < last_shown || token.text == "0")
        text += place < behind.size() ? behind[place] : '0';
      else if (token.text == "?")
        text += ' ';
      ++place;
    } else if (token.kind == Kind::literal || token.kind == Kind::percent || token.kind == Kind::slash) {
      text += token.text;
    }
  }
  return text;
}

}  // namespace xlsx::calc::format
