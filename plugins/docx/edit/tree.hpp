// One part of a document as a tree of places in its text, for changes that leave every other byte as it is. It holds
// the text and, of each element, where it begins and ends; nothing is unescaped before somebody asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace docx {

// Whose names these are, of those that changes have to do with.
enum class Space : std::uint8_t { other, w, w14, w15, w16cid, mc, r, wp, a, pic, content_types, rel_package };

constexpr std::uint32_t none = 0xFFFFFFFF;

struct Node {
  std::uint32_t begin = 0, open_end = 0;   // "<w:p" … after its ">"
  std::uint32_t close_begin = 0, end = 0;  // "</w:p>"; both the same as open_end where it closes itself
  std::uint32_t parent = none, first = none, next = none;
  std::uint32_t line = 0;
  Space space = Space::other;
  std::string_view prefix, local;
  bool empty() const { return close_begin == open_end && end == open_end; }  // written as "<w:p/>"
};

struct TreeLimits {
  std::size_t bytes = 64u << 20;
  std::size_t nodes = 2u << 20;
};

class Tree {
 public:
  // Throws berth::Error (422): not well-formed, not UTF-8, or beyond a limit.
  explicit Tree(std::string text, const TreeLimits& limits = {});
  Tree(const Tree&) = delete;

  const std::string& text() const { return m_text; }
  const std::vector<Node>& nodes() const { return m_nodes; }  // in the order of the text; the root is the first
  const Node& at(std::uint32_t node) const { return m_nodes[node]; }
  bool is(std::uint32_t node, Space space, std::string_view local) const {
    return m_nodes[node].space == space && m_nodes[node].local == local;
  }
  std::uint32_t child(std::uint32_t node, Space space, std::string_view local) const;  // the first; or none
  bool within(std::uint32_t node, Space space, std::string_view local) const;          // an ancestor is one
  std::uint32_t after(
      std::uint32_t node) const;  // the first node in the text that is not beneath it; or nodes().size()

  // What an attribute says, unescaped; null: it is not there. Without a space: one without a prefix.
  std::optional<std::string> attribute(std::uint32_t node, Space space, std::string_view local) const;
  // Where its value stands in the text, without the quotes.
  struct Range {
    std::size_t begin = 0, end = 0;
  };
  std::optional<Range> attribute_range(std::uint32_t node, Space space, std::string_view local) const;
  std::string_view source(std::uint32_t node) const {
    return std::string_view(m_text).substr(m_nodes[node].begin, m_nodes[node].end - m_nodes[node].begin);
  }
  std::string content(std::uint32_t node) const;  // the text right in it, unescaped

  // The prefix that means this space at this node, with its colon; "" for the default one; null: none is declared.
  std::optional<std::string> prefix(std::uint32_t node, Space space) const;
  // What a prefix means at this node.
  Space space_of(std::uint32_t node, std::string_view prefix) const;
  // The address of the space that a node's own name is of; empty: of none.
  std::string address(std::uint32_t node) const;
  bool declares(std::string_view prefix) const { return m_bound.contains(prefix); }  // anywhere in the part

 private:
  class Builder;
  // What a prefix means from one element on, up to its end; the last one around it that declares the same prefix.
  struct Bound {
    std::uint32_t node = none, outer = none;
    Space space = Space::other;
    Range address{};
  };
  const Bound* bound(std::uint32_t node, std::string_view prefix) const;

  std::string m_text;
  std::vector<Node> m_nodes;
  std::unordered_map<std::string_view, std::vector<Bound>> m_bound;  // by prefix, in the order of the text
};

// A part's text is well-formed, in UTF-8, and within the limits; an Error (422) otherwise.
void demand_xml(const std::string& text, const TreeLimits& limits = {});

std::string unescaped(std::string_view text);
std::string escaped(std::string_view text);  // for text and for attributes in double quotes

// Changes of a text, said in any order. Those within what another one replaces are not made; insertions at one place
// come in the order in which they were said.
class Edits {
 public:
  void replace(std::size_t begin, std::size_t end, std::string with);
  void insert(std::size_t at, std::string text) { replace(at, at, std::move(text)); }
  void remove(std::size_t begin, std::size_t end) { replace(begin, end, {}); }
  bool empty() const { return m_all.empty(); }
  std::string apply(std::string_view text) const;

 private:
  struct Edit {
    std::size_t begin, end;
    std::string with;
  };
  std::vector<Edit> m_all;
};

}  // namespace docx
