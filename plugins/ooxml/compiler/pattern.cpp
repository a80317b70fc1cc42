// A pattern is read into a tree of bytes' sets, which becomes an automaton as a content model does.
#include "pattern.hpp"

#include <bitset>
#include <cstdlib>
#include <map>

#include "automaton.hpp"
#include "cursor.hpp"

namespace ooxml::compiler {

namespace {

using Bytes = std::bitset<256>;

Bytes between(unsigned from, unsigned to) {
  Bytes set;
  for (unsigned c = from; c <= to; ++c) set.set(c);
  return set;
}

class PatternReader {
 public:
  explicit PatternReader(const std::string& text) : m_text(text) {}

  Node all() {
    Node node = choice();
    if (m_at != m_text.size()) throw Wrong{"the pattern has a bracket too many"};
    return node;
  }
  std::vector<Bytes> sets;  // of each symbol

 private:
  char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
  char next() {
    if (m_at >= m_text.size()) throw Wrong{"the pattern ends too early"};
    return m_text[m_at++];
  }

  Node choice() {
    Node all{.kind = Node::Kind::choice};
    all.children.push_back(sequence());
    while (peek() == '|') {
      ++m_at;
      all.children.push_back(sequence());
    }
    return all;
  }

  Node sequence() {
    Node all;
    while (m_at < m_text.size() && peek() != '|' && peek() != ')') all.children.push_back(piece());
    return all;
  }

  Node piece() {
    Node node;
    if (peek() == '(') {
      ++m_at;
      if (m_text.compare(m_at, 2, "?:") == 0) m_at += 2;
      node = choice();
      if (next() != ')') throw Wrong{"a bracket of the pattern is not closed"};
    } else {
      node = {.kind = Node::Kind::symbol, .symbol = symbol(set())};
    }
    if (peek() == '?' || peek() == '*' || peek() == '+' || peek() == '{') {
      // What stands for itself may occur often, and a whole of it may, too: one node around the other.
      Node outer{.kind = Node::Kind::sequence};
      outer.children.push_back(std::move(node));
      times(outer);
      return outer;
    }
    return node;
  }

  void times(Node& node) {
    char sign = next();
    node.least = sign == '+' ? 1 : 0;
    node.most = sign == '?' ? 1 : unbounded;
    if (sign != '{') return;
    std::size_t end = m_text.find('}', m_at);
    if (end == m_text.npos) throw Wrong{"a brace of the pattern is not closed"};
    std::string inside = m_text.substr(m_at, end - m_at);
    m_at = end + 1;
    std::size_t comma = inside.find(',');
    node.least = std::atoi(inside.c_str());
    node.most = comma == inside.npos         ? node.least
                : comma + 1 == inside.size() ? unbounded
                                             : std::atoi(inside.c_str() + comma + 1);
    if (node.most == 0 || (node.most != unbounded && node.most < node.least))
      throw Wrong{"a wrong count in the pattern"};
  }

  int symbol(const Bytes& set) {
    sets.push_back(set);
    return static_cast<int>(sets.size() - 1);
  }

  Bytes set() {
    char c = next();
    if (c == '.') return ~(between('\n', '\n') | between('\r', '\r'));
    if (c == '\\') return escape(next());
    if (c == '[') return brackets();
    return between(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }

  static Bytes escape(char c) {
    Bytes blank = between(' ', ' ') | between('\t', '\n') | between('\r', '\r'), digit = between('0', '9');
    Bytes word = digit | between('a', 'z') | between('A', 'Z') | between('_', '_') | between(0x80, 0xFF);
    switch (c) {
      case 'd': return digit;
      case 'D': return ~digit;
      case 's': return blank;
      case 'S': return ~blank;
      case 'w': return word;
      case 'W': return ~word;
      case 'n': return between('\n', '\n');
      case 'r': return between('\r', '\r');
      case 't': return between('\t', '\t');
      default: break;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      throw Wrong{std::string("the pattern has an unknown \"\\") + c + "\""};
    return between(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }

  Bytes brackets() {
    bool inverse = peek() == '^';
    if (inverse) ++m_at;
    Bytes all;
    bool begun = false;
    while (peek() != ']' || !begun) {
      begun = true;
      char c = next();
      if (c == '\\') {
        Bytes one = escape(next());
        if (one.count() > 1 || peek() != '-') {
          all |= one;
          continue;
        }
        c = m_text[m_at - 1];
      }
      bool range = peek() == '-' && m_at + 1 < m_text.size() && m_text[m_at + 1] != ']';
      if (!range) {
        all.set(static_cast<unsigned char>(c));
        continue;
      }
      ++m_at;
      char to = next();
      if (to == '\\') to = next();
      if (to < c) throw Wrong{"a range of the pattern goes backwards"};
      all |= between(static_cast<unsigned char>(c), static_cast<unsigned char>(to));
    }
    ++m_at;
    return inverse ? ~all : all;
  }

  const std::string& m_text;
  std::size_t m_at = 0;
};

// Each byte is one symbol at last: the tree's sets are alternatives of the classes that no set divides.
Node of_classes(const Node& node, const std::vector<std::vector<int>>& members) {
  Node made = node;
  if (node.kind == Node::Kind::symbol) {
    made.kind = Node::Kind::choice;
    for (int one : members[static_cast<std::size_t>(node.symbol)]) {
      made.children.push_back({.kind = Node::Kind::symbol, .symbol = one});
    }
    return made;
  }
  for (Node& child : made.children) child = of_classes(child, members);
  return made;
}

}  // namespace

Pattern make_pattern(const std::string& text) {
  PatternReader reader(text);
  Node tree = reader.all();
  std::map<std::vector<bool>, std::uint8_t> known;
  std::vector<std::vector<int>> members(reader.sets.size());
  Pattern made;
  for (unsigned c = 0; c < 256; ++c) {
    std::vector<bool> in;
    for (const Bytes& set : reader.sets) in.push_back(set[c]);
    auto [at, added] = known.emplace(in, static_cast<std::uint8_t>(known.size()));
    made.classes[c] = at->second;
    if (!added) continue;
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i]) members[i].push_back(at->second);
    }
  }
  Automaton automaton = make_automaton(of_classes(tree, members), static_cast<int>(known.size()));
  for (std::uint8_t& one : made.classes) one = static_cast<std::uint8_t>(automaton.classes[one]);
  made.width = automaton.width;
  made.steps = automaton.steps;
  made.ends = automaton.ends;
  return made;
}

}  // namespace ooxml::compiler
