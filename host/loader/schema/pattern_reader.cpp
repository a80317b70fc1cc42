// Reads the text of a regular expression.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "loader/schema/pattern_sets.hpp"
#include "loader/schema/pattern_tree.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Result;
using Ranges = Pattern::Ranges;

namespace {

constexpr unsigned most_groups = 32, most_repeats = 1000;
std::optional<char32_t> control(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'f': return '\f';
    case 'v': return '\v';
    case '0': return 0;
    default: return std::nullopt;
  }
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : m_text(text) {}

  Result<PatternTree> run() {
    auto tree = choice();
    if (!m_wrong.empty()) return broken();
    if (!done()) refuse("a ) that closes nothing");
    if (!m_wrong.empty()) return broken();
    return tree;
  }

 private:
  using Tree = PatternTree;

  bool done() const { return m_at >= m_text.size() || !m_wrong.empty(); }
  char peek() const { return m_text[m_at]; }
  bool take(char c) {
    if (done() || peek() != c) return false;
    ++m_at;
    return true;
  }
  bool take(std::string_view what) {
    if (m_text.substr(m_at, what.size()) != what) return false;
    m_at += what.size();
    return true;
  }
  void refuse(std::string why) {
    if (m_wrong.empty()) m_wrong = std::move(why) + ", at character " + std::to_string(m_at + 1);
  }
  Error broken() const {
    return {500, "bad_pattern", "the pattern " + service::json_quote(m_text.substr(0, 200)) + " is broken: " + m_wrong};
  }

  Tree choice() {
    if (++m_depth > most_groups) refuse("more than " + std::to_string(most_groups) + " groups in each other");
    Tree all{Tree::What::choice};
    do {
      all.parts.push_back(sequence());
    } while (take('|'));
    --m_depth;
    if (all.parts.size() > 1) return all;
    return std::move(all.parts.front());
  }

  Tree sequence() {
    Tree all{Tree::What::sequence};
    while (!done() && peek() != '|' && peek() != ')') all.parts.push_back(repeated());
    return all;
  }

  Tree repeated() {
    const std::size_t from = m_at;
    Tree one = single();
    for (int times = 0; !done(); ++times) {
      const auto count = quantifier();
      if (!count) break;
      if (one.what == Tree::What::border || times > 0) {
        m_at = from;
        refuse("a repetition of what cannot be repeated");
        break;
      }
      Tree outer{Tree::What::repeat};
      outer.least = count->first;
      outer.most = count->second;
      outer.parts.push_back(std::move(one));
      one = std::move(outer);
      take('?');  // lazy or greedy is the same where only "does it match?" is asked
    }
    return one;
  }

  std::optional<std::pair<unsigned, unsigned>> quantifier() {
    if (take('*')) return std::pair(0u, Tree::endless);
    if (take('+')) return std::pair(1u, Tree::endless);
    if (take('?')) return std::pair(0u, 1u);
    const std::size_t from = m_at;
    if (!take('{')) return std::nullopt;
    const auto low = number();
    auto high = low;
    if (low && take(',')) high = !done() && peek() == '}' ? std::optional(Tree::endless) : number();
    if (!low || !high || !take('}')) {
      m_at = from;  // a brace that is meant as itself
      return std::nullopt;
    }
    const bool too_many = *low > most_repeats || (*high > most_repeats && *high != Tree::endless);
    if (too_many) refuse("a repetition of more than " + std::to_string(most_repeats) + " times");
    if (*high < *low) refuse("a repetition from more to less");
    return std::pair(*low, *high);
  }

  std::optional<unsigned> number() {
    const std::size_t from = m_at;
    unsigned value = 0;
    while (!done() && peek() >= '0' && peek() <= '9') {
      value = std::min(value * 10 + static_cast<unsigned>(peek() - '0'), most_repeats + 1);
      ++m_at;
    }
    if (m_at == from) return std::nullopt;
    return value;
  }

  Tree single() {
    if (take('(')) return group();
    if (take('[')) return set();
    if (take('^')) return border(Pattern::Code::begin);
    if (take('$')) return border(Pattern::Code::end);
    if (take('.')) return of(all_but_line_ends());
    if (peek() == '*' || peek() == '+' || peek() == '?') {
      refuse("a repetition of nothing");
      return {};
    }
    if (!take('\\')) return of({literal()});
    if (done()) refuse("a \\ at the end");
    if (take('b')) return border(Pattern::Code::word_border);
    if (take('B')) return border(Pattern::Code::no_word_border);
    return of(escape());
  }

  Tree group() {
    if (!take("?:") && !done() && peek() == '?') {
      refuse("look-around and named groups are not supported");
      return {};
    }
    Tree inner = choice();
    if (!take(')')) refuse("a ( that is not closed");
    return inner;
  }

  Tree set() {
    const bool negated = take('^');
    Ranges ranges;
    while (!done() && peek() != ']') {
      Ranges low = set_member();
      const bool dash = m_text.substr(m_at, 1) == "-" && m_text.substr(m_at + 1, 1) != "]";
      if (dash && low.size() == 1 && low[0].first == low[0].second && take('-') && !done()) {
        const Ranges high = set_member();
        const bool ordered = high.size() == 1 && high[0].first == high[0].second && low[0].first <= high[0].first;
        if (!ordered)
          refuse("a range whose ends are not in order");
        else
          low[0].second = high[0].first;
      }
      ranges.insert(ranges.end(), low.begin(), low.end());
    }
    if (!take(']')) refuse("a [ that is not closed");
    return of(negated ? inverse(tidy(ranges)) : ranges);
  }

  Ranges set_member() {
    if (!take('\\')) return {literal()};
    if (done()) refuse("a \\ at the end");
    if (take('b')) return {{'\b', '\b'}};
    return escape();
  }

  Ranges escape() {
    if (done()) return {};
    const char letter = peek();
    if (auto set = named_set(letter)) {
      ++m_at;
      return *set;
    }
    if (auto point = control(letter)) {
      ++m_at;
      return {{*point, *point}};
    }
    if (letter == 'x' || letter == 'u') return hex();
    const bool alphanumeric = (letter >= '0' && letter <= '9') || ((letter | 32) >= 'a' && (letter | 32) <= 'z');
    if (alphanumeric) refuse(std::string{'\\', letter} + " is not supported");
    return {literal()};
  }

  Ranges hex() {
    const bool short_form = peek() == 'x';
    ++m_at;
    const bool braced = !short_form && take('{');
    const std::size_t wanted = short_form ? 2 : braced ? std::min<std::size_t>(m_text.find('}', m_at) - m_at, 7) : 4;
    const auto given = m_text.substr(std::min(m_at, m_text.size()), wanted);
    char32_t point = 0;
    bool good = given.size() == wanted && wanted > 0 && wanted < 7;
    for (const char c : given) {
      const auto at = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? static_cast<char>(c | 32) : c);
      good = good && at != std::string_view::npos;
      point = point * 16 + static_cast<char32_t>(at & 15);
    }
    if (!good || point > last_character) refuse("an escape without its digits");
    m_at += given.size();
    if (braced && !take('}')) refuse("an escape without its }");
    return {{point, point}};
  }

  std::pair<char32_t, char32_t> literal() {
    const auto rest = m_text.substr(m_at);
    const std::size_t length = service::utf8_length(rest);
    if (length == 0) {
      refuse("text that is not UTF-8");
      return {};
    }
    static constexpr std::array<unsigned char, 5> mask{0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t point = static_cast<unsigned char>(rest[0]) & mask[length];
    for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(rest[i]) & 0x3fu);
    m_at += length;
    return {point, point};
  }

  Tree of(Ranges ranges) {
    Tree tree{Tree::What::one_of};
    tree.ranges = tidy(std::move(ranges));
    return tree;
  }
  static Tree border(Pattern::Code code) {
    Tree tree{Tree::What::border};
    tree.border = code;
    return tree;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  unsigned m_depth = 0;
  std::string m_wrong;
};

}  // namespace

Result<PatternTree> read_pattern(std::string_view text) { return PatternReader(text).run(); }

}  // namespace berth::loader
