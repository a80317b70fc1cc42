// What a tracked change says depends on where it stands: around runs, on a paragraph's end, on a row, in properties.
#include "edit/revisions.hpp"

#include <algorithm>
#include <optional>

#include "edit/passage.hpp"

namespace docx {

namespace {

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What kind of tracked change a node is; none: it is none.
std::optional<Revised> revised(const Tree& tree, std::uint32_t node) {
  const Node& one = tree.at(node);
  if (one.space != Space::w || one.parent == none) return std::nullopt;
  if (is_any(one.local, {"cellIns", "cellDel"})) return Revised::cell;
  if (is_any(one.local, {"rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange",
                         "tcPrChange", "tblGridChange", "numberingChange"}))
    return Revised::look;
  if (!is_any(one.local, {"ins", "del", "moveFrom", "moveTo"})) return std::nullopt;
  if (tree.is(one.parent, Space::w, "trPr")) return Revised::row;
  if (tree.is(one.parent, Space::w, "numPr")) return Revised::look;
  if (!tree.is(one.parent, Space::w, "rPr")) return Revised::text;
  return tree.is(tree.at(one.parent).parent, Space::w, "pPr") ? Revised::mark : Revised::look;
}

std::string text_in(const Tree& tree, std::uint32_t node) {
  constexpr std::size_t most = 2000;
  std::string all;
  const auto end = tree.after(node);
  for (std::uint32_t one = node + 1; one < end && all.size() < most; ++one) {
    if (tree.is(one, Space::w, "t") || tree.is(one, Space::w, "delText")) all += tree.content(one);
    if (tree.is(one, Space::w, "tab")) all += '\t';
  }
  return all;
}

void remove(const Tree& tree, std::uint32_t node, Edits& edits) {
  edits.remove(tree.at(node).begin, tree.at(node).end);
}

// The tags of an element go, and what is in it stays.
void unwrap(const Tree& tree, std::uint32_t node, Edits& edits) {
  const Node& one = tree.at(node);
  edits.remove(one.begin, one.open_end);
  if (!one.empty()) edits.remove(one.close_begin, one.end);
}

// Deleted text becomes text again.
void revive(const Tree& tree, std::uint32_t node, Edits& edits) {
  const auto end = tree.after(node);
  for (std::uint32_t one = node + 1; one < end; ++one) {
    const bool text = tree.is(one, Space::w, "delText"), code = tree.is(one, Space::w, "delInstrText");
    if (!text && !code) continue;
    const Node& its = tree.at(one);
    const std::string name = text ? "t" : "instrText";
    const std::size_t at = its.begin + 1 + its.prefix.size() + (its.prefix.empty() ? 0 : 1);
    edits.replace(at, at + its.local.size(), name);
    if (!its.empty())
      edits.replace(its.close_begin, its.end,
                    "</" + std::string(tree.text(), its.begin + 1, at - its.begin - 1) + name + ">");
  }
}

// Back to the look that it had: the old properties in place of the new ones.
void look_back(const Tree& tree, std::uint32_t change, Edits& edits) {
  const auto properties = tree.at(change).parent;
  std::uint32_t old = none;
  for (std::uint32_t one = tree.at(change).first; one != none; one = tree.at(one).next) {
    if (tree.at(one).space == Space::w) old = one;
  }
  if (old == none || tree.at(old).local != tree.at(properties).local) return remove(tree, change, edits);
  const Node& before = tree.at(old);
  std::string text(tree.text(), before.open_end, before.close_begin - before.open_end);
  for (std::uint32_t one = tree.at(properties).first; one != none; one = tree.at(one).next) {
    const bool kept =
        (tree.is(properties, Space::w, "pPr") && is_any(tree.at(one).local, {"rPr", "sectPr"})) ||
        (tree.is(properties, Space::w, "sectPr") &&
         is_any(tree.at(one).local, {"headerReference", "footerReference"})) ||
        (tree.is(properties, Space::w, "rPr") && is_any(tree.at(one).local, {"ins", "del", "moveFrom", "moveTo"}));
    if (!kept) continue;
    if (tree.is(properties, Space::w, "pPr"))
      text += tree.source(one);
    else
      text.insert(0, tree.source(one));
  }
  edits.replace(tree.at(properties).open_end, tree.at(properties).close_begin, std::move(text));
}

std::uint32_t ancestor(const Tree& tree, std::uint32_t node, std::string_view name) {
  for (std::uint32_t at = tree.at(node).parent; at != none; at = tree.at(at).parent) {
    if (tree.is(at, Space::w, name)) return at;
  }
  return none;
}

// A row, or its table, if it is the only one that stays.
void remove_row(const Tree& tree, std::uint32_t row, std::vector<std::uint32_t>& gone, Edits& edits) {
  gone.push_back(row);
  const auto table = tree.at(row).parent;
  bool others = false;
  for (std::uint32_t one = tree.at(table).first; one != none; one = tree.at(one).next) {
    if (tree.is(one, Space::w, "tr") && std::find(gone.begin(), gone.end(), one) == gone.end()) others = true;
  }
  if (others || !tree.is(table, Space::w, "tbl")) return remove(tree, row, edits);
  remove(tree, table, edits);
}

class Settling {
 public:
  Settling(const Tree& tree, bool accept, Edits& edits) : m_tree(tree), m_accept(accept), m_edits(edits) {}

  void settle(const Revision& one) {
    const bool vanishes = one.gone == m_accept;  // what it is about
    switch (one.of) {
      case Revised::text:
        if (vanishes) return remove(m_tree, one.node, m_edits);
        unwrap(m_tree, one.node, m_edits);
        if (one.gone) revive(m_tree, one.node, m_edits);
        return;
      case Revised::mark:
        remove(m_tree, one.node, m_edits);
        if (vanishes) mark_join(one.node);
        return;
      case Revised::row:
        if (!vanishes) return remove(m_tree, one.node, m_edits);
        return remove_row(m_tree, ancestor(m_tree, one.node, "tr"), m_gone, m_edits);
      case Revised::cell:
        if (!vanishes) return remove(m_tree, one.node, m_edits);
        return remove(m_tree, ancestor(m_tree, one.node, "tc"), m_edits);
      case Revised::look:
        if (m_accept || is_any(one.kind, {"ins", "numberingChange"})) return remove(m_tree, one.node, m_edits);
        return look_back(m_tree, one.node, m_edits);
    }
  }

 private:
  void mark_join(std::uint32_t mark) {
    const auto paragraph = ancestor(m_tree, mark, "p");
    if (paragraph != none && !m_tree.at(paragraph).empty()) m_edits.insert(m_tree.at(paragraph).close_begin, joint);
  }

  const Tree& m_tree;
  const bool m_accept;
  Edits& m_edits;
  std::vector<std::uint32_t> m_gone;
};

// What follows, but for marks that may stand within a paragraph as well as between two.
std::uint32_t following(const Tree& tree, std::uint32_t node) {
  while (node != none && tree.at(node).space == Space::w &&
         is_any(tree.at(node).local, {"bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd",
                                      "proofErr", "permStart", "permEnd"}))
    node = tree.at(node).next;
  return node;
}

bool is_marked(const Tree& tree, std::uint32_t paragraph) {
  const std::size_t end = tree.at(paragraph).close_begin, size = std::char_traits<char>::length(joint);
  return end >= size && tree.text().compare(end - size, size, joint) == 0;
}

}  // namespace

std::vector<Revision> revisions_of(const Tree& tree) {
  std::vector<Revision> all;
  std::size_t paragraphs = 0;
  for (std::uint32_t node = 0; node < tree.nodes().size();) {
    if (tree.is(node, Space::mc, "Fallback")) {
      node = tree.after(node);
      continue;
    }
    if (tree.is(node, Space::w, "p")) ++paragraphs;
    if (const auto of = revised(tree, node)) {
      Revision one;
      one.node = node;
      one.of = *of;
      one.kind = tree.at(node).local;
      one.gone = is_any(one.kind, {"del", "moveFrom", "cellDel"});
      one.id = tree.attribute(node, Space::w, "id").value_or("");
      one.author = tree.attribute(node, Space::w, "author").value_or("");
      one.date = tree.attribute(node, Space::w, "date").value_or("");
      if (*of == Revised::text) one.text = text_in(tree, node);
      one.number = all.size() + 1;
      one.paragraph = ancestor(tree, node, "p") == none ? 0 : paragraphs;
      all.push_back(std::move(one));
    }
    const bool closed = revised(tree, node) == Revised::look;  // what is in it is the past
    node = closed ? tree.after(node) : node + 1;
  }
  return all;
}

void settle(const Tree& tree, const std::vector<Revision>& all, const Choice& chosen, bool accept, Edits& edits) {
  Settling settling(tree, accept, edits);
  bool every = true;
  for (const auto& one : all) {
    if (chosen(one))
      settling.settle(one);
    else
      every = false;
  }
  if (!every) return;  // the ranges of moves still say where these are
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.at(node).space == Space::w &&
        is_any(tree.at(node).local, {"moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"}))
      remove(tree, node, edits);
  }
}

// From the last of a chain on: each gets what follows it, once that is whole. One pair a pass would be enough, chains
// are rare; here all pairs that do not touch are done at once.
void join(const Tree& tree, Edits& edits) {
  const auto size = std::char_traits<char>::length(joint);
  std::uint32_t busy = none;  // the next paragraph of a pair that was joined in this pass
  for (const auto paragraph : paragraphs_of(tree)) {
    if (!is_marked(tree, paragraph) || paragraph == busy) continue;
    const Node& one = tree.at(paragraph);
    const auto next = following(tree, one.next);
    if (next == none || !tree.is(next, Space::w, "p")) {  // nothing that it could go on with
      const bool nothing = runs_of(tree, paragraph).empty();
      if (nothing && next != none)
        remove(tree, paragraph, edits);
      else
        edits.remove(one.close_begin - size, one.close_begin);
      continue;
    }
    busy = next;
    const auto own = tree.child(paragraph, Space::w, "pPr"), its = tree.child(next, Space::w, "pPr");
    const std::string properties = its == none ? std::string() : std::string(tree.source(its));
    if (own != none)
      edits.replace(tree.at(own).begin, tree.at(own).end, properties);
    else
      edits.insert(one.open_end, properties);
    const Node& other = tree.at(next);
    if (other.empty()) {
      edits.remove(one.close_begin - size, one.close_begin);
      edits.remove(other.begin, other.end);
    } else {
      edits.remove(one.close_begin - size, one.end);
      edits.remove(other.begin, its == none ? other.open_end : tree.at(its).end);
    }
  }
}

}  // namespace docx
