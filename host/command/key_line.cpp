// Reads Lua's words, just well enough to tell a key from a text or a comment that looks like one.
#include "command/key_line.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace berth::command {

namespace {

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class Scanner {
 public:
  Scanner(std::string_view text, int line) : m_text(text), m_first(line) {
    while (m_line < line && m_at < m_text.size()) step();
  }

  // Outside of brackets, a word on a later line begins the next statement; others may stand before ours on its first.
  int find(std::string_view key) {
    while (m_at < m_text.size()) {
      const int line = m_line;
      const char c = m_text[m_at];
      if (text_begins()) {
        const std::string_view text = skip_text();
        if (text == key && assigned(true)) return line;
      } else if (word_character(c)) {
        if (m_depth == 0 && m_line > m_first) return m_first;
        if (skip_word() == key && m_depth > 0 && assigned(false)) return line;
      } else {
        step();
        if (c == '{' || c == '(') ++m_depth;
        if (c == '}' || c == ')') m_depth = std::max(0, m_depth - 1);
      }
    }
    return m_first;
  }

 private:
  char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
  void step() {
    if (m_text[m_at++] == '\n') ++m_line;
  }
  void step(std::size_t count) {
    for (count = std::min(count, m_text.size() - m_at); count > 0; --count) step();
  }
  bool comment_begins() const { return peek() == '-' && peek(1) == '-'; }
  bool text_begins() const { return peek() == '"' || peek() == '\'' || long_bracket(m_at) > 0 || comment_begins(); }

  // The length of "[[" or "[==[" at `at`, or 0.
  std::size_t long_bracket(std::size_t at) const {
    if (at >= m_text.size() || m_text[at] != '[') return 0;
    std::size_t end = at + 1;
    while (end < m_text.size() && m_text[end] == '=') ++end;
    return end < m_text.size() && m_text[end] == '[' ? end + 1 - at : 0;
  }

  // A text or a comment; what stands in it, which for a comment is nothing.
  std::string_view skip_text() {
    const bool comment = comment_begins();
    if (comment) step(2);
    std::string_view inside;
    if (const auto bracket = long_bracket(m_at); bracket > 0) {
      inside = skip_to("]" + std::string(bracket - 2, '=') + "]", bracket);
    } else if (comment) {
      while (m_at < m_text.size() && peek() != '\n') step();
    } else {
      inside = skip_quoted();
    }
    return comment ? std::string_view() : inside;
  }

  std::string_view skip_to(const std::string& end, std::size_t opening) {
    step(opening);
    const std::size_t begin = m_at, found = std::min(m_text.find(end, m_at), m_text.size());
    step(found - m_at + end.size());
    return m_text.substr(begin, found - begin);
  }

  std::string_view skip_quoted() {
    const char quote = peek();
    step();
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && peek() != quote && peek() != '\n') step(peek() == '\\' ? 2 : 1);
    const std::string_view inside = m_text.substr(begin, m_at - begin);
    step(1);
    return inside;
  }

  std::string_view skip_word() {
    const std::size_t begin = m_at;
    while (word_character(peek())) step();
    return m_text.substr(begin, m_at - begin);
  }

  // Does `=` follow, after `]` if the key was a text?
  bool assigned(bool bracket) const {
    std::size_t at = m_at;
    const auto skip_space = [&] {
      while (at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[at]))) ++at;
    };
    skip_space();
    if (bracket && (at >= m_text.size() || m_text[at++] != ']')) return false;
    skip_space();
    return at < m_text.size() && m_text[at] == '=' && (at + 1 >= m_text.size() || m_text[at + 1] != '=');
  }

  const std::string_view m_text;
  const int m_first;
  std::size_t m_at = 0;
  int m_line = 1, m_depth = 0;
};

}  // namespace

int line_of_key(std::string_view text, int line, std::string_view key) { return Scanner(text, line).find(key); }

}  // namespace berth::command
