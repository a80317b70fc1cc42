// A format is cut into tokens once a call; numbers are then written from their digits, dates from the calendar.
#include "format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "convert.hpp"
#include "dates.hpp"
#include "functions/rounding.hpp"
#include "letters.hpp"

namespace xlsx::calc {
namespace {

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

constexpr std::string_view month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

struct Section {
  std::vector<Token> tokens;
  bool date = false, condition = false;
  std::string sign;  // of the condition
  double bound = 0;
  bool has(Token::Kind kind) const {
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.kind == kind; });
  }
};

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return lower_letter(b) == a; });
}

// What stands in square brackets: a colour, a condition, a currency, elapsed time.
bool bracket(std::string_view inner, Section& to) {
  if (!inner.empty() &&
      std::all_of(inner.begin(), inner.end(), [&](char c) { return lower_letter(c) == lower_letter(inner[0]); }) &&
      (lower_letter(inner[0]) == 'h' || lower_letter(inner[0]) == 'm' || lower_letter(inner[0]) == 's')) {
    to.tokens.push_back({Token::Kind::elapsed, std::string(inner)});
    to.date = true;
    return true;
  }
  if (inner.starts_with('$')) {
    to.tokens.push_back({Token::Kind::literal, std::string(inner.substr(1, inner.find('-') - 1))});
    return true;
  }
  if (inner.starts_with('<') || inner.starts_with('>') || inner.starts_with('=')) {
    const std::size_t size = inner.find_first_not_of("<>=");
    const auto number = number_in(inner.substr(std::min(size, inner.size())));
    if (!number) return false;
    to.condition = true;
    to.sign = inner.substr(0, size);
    to.bound = *number;
  }
  return true;
}

// False: no format.
bool cut(std::string_view format, std::vector<Section>& sections) {
  using Kind = Token::Kind;
  sections.emplace_back();
  std::size_t at = 0;
  const auto literal = [&](std::string_view text) {
    auto& tokens = sections.back().tokens;
    if (!tokens.empty() && tokens.back().kind == Kind::literal)
      tokens.back().text += text;
    else
      tokens.push_back({Kind::literal, std::string(text)});
  };
  while (at < format.size()) {
    Section& section = sections.back();
    const char c = lower_letter(format[at]);
    const std::string_view rest = format.substr(at);
    if (c == ';') {
      if (sections.size() == 4) return false;
      sections.emplace_back();
      ++at;
    } else if (c == '"') {
      const auto end = format.find('"', at + 1);
      if (end == std::string_view::npos) return false;
      literal(format.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (c == '\\') {
      std::size_t end = at + 1;
      if (end < format.size()) next_character(format, end);
      literal(format.substr(at + 1, end - at - 1));
      at = end;
    } else if (c == '_') {
      std::size_t end = at + 1;
      if (end < format.size()) next_character(format, end);
      literal(" ");
      at = end;
    } else if (c == '*') {
      std::size_t end = at + 1;
      if (end < format.size()) next_character(format, end);
      at = end;
    } else if (c == '[') {
      const auto end = format.find(']', at);
      if (end == std::string_view::npos || !bracket(format.substr(at + 1, end - at - 1), section)) return false;
      at = end + 1;
    } else if (begins(rest, "general")) {
      section.tokens.push_back({Kind::general, ""});
      at += 7;
    } else if (begins(rest, "am/pm") || begins(rest, "a/p")) {
      const std::size_t size = begins(rest, "am/pm") ? 5 : 3;
      section.tokens.push_back({Kind::half, std::string(rest.substr(0, size))});
      section.date = true;
      at += size;
    } else if (c == '0' || c == '#' || c == '?') {
      section.tokens.push_back({Kind::digit, std::string(1, c)});
      ++at;
    } else if (c == '.') {
      section.tokens.push_back({Kind::point, "."});
      ++at;
    } else if (c == ',') {
      section.tokens.push_back({Kind::comma, ","});
      ++at;
    } else if (c == '%') {
      section.tokens.push_back({Kind::percent, "%"});
      ++at;
    } else if (c == '@') {
      section.tokens.push_back({Kind::text, "@"});
      ++at;
    } else if (c == '/') {
      section.tokens.push_back({Kind::slash, "/"});
      ++at;
    } else if (c == 'e' && at + 1 < format.size() && (format[at + 1] == '+' || format[at + 1] == '-')) {
      section.tokens.push_back({Kind::exponent, std::string(rest.substr(0, 2))});
      at += 2;
    } else if (c == 'y' || c == 'e' || c == 'm' || c == 'd' || c == 'h' || c == 's') {
      std::size_t end = at;
      while (end < format.size() && lower_letter(format[end]) == c) ++end;
      const Kind kind = c == 'm'   ? Kind::month
                        : c == 'd' ? Kind::day
                        : c == 'h' ? Kind::hour
                        : c == 's' ? Kind::second
                                   : Kind::year;
      section.tokens.push_back({kind, c == 'e' ? "yyyy" : std::string(end - at, c)});
      section.date = true;
      at = end;
    } else {
      std::size_t end = at;
      next_character(format, end);
      if ((c >= 'a' && c <= 'z') && c != 'b' && c != 'g' && c != 'x' && c != 'n') return false;
      literal(format.substr(at, end - at));
      at = end;
    }
  }
  return true;
}

// "m" is minutes behind hours and before seconds; a point and zeros behind seconds are parts of one.
void settle(Section& section) {
  using Kind = Token::Kind;
  auto& tokens = section.tokens;
  const auto time = [](const Token& t) { return t.kind == Kind::hour || t.kind == Kind::elapsed; };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Kind::month || tokens[i].text.size() > 2) continue;
    std::size_t before = i, after = i + 1;
    while (before > 0 && (tokens[before - 1].kind == Kind::literal || tokens[before - 1].kind == Kind::half)) --before;
    while (after < tokens.size() && tokens[after].kind == Kind::literal) ++after;
    const bool behind = before > 0 && (time(tokens[before - 1]));
    if (behind || (after < tokens.size() && tokens[after].kind == Kind::second)) tokens[i].kind = Kind::minute;
  }
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != Kind::point || tokens[i + 1].kind != Kind::digit || !section.date) continue;
    tokens[i].kind = Kind::fraction;
    while (i + 1 < tokens.size() && tokens[i + 1].kind == Kind::digit) {
      tokens[i].text += '0';
      tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
}

std::string padded(std::int64_t number, std::size_t size) {
  std::string text = std::to_string(number);
  return text.size() < size ? std::string(size - text.size(), '0') + text : text;
}

std::string dated(const Section& section, double serial, bool since_1904) {
  using Kind = Token::Kind;
  std::size_t places = 0;
  for (const Token& token : section.tokens)
    if (token.kind == Kind::fraction) places = std::max(places, token.text.size() - 1);
  const double scale = std::pow(10, static_cast<double>(places));
  const bool seconds_shown = section.has(Kind::second) || places > 0;
  // What is shown is rounded to the last unit that is shown of seconds; minutes and hours are cut.
  double seconds = serial * 86400;
  seconds = seconds_shown ? std::floor(seconds * scale + 0.5) / scale : std::floor(seconds + 1e-6);
  const double day = std::floor(seconds / 86400);
  const double rest = seconds - day * 86400;
  const Date date = date_of(day, since_1904);
  const auto whole = static_cast<std::int64_t>(rest + 1e-9);
  const auto hour = whole / 3600, minute = whole / 60 % 60, second = whole % 60;
  const bool twelve = section.has(Kind::half);
  std::string text;
  for (const Token& token : section.tokens) {
    const std::size_t size = token.text.size();
    switch (token.kind) {
      case Kind::year: text += size > 2 ? padded(date.year, 4) : padded(date.year % 100, 2); break;
      case Kind::month:
        if (size == 5)
          text += month_names[date.month - 1].substr(0, 1);
        else if (size >= 4)
          text += month_names[date.month - 1];
        else
          text += size == 3 ? std::string(month_names[date.month - 1].substr(0, 3)) : padded(date.month, size);
        break;
      case Kind::day: {
        const auto name = day_names[static_cast<std::size_t>(weekday(day, since_1904) - 1)];
        if (size >= 4)
          text += name;
        else
          text += size == 3 ? std::string(name.substr(0, 3)) : padded(date.day, size);
        break;
      }
      case Kind::hour: text += padded(twelve ? (hour + 11) % 12 + 1 : hour, std::min<std::size_t>(size, 2)); break;
      case Kind::minute: text += padded(minute, std::min<std::size_t>(size, 2)); break;
      case Kind::second: text += padded(second, std::min<std::size_t>(size, 2)); break;
      case Kind::fraction: {
        const auto parts = static_cast<std::int64_t>(
            std::round((rest - std::floor(rest + 1e-9)) * std::pow(10, static_cast<double>(size - 1))));
        text += "." + padded(std::max<std::int64_t>(parts, 0), size - 1);
        break;
      }
      case Kind::half:
        if (size == 3)
          text += token.text[hour < 12 ? 0 : 2];
        else
          text += hour < 12 ? "AM" : "PM";
        break;
      case Kind::elapsed: {
        const char unit = lower_letter(token.text[0]);
        const double total = std::floor(seconds / (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1) + 1e-9);
        text += padded(static_cast<std::int64_t>(total), size);
        break;
      }
      case Kind::general: text += general(serial); break;
      default: text += token.text;
    }
  }
  return text;
}

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

Value formatted(const Value& value, std::string_view format, bool since_1904) {
  std::vector<Section> sections;
  if (!cut(format, sections)) return Fault::value;
  if (format.empty()) return "";
  for (Section& section : sections) settle(section);
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
    return std::string_view(dated(*section, n, since_1904));
  }
  std::string text;
  if (section->has(Token::Kind::general) || section->has(Token::Kind::text)) {
    text = with_text(*section, general(std::fabs(n)));
  } else {
    text = numbered(*section, std::fabs(n));
  }
  const bool nothing = text.find_first_of("123456789") == std::string::npos;
  const bool minus = n < 0 && !own_sign && !(nothing && !section->has(Token::Kind::exponent));
  return std::string_view(minus ? text = "-" + text : text);
}

}  // namespace xlsx::calc
