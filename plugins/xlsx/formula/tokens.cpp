// What a word is, its neighbours say: a bracket behind it makes a function of it, a "!" a sheet, a ":" perhaps whole
// columns. So each token looks at what follows, never further than its own end and one word more.
#include "tokens.hpp"

#include <algorithm>
#include <array>

#include "reference.hpp"

namespace xlsx::formula {

namespace {

constexpr auto none = std::string_view::npos;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '\\' || c == '$' || c == '?' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr std::array<bool, 256> make_words() {
  std::array<bool, 256> words{};
  for (int c = 0; c < 256; ++c) {
    const char letter = static_cast<char>(c);
    words[static_cast<std::size_t>(c)] = begins_word(letter) || is_digit(letter) || letter == '.';
  }
  return words;
}
constexpr auto words = make_words();
constexpr bool is_word(char c) { return words[static_cast<unsigned char>(c)]; }

bool spells(std::string_view a, std::string_view upper) {
  return std::equal(a.begin(), a.end(), upper.begin(), upper.end(),
                    [](char x, char y) { return (x >= 'a' && x <= 'z' ? x - 'a' + 'A' : x) == y; });
}

constexpr std::string_view errors[] = {"#NULL!",    "#DIV/0!",       "#VALUE!",    "#REF!",  "#NAME?",   "#NUM!",
                                       "#N/A",      "#GETTING_DATA", "#SPILL!",    "#CALC!", "#FIELD!",  "#BLOCKED!",
                                       "#CONNECT!", "#UNKNOWN!",     "#EXTERNAL!", "#BUSY!", "#PYTHON!", "#TIMEOUT!"};

}  // namespace

Token Tokens::take(Kind kind, std::size_t end) {
  const Token one{kind, m_text.substr(m_at, end - m_at), m_at, nullptr};
  m_at = end;
  m_last = kind;
  return one;
}

Token Tokens::bad(const char* trouble) {
  Token one = take(Kind::bad, m_text.size());
  one.trouble = trouble;
  return one;
}

std::size_t Tokens::word_end(std::size_t from) const {
  while (from < m_text.size() && is_word(m_text[from])) ++from;
  return from;
}

// Behind the quote that ends what begins at `from`; doubled ones are a part of it.
std::size_t Tokens::quote_end(std::size_t from) const {
  for (std::size_t i = from + 1; i < m_text.size(); ++i) {
    if (m_text[i] != m_text[from]) continue;
    if (at(i + 1) != m_text[from]) return i + 1;
    ++i;
  }
  return none;
}

// Behind the bracket that ends what begins at `from`. An apostrophe takes the next character as it is.
std::size_t Tokens::bracket_end(std::size_t from) const {
  std::size_t depth = 0;
  for (std::size_t i = from; i < m_text.size(); ++i) {
    if (m_text[i] == '\'')
      ++i;
    else if (m_text[i] == '[')
      ++depth;
    else if (m_text[i] == ']' && --depth == 0)
      return i + 1;
  }
  return none;
}

// Behind the "!" of a sheet's name, or of two with ":" between them, that begins at `from`.
std::size_t Tokens::sheet_end(std::size_t from) const {
  std::size_t end = at(from) == '\'' ? quote_end(from) : word_end(from);
  if (end == none || end == from) return none;
  if (at(end) == ':') {
    end = at(end + 1) == '\'' ? quote_end(end + 1) : word_end(end + 1);
    if (end == none) return none;
  }
  return at(end) == '!' ? end + 1 : none;
}

// Where the second half of whole columns or rows ends, of which the ":" is at `from`: it is a word by itself.
std::size_t Tokens::second_end(std::size_t from) const {
  const std::size_t end = word_end(from + 1);
  return at(end) == '!' || at(end) == '(' || at(end) == '[' ? none : end;
}

Token Tokens::word() {
  const std::size_t end = word_end(m_at);
  const auto text = m_text.substr(m_at, end - m_at);
  const bool dollar = text.find('$') != none;
  const char after = at(end);
  if (after == '(' && !dollar) return take(Kind::function, end);
  if (after == '!' && !dollar) return take(Kind::prefix, end + 1);
  if (after == '[' && !dollar) return take(Kind::name, end);  // a table
  const auto single = cell(text);
  if (after == ':') {
    const auto second = second_end(end);
    if (second != none && !single && area(m_text.substr(m_at, second - m_at))) {
      return take(Kind::columns, second);
    }
    const auto sheets = single || dollar || m_last == Kind::prefix ? none : sheet_end(m_at);
    if (sheets != none) return take(Kind::prefix, sheets);
  }
  if (single) return take(Kind::cell, end);
  if (spells(text, "TRUE") || spells(text, "FALSE")) return take(Kind::boolean, end);
  if (dollar) return bad("a \"$\" stands where no cell does");
  return take(Kind::name, end);
}

Token Tokens::bracket() {
  const std::size_t end = bracket_end(m_at);
  if (end == none) return bad("a square bracket is not closed");
  if (m_last == Kind::name) return take(Kind::structure, end);
  if (at(end) == '!') return take(Kind::prefix, end + 1);
  const std::size_t sheet = sheet_end(end);
  return sheet == none ? take(Kind::structure, end) : take(Kind::prefix, sheet);
}

Token Tokens::quoted() {
  const std::size_t end = quote_end(m_at);
  if (end == none) return bad("the quotes around a sheet's name are not closed");
  const std::size_t sheet = sheet_end(m_at);
  if (sheet != none) return take(Kind::prefix, sheet);
  if (m_last == Kind::prefix) return take(Kind::name, end);  // of another program's data: [1]!'an item'
  return bad("a name stands in single quotes, and no \"!\" behind it");
}

Token Tokens::text() {
  const std::size_t end = quote_end(m_at);
  return end == none ? bad("the quotes around a text are not closed") : take(Kind::text, end);
}

Token Tokens::hash() {
  for (const auto error : errors)
    if (spells(m_text.substr(m_at, error.size()), error)) return take(Kind::error, m_at + error.size());
  return take(Kind::operation, m_at + 1);
}

Token Tokens::digits() {
  std::size_t end = m_at;
  while (is_digit(at(end)) || (end == m_at && at(end) == '$')) ++end;
  if (at(end) == ':') {
    const auto second = second_end(end);
    if (second != none && area(m_text.substr(m_at, second - m_at))) return take(Kind::rows, second);
  }
  if (at(m_at) == '$') return word();
  if (at(end) == '.')
    for (++end; is_digit(at(end));) ++end;
  if (at(end) == 'E' || at(end) == 'e') {
    const std::size_t sign = at(end + 1) == '+' || at(end + 1) == '-' ? end + 2 : end + 1;
    if (is_digit(at(sign)))
      for (end = sign; is_digit(at(end));) ++end;
  }
  if (!is_word(at(end)) && at(end) != '!') return take(Kind::number, end);
  const std::size_t sheet = sheet_end(m_at);
  return sheet == none ? bad("a word begins with a digit") : take(Kind::prefix, sheet);
}

Token Tokens::sign(char c) {
  switch (c) {
    case '(': return take(Kind::open, m_at + 1);
    case ')': return take(Kind::close, m_at + 1);
    case '{': return take(Kind::open_array, m_at + 1);
    case '}': return take(Kind::close_array, m_at + 1);
    case ',': return take(Kind::comma, m_at + 1);
    case ';': return take(Kind::semicolon, m_at + 1);
    case '<': return take(Kind::operation, m_at + (at(m_at + 1) == '=' || at(m_at + 1) == '>' ? 2 : 1));
    case '>': return take(Kind::operation, m_at + (at(m_at + 1) == '=' ? 2 : 1));
    case '!': return take(Kind::prefix, m_at + 1);  // of a defined name: the sheet that uses it
    case '+':
    case '-':
    case '*':
    case '/':
    case '^':
    case '&':
    case '=':
    case '%':
    case ':':
    case '@': return take(Kind::operation, m_at + 1);
    default: return bad("a character stands where none like it may stand");
  }
}

Token Tokens::next() {
  if (m_at >= m_text.size()) return take(Kind::end, m_text.size());
  const char c = m_text[m_at];
  if (is_space(c)) {
    std::size_t end = m_at;
    while (is_space(at(end))) ++end;
    return take(Kind::space, end);
  }
  if (is_digit(c) || (c == '.' && is_digit(at(m_at + 1))) || (c == '$' && is_digit(at(m_at + 1)))) return digits();
  if (begins_word(c)) return word();
  switch (c) {
    case '"': return text();
    case '\'': return quoted();
    case '[': return bracket();
    case '#': return hash();
    default: return sign(c);
  }
}

}  // namespace xlsx::formula
