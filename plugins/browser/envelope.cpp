// Only the outermost level is looked at; the end of a long string is searched for, not walked to.
#include "envelope.hpp"

#include <charconv>

namespace browser {

namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}

  bool take(char wanted) {
    skip_space();
    if (m_at >= m_text.size() || m_text[m_at] != wanted) return false;
    ++m_at;
    return true;
  }
  // The next value, whole; empty if there is none.
  std::string_view value() {
    skip_space();
    const std::size_t begin = m_at;
    if (m_at >= m_text.size()) return {};
    if (m_text[m_at] == '"')
      skip_string();
    else if (m_text[m_at] == '{' || m_text[m_at] == '[')
      skip_nested();
    else
      m_at = std::min(m_text.find_first_of(",}] \t\r\n", m_at), m_text.size());
    return m_text.substr(begin, m_at - begin);
  }

 private:
  void skip_space() {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t')) ++m_at;
  }
  void skip_string() {
    for (++m_at;; ++m_at) {
      m_at = m_text.find('"', m_at);
      if (m_at == m_text.npos) {
        m_at = m_text.size();
        return;
      }
      std::size_t slashes = 0;
      while (m_text[m_at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
    }
    ++m_at;
  }
  void skip_nested() {
    std::size_t depth = 0;
    while (m_at < m_text.size()) {
      const char c = m_text[m_at];
      if (c == '"') {
        skip_string();
        continue;
      }
      ++m_at;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return;
    }
  }

  const std::string_view m_text;
  std::size_t m_at = 0;
};

std::string_view bare(std::string_view text) {
  return text.size() < 2 || text.front() != '"' ? std::string_view() : text.substr(1, text.size() - 2);
}

}  // namespace

std::optional<Envelope> envelope_of(std::string_view text) {
  Scanner from(text);
  Envelope found;
  if (!from.take('{')) return std::nullopt;
  for (bool first = true; first || from.take(','); first = false) {
    const auto name = bare(from.value());
    if (name.empty() || !from.take(':')) return std::nullopt;
    const auto value = from.value();
    if (name == "id") std::from_chars(value.data(), value.data() + value.size(), found.id);
    if (name == "method") found.method = bare(value);
    if (name == "sessionId") found.session = bare(value);
    if (name == "params") found.params = value;
    if (name == "result") found.result = value;
    if (name == "error") found.error = value;
  }
  return found;
}

}  // namespace browser
