// Walks a pattern from left to right and writes the text as it goes.
#include "pattern_text.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "fit.hpp"

namespace berth::check {

namespace {

const std::string digits = "0123456789";
const std::string letters = "abcdefghijklmnopqrstuvwxyz";
const std::string words = letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits + "_";

struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Walker {
 public:
  Walker(const std::string& pattern, const std::function<std::size_t(std::size_t)>& pick)
      : m_pattern(pattern), m_pick(pick) {}

  std::string walk() {
    std::string text = choice();
    if (m_at != m_pattern.size()) throw Unreadable("a bracket too many");
    return text;
  }

 private:
  bool more() const { return m_at < m_pattern.size(); }
  char next() {
    if (!more()) throw Unreadable("it ends too early");
    return m_pattern[m_at++];
  }
  bool take(char c) { return more() && m_pattern[m_at] == c && ++m_at > 0; }

  std::string choice() {
    std::vector<std::string> ways{sequence()};
    while (take('|')) ways.push_back(sequence());
    return ways[m_pick(ways.size())];
  }
  std::string sequence() {
    std::string text;
    while (more() && m_pattern[m_at] != '|' && m_pattern[m_at] != ')') text += repeated();
    return text;
  }
  std::string repeated() {
    const std::size_t begin = m_at;
    std::string text = atom();
    const std::size_t after = m_at;
    const auto [least, most] = bounds();
    const std::size_t end = m_at;
    const std::size_t count = least + m_pick(std::min<std::size_t>(most - least, 8) + 1);
    if (count == 0) return {};
    for (std::size_t i = 1; i < count && end != after; ++i) {  // each time anew, so that they differ
      m_at = begin;
      text += atom();
    }
    m_at = end;
    return text;
  }
  std::pair<std::size_t, std::size_t> bounds() {
    std::pair<std::size_t, std::size_t> found{1, 1};
    if (take('*'))
      found = {0, 8};
    else if (take('+'))
      found = {1, 9};
    else if (take('?'))
      found = {0, 1};
    else if (take('{'))
      found = braces();
    take('?');  // a lazy one matches the same texts
    return found;
  }
  std::pair<std::size_t, std::size_t> braces() {
    const std::size_t least = number();
    std::size_t most = least;
    if (take(',')) most = more() && m_pattern[m_at] == '}' ? least + 8 : number();
    if (!take('}') || most < least || most > 10'000) throw Unreadable("a repetition");
    return {least, most};
  }
  std::size_t number() {
    std::size_t value = 0;
    for (bool any = false;; any = true) {
      if (!more() || !std::isdigit(static_cast<unsigned char>(m_pattern[m_at]))) {
        if (!any) throw Unreadable("a number");
        return value;
      }
      value = std::min<std::size_t>(value * 10 + static_cast<std::size_t>(next() - '0'), 100'000);
    }
  }

  std::string atom() {
    const char c = next();
    if (c == '^' || c == '$') return {};
    if (c == '.') return one_of(words);
    if (c == '[') return one_of(set());
    if (c == '\\') return one_of(escaped(next()));
    if (c != '(') return std::string(1, c);
    if (take('?') && !take(':')) throw Unreadable("a group of a special kind");
    std::string text = choice();
    if (!take(')')) throw Unreadable("a group without an end");
    return text;
  }
  std::string escaped(char c) {
    if (c == 'd') return digits;
    if (c == 'w') return words;
    if (c == 's') return " ";
    if (c == 'S') return words;
    if (c == 'D') return letters;
    if (c == 'W') return "-";
    if (std::isalnum(static_cast<unsigned char>(c))) throw Unreadable("an escape");
    return std::string(1, c);
  }
  std::string set() {
    const bool others = take('^');
    std::string all;
    while (!take(']')) {
      const char c = next();
      if (c == '\\') {
        all += escaped(next());
      } else if (more() && m_pattern[m_at] == '-' && m_at + 1 < m_pattern.size() && m_pattern[m_at + 1] != ']') {
        next();
        for (int each = c, last = next(); each <= last; ++each) all += static_cast<char>(each);
      } else {
        all += c;
      }
    }
    if (!others) return all;
    std::string rest;
    for (char c = ' '; c < 0x7f; ++c)
      if (all.find(c) == std::string::npos) rest += c;
    return rest;
  }
  std::string one_of(const std::string& all) {
    if (all.empty()) throw Unreadable("an empty class");
    return std::string(1, all[m_pick(all.size())]);
  }

  const std::string& m_pattern;
  const std::function<std::size_t(std::size_t)>& m_pick;
  std::size_t m_at = 0;
};

}  // namespace

std::optional<std::string> text_for(const std::string& pattern, const std::function<std::size_t(std::size_t)>& pick) {
  try {
    std::string text = Walker(pattern, pick).walk();
    if (matches(text, pattern)) return text;
  } catch (const Unreadable&) {
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace berth::check
