// The tokenizer judges the text first; what follows it may take it for well-formed, and only looks for places.
#include <algorithm>
#include <berth/call.hpp>
#include <utility>

#include "edit/tags.hpp"
#include "edit/tree.hpp"
#include "xml.hpp"

namespace docx {

using berth::Error;

namespace {

// Looks at nothing: whether it is well-formed is all that is asked.
struct Judge : ooxml::Handler {
  void start(const ooxml::Start&) override {}
  void text(std::string_view) override {}
  void end(const ooxml::Start&) override {}
};

// The text itself, and no copy of it.
class OnePiece : public ooxml::Source {
 public:
  explicit OnePiece(std::string_view text) : m_text(text) {}
  std::string_view next() override { return std::exchange(m_text, {}); }

 private:
  std::string_view m_text;
};

}  // namespace

void demand_xml(const std::string& text, const TreeLimits& limits) {
  if (text.size() > limits.bytes) throw Error(422, "too_large", "a part is too large to be changed");
  const auto first = text.empty() ? '\0' : text[0];
  if (first == '\xFF' || first == '\xFE' || first == '\0')
    throw Error(422, "not_utf8", "a part is not written in UTF-8, and is not changed");
  try {
    Judge judge;
    OnePiece source(text);
    ooxml::read_xml(source, judge);
  } catch (const ooxml::Malformed& wrong) {
    throw Error(422, "not_well_formed", std::string("line ") + std::to_string(wrong.line) + ": " + wrong.what());
  }
}

// Goes through the text once; the elements that are open are the chain of parents.
class Tree::Builder {
 public:
  Builder(Tree& tree, std::size_t most) : m_tree(tree), m_text(tree.m_text), m_most(most) {}

  void build() {
    for (std::size_t at = m_text.find('<'); at != std::string::npos; at = m_text.find('<', at)) {
      const char next = at + 1 < m_text.size() ? m_text[at + 1] : '\0';
      if (next == '?')
        at = past("?>", at);
      else if (next == '!')
        at = m_text.compare(at, 4, "<!--") == 0 ? past("-->", at) : past("]]>", at);
      else
        at = next == '/' ? close(at) : open(at);
    }
    if (m_open != none || m_tree.m_nodes.empty()) throw Error(422, "not_well_formed", "an element is not closed");
  }

 private:
  std::size_t past(std::string_view what, std::size_t from) const {
    const auto at = m_text.find(what, from);
    if (at == std::string::npos) throw Error(422, "not_well_formed", "something is not closed");
    return at + what.size();
  }

  std::size_t tag_end(std::size_t at) const {
    char quote = 0;
    for (; at < m_text.size(); ++at) {
      const char c = m_text[at];
      if (quote != 0)
        quote = c == quote ? '\0' : quote;
      else if (c == '"' || c == '\'')
        quote = c;
      else if (c == '>')
        return at + 1;
    }
    throw Error(422, "not_well_formed", "a tag is not closed");
  }

  std::size_t open(std::size_t at) {
    auto& nodes = m_tree.m_nodes;
    if (nodes.size() >= m_most) throw Error(422, "too_large", "a part has too many elements to be changed");
    const auto number = static_cast<std::uint32_t>(nodes.size());
    Node node;
    node.begin = static_cast<std::uint32_t>(at);
    const std::size_t end = tag_end(at);
    node.open_end = node.close_begin = node.end = static_cast<std::uint32_t>(end);
    node.parent = m_open;
    m_line += static_cast<std::uint32_t>(std::count(m_text.begin() + static_cast<std::ptrdiff_t>(m_counted),
                                                    m_text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    m_counted = at;
    node.line = m_line;
    name(node);
    nodes.push_back(node);
    link(number);
    declare(number);
    nodes.back().space = meaning(nodes.back().prefix);
    if (m_text[end - 2] != '/') {
      m_open = number;
      m_last.push_back(none);
    } else {
      forget(number);
    }
    return end;
  }

  // The prefixes that hold for what is open, the innermost last.
  struct Held {
    std::uint32_t node;
    std::string_view prefix;
    std::uint32_t before;  // what of this prefix held around it, by its place in the tree's list
  };
  void declare(std::uint32_t number) {
    const Node& node = m_tree.m_nodes[number];
    const auto tag = std::string_view(m_text).substr(node.begin, node.open_end - node.begin);
    if (tag.find("xmlns") == std::string_view::npos) return;
    Attributes attributes(m_text, node);
    for (Attributes::One one; attributes.next(one);) {
      if (one.prefix != "xmlns" && !(one.prefix.empty() && one.local == "xmlns")) continue;
      const auto address = unescaped(std::string_view(m_text).substr(one.value.begin, one.value.end - one.value.begin));
      const std::string_view prefix = one.prefix.empty() ? std::string_view() : one.local;
      auto& list = m_tree.m_bound[prefix];
      std::uint32_t& now = m_now.try_emplace(prefix, none).first->second;
      m_held.push_back({number, prefix, now});
      list.push_back({number, now, space_named(address), one.value});
      now = static_cast<std::uint32_t>(list.size() - 1);
    }
  }
  void forget(std::uint32_t number) {
    for (; !m_held.empty() && m_held.back().node == number; m_held.pop_back())
      m_now[m_held.back().prefix] = m_held.back().before;
  }
  Space meaning(std::string_view prefix) const {
    const auto now = m_now.find(prefix);
    if (now == m_now.end() || now->second == none) return Space::other;
    return m_tree.m_bound.at(prefix)[now->second].space;
  }

  void name(Node& node) const {
    std::size_t end = node.begin + 1;
    while (!is_blank(m_text[end]) && m_text[end] != '>' && m_text[end] != '/') ++end;
    const auto whole = std::string_view(m_text).substr(node.begin + 1, end - node.begin - 1);
    const auto colon = whole.find(':');
    node.prefix = colon == std::string_view::npos ? std::string_view() : whole.substr(0, colon);
    node.local = colon == std::string_view::npos ? whole : whole.substr(colon + 1);
  }

  void link(std::uint32_t number) {
    if (m_last.empty()) m_last.push_back(none);
    std::uint32_t& last = m_last.back();
    if (last != none)
      m_tree.m_nodes[last].next = number;
    else if (m_open != none)
      m_tree.m_nodes[m_open].first = number;
    last = number;
  }

  std::size_t close(std::size_t at) {
    if (m_open == none) throw Error(422, "not_well_formed", "an element is closed that is not open");
    Node& node = m_tree.m_nodes[m_open];
    node.close_begin = static_cast<std::uint32_t>(at);
    node.end = static_cast<std::uint32_t>(tag_end(at));
    forget(m_open);
    m_open = node.parent;
    m_last.pop_back();
    return node.end;
  }

  Tree& m_tree;
  const std::string& m_text;
  const std::size_t m_most;
  std::uint32_t m_open = none, m_line = 1;
  std::size_t m_counted = 0;
  std::vector<Held> m_held;
  std::unordered_map<std::string_view, std::uint32_t> m_now;  // by prefix: what holds, by its place in the tree's list
  std::vector<std::uint32_t> m_last;                          // of each open element, its last child so far
};

Tree::Tree(std::string text, const TreeLimits& limits) : m_text(std::move(text)) {
  demand_xml(m_text, limits);
  Builder(*this, limits.nodes).build();
}

}  // namespace docx
