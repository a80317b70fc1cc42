// What a tree is asked for.
#include "edit/tree.hpp"

#include <algorithm>
#include <utility>

#include "edit/tags.hpp"

namespace docx {

namespace {

constexpr std::pair<std::string_view, Space> addresses[] = {
    {"http://schemas.openxmlformats.org/wordprocessingml/2006/main", Space::w},
    {"http://purl.oclc.org/ooxml/wordprocessingml/main", Space::w},
    {"http://schemas.microsoft.com/office/word/2010/wordml", Space::w14},
    {"http://schemas.microsoft.com/office/word/2012/wordml", Space::w15},
    {"http://schemas.microsoft.com/office/word/2016/wordml/cid", Space::w16cid},
    {"http://schemas.openxmlformats.org/markup-compatibility/2006", Space::mc},
    {"http://schemas.openxmlformats.org/officeDocument/2006/relationships", Space::r},
    {"http://purl.oclc.org/ooxml/officeDocument/relationships", Space::r},
    {"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing", Space::wp},
    {"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", Space::wp},
    {"http://schemas.openxmlformats.org/drawingml/2006/main", Space::a},
    {"http://purl.oclc.org/ooxml/drawingml/main", Space::a},
    {"http://schemas.openxmlformats.org/drawingml/2006/picture", Space::pic},
    {"http://purl.oclc.org/ooxml/drawingml/picture", Space::pic},
    {"http://schemas.openxmlformats.org/package/2006/content-types", Space::content_types},
    {"http://schemas.openxmlformats.org/package/2006/relationships", Space::rel_package}};

}  // namespace

Space space_named(std::string_view address) {
  for (const auto& [known, space] : addresses) {
    if (known == address) return space;
  }
  return Space::other;
}

// The last declaration up to here, or one around it: what is declared further in counts.
const Tree::Bound* Tree::bound(std::uint32_t node, std::string_view prefix) const {
  const auto all = m_bound.find(prefix);
  if (all == m_bound.end()) return nullptr;
  const auto& list = all->second;
  const auto behind = std::upper_bound(list.begin(), list.end(), node,
                                       [](std::uint32_t its, const Bound& one) { return its < one.node; });
  if (behind == list.begin()) return nullptr;
  const Bound* at = &*(behind - 1);
  while (m_nodes[node].begin >= m_nodes[at->node].end) {
    if (at->outer == none) return nullptr;
    at = &list[at->outer];
  }
  return at;
}

Space Tree::space_of(std::uint32_t node, std::string_view prefix) const {
  const Bound* one = bound(node, prefix);
  return one ? one->space : Space::other;
}

std::string Tree::address(std::uint32_t node) const {
  const Bound* one = bound(node, m_nodes[node].prefix);
  if (!one) return {};
  return unescaped(std::string_view(m_text).substr(one->address.begin, one->address.end - one->address.begin));
}

std::optional<std::string> Tree::prefix(std::uint32_t node, Space space) const {
  for (std::uint32_t at = node; at != none; at = m_nodes[at].parent) {
    Attributes attributes(m_text, m_nodes[at]);
    for (Attributes::One one; attributes.next(one);) {
      if (one.prefix != "xmlns" && !(one.prefix.empty() && one.local == "xmlns")) continue;
      const std::string_view name = one.prefix.empty() ? std::string_view() : one.local;
      if (space_named(unescaped(m_text.substr(one.value.begin, one.value.end - one.value.begin))) != space) continue;
      if (space_of(node, name) != space) continue;  // hidden by one further in
      return name.empty() ? std::string() : std::string(name) + ":";
    }
  }
  return std::nullopt;
}

std::uint32_t Tree::child(std::uint32_t node, Space space, std::string_view local) const {
  for (std::uint32_t at = m_nodes[node].first; at != none; at = m_nodes[at].next) {
    if (is(at, space, local)) return at;
  }
  return none;
}

bool Tree::within(std::uint32_t node, Space space, std::string_view local) const {
  for (std::uint32_t at = m_nodes[node].parent; at != none; at = m_nodes[at].parent) {
    if (is(at, space, local)) return true;
  }
  return false;
}

std::uint32_t Tree::after(std::uint32_t node) const {
  const std::uint32_t end = m_nodes[node].end;
  const auto later = std::partition_point(m_nodes.begin() + node + 1, m_nodes.end(),
                                          [end](const Node& one) { return one.begin < end; });
  return static_cast<std::uint32_t>(later - m_nodes.begin());
}

std::optional<Tree::Range> Tree::attribute_range(std::uint32_t node, Space space, std::string_view local) const {
  Attributes attributes(m_text, m_nodes[node]);
  for (Attributes::One one; attributes.next(one);) {
    if (one.local != local || one.prefix == "xmlns") continue;
    if (one.prefix.empty() ? space == Space::other : space_of(node, one.prefix) == space) return one.value;
  }
  return std::nullopt;
}

std::optional<std::string> Tree::attribute(std::uint32_t node, Space space, std::string_view local) const {
  const auto range = attribute_range(node, space, local);
  if (!range) return std::nullopt;
  return unescaped(std::string_view(m_text).substr(range->begin, range->end - range->begin));
}

std::string Tree::content(std::uint32_t node) const {
  const Node& one = m_nodes[node];
  std::string all;
  std::size_t at = one.open_end;
  for (std::uint32_t child = one.first;; child = m_nodes[child].next) {
    const std::size_t end = child == none ? one.close_begin : m_nodes[child].begin;
    all += unescaped(std::string_view(m_text).substr(at, end - at));
    if (child == none) return all;
    at = m_nodes[child].end;
  }
}

}  // namespace docx
