// From front to back, a token at a time.
#include "format_tokens.hpp"

#include "convert.hpp"
#include "letters.hpp"

namespace xlsx::calc::format {
char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

namespace {

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

class Cutter {
 public:
  Cutter(std::string_view format, std::vector<Section>& sections) : m_format(format), m_sections(sections) {}
  // False: no format.
  bool run() {
    m_sections.emplace_back();
    while (m_at < m_format.size()) {
      if (!one()) return false;
    }
    return true;
  }

 private:
  using Kind = Token::Kind;

  void literal(std::string_view text) {
    auto& tokens = m_sections.back().tokens;
    if (!tokens.empty() && tokens.back().kind == Kind::literal)
      tokens.back().text += text;
    else
      tokens.push_back({Kind::literal, std::string(text)});
  }
  void put(Kind kind, std::string_view text, std::size_t size, bool date = false) {
    m_sections.back().tokens.push_back({kind, std::string(text)});
    m_sections.back().date |= date;
    m_at += size;
  }
  // Behind the character that follows a sign.
  std::size_t behind() const {
    std::size_t end = m_at + 1;
    if (end < m_format.size()) next_character(m_format, end);
    return end;
  }

  bool one() {
    const char c = lower_letter(m_format[m_at]);
    switch (c) {
      case ';':
        if (m_sections.size() == 4) return false;
        m_sections.emplace_back();
        ++m_at;
        return true;
      case '"': return quoted();
      case '\\':
      case '_':
      case '*': return escaped(c);
      case '[': return bracketed();
      case '0':
      case '#':
      case '?': return put(Kind::digit, m_format.substr(m_at, 1), 1), true;
      case '.': return put(Kind::point, ".", 1), true;
      case ',': return put(Kind::comma, ",", 1), true;
      case '%': return put(Kind::percent, "%", 1), true;
      case '@': return put(Kind::text, "@", 1), true;
      case '/': return put(Kind::slash, "/", 1), true;
      default: return word(c);
    }
  }
  bool quoted() {
    const auto end = m_format.find('"', m_at + 1);
    if (end == std::string_view::npos) return false;
    literal(m_format.substr(m_at + 1, end - m_at - 1));
    m_at = end + 1;
    return true;
  }
  // A letter as it is; a blank as wide as a letter; a letter that fills the rest of the cell, of which there is none.
  bool escaped(char sign) {
    const std::size_t end = behind();
    if (sign == '_') literal(" ");
    if (sign == '\\') literal(m_format.substr(m_at + 1, end - m_at - 1));
    m_at = end;
    return true;
  }
  bool bracketed() {
    const auto end = m_format.find(']', m_at);
    if (end == std::string_view::npos) return false;
    const auto inner = m_format.substr(m_at + 1, end - m_at - 1);
    m_at = end + 1;
    return bracket(inner, m_sections.back());
  }
  bool word(char c) {
    const std::string_view rest = m_format.substr(m_at);
    if (begins(rest, "general")) return put(Kind::general, "", 7), true;
    if (begins(rest, "am/pm")) return put(Kind::half, rest.substr(0, 5), 5, true), true;
    if (begins(rest, "a/p")) return put(Kind::half, rest.substr(0, 3), 3, true), true;
    if (c == 'e' && rest.size() > 1 && (rest[1] == '+' || rest[1] == '-'))
      return put(Kind::exponent, rest.substr(0, 2), 2), true;
    if (c == 'y' || c == 'e' || c == 'm' || c == 'd' || c == 'h' || c == 's') return moment(c);
    if (c >= 'a' && c <= 'z' && c != 'b' && c != 'g' && c != 'x' && c != 'n') return false;
    std::size_t end = m_at;
    next_character(m_format, end);
    literal(m_format.substr(m_at, end - m_at));
    m_at = end;
    return true;
  }
  // A part of a date or a time, as many letters as there are.
  bool moment(char c) {
    std::size_t end = m_at;
    while (end < m_format.size() && lower_letter(m_format[end]) == c) ++end;
    const std::size_t size = end - m_at;
    const Kind kind = c == 'm'   ? Kind::month
                      : c == 'd' ? Kind::day
                      : c == 'h' ? Kind::hour
                      : c == 's' ? Kind::second
                                 : Kind::year;
    put(kind, c == 'e' ? "yyyy" : std::string(size, c), size, true);
    return true;
  }

  const std::string_view m_format;
  std::vector<Section>& m_sections;
  std::size_t m_at = 0;
};

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

}  // namespace

bool cut(std::string_view format, std::vector<Section>& sections) {
  if (!Cutter(format, sections).run()) return false;
  for (Section& section : sections) settle(section);
  return true;
}

std::string padded(std::int64_t number, std::size_t size) {
  std::string text = std::to_string(number);
  return text.size() < size ? std::string(size - text.size(), '0') + text : text;
}

}  // namespace xlsx::calc::format
