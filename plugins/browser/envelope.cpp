// Only the outermost level is looked at; the end of a long string is searched for, not walked to.
#include "envelope.hpp"

#include <berth/json_reader.hpp>

#include <charconv>
#include <string>
#include <utility>

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

// The number that is escaped at `at`; 0 if none is.
unsigned escaped(std::string_view text, std::size_t at) {
  unsigned number = 0;
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return 0;
  const char* end = text.data() + at + 6;
  return std::from_chars(text.data() + at + 2, end, number, 16).ptr == end ? number : 0;
}
bool opens_pair(unsigned number) { return number >= 0xd800 && number < 0xdc00; }
bool closes_pair(unsigned number) { return number >= 0xdc00 && number < 0xe000; }

std::string without_halves(std::string_view text) {
  std::string whole(text);
  for (std::size_t at = whole.find('\\'); at < whole.size(); at = whole.find('\\', at)) {
    const unsigned number = escaped(whole, at);
    if (opens_pair(number) && closes_pair(escaped(whole, at + 6)))
      at += 12;
    else if (opens_pair(number) || closes_pair(number))
      whole.replace(std::exchange(at, at + 6), 6, "\\ufffd");
    else
      at += 2;
  }
  return whole;
}

}  // namespace

nlohmann::json read_message(std::string_view text) {
  if (auto read = berth::read_json(text)) return std::move(*read);
  auto message = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (message.is_discarded()) message = nlohmann::json::parse(without_halves(text), nullptr, false);
  return message;
}

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
