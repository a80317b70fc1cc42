// What a tracked change says depends on where it stands: around runs, on a paragraph's end, on a row, in properties.
#include "edit/revisions.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

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

// What is no part of a look and stays whatever becomes of it: other tracked changes, headers, the end of a section.
bool outlasts(const Tree& tree, std::uint32_t properties, std::uint32_t child) {
  if (tree.at(child).space != Space::w || tree.at(properties).space != Space::w) return false;
  const auto of = tree.at(properties).local, name = tree.at(child).local;
  if (of == "pPr") return is_any(name, {"rPr", "sectPr"});
  if (of == "sectPr") return is_any(name, {"headerReference", "footerReference"});
  if (of == "rPr") return is_any(name, {"ins", "del", "moveFrom", "moveTo"});
  if (of == "trPr") return is_any(name, {"ins", "del"});
  return of == "tcPr" && is_any(name, {"cellIns", "cellDel", "cellMerge"});
}

// Back to the look that it had: the old properties in place of the new ones, which go one by one, since what stays
// among them may be settled, too.
void look_back(const Tree& tree, std::uint32_t change, Edits& edits) {
  const auto properties = tree.at(change).parent;
  std::uint32_t old = none;
  for (std::uint32_t one = tree.at(change).first; one != none; one = tree.at(one).next) {
    if (tree.at(one).space == Space::w) old = one;
  }
  if (old == none || tree.at(old).local != tree.at(properties).local) return remove(tree, change, edits);
  const Node& before = tree.at(old);
  const std::string text(tree.text(), before.open_end, before.close_begin - before.open_end);
  const bool leads = is_any(tree.at(properties).local, {"pPr", "trPr", "tcPr"});  // it stands before what stays
  if (leads) edits.insert(tree.at(properties).open_end, text);
  for (std::uint32_t one = tree.at(properties).first; one != none; one = tree.at(one).next) {
    if (one == change && !leads)
      edits.replace(tree.at(one).begin, tree.at(one).end, text);
    else if (!outlasts(tree, properties, one))
      remove(tree, one, edits);
  }
}

std::uint32_t ancestor(const Tree& tree, std::uint32_t node, std::string_view name) {
  for (std::uint32_t at = tree.at(node).parent; at != none; at = tree.at(at).parent) {
    if (tree.is(at, Space::w, name)) return at;
  }
  return none;
}

bool is_mark(const Tree& tree, std::uint32_t node) {
  return tree.at(node).space == Space::w &&
         is_any(tree.at(node).local,
                {"bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd"});
}

}  // namespace

std::string halves_in(const Tree& tree, std::uint32_t node) {
  const auto key_of = [&](std::uint32_t one, std::string_view ending) {
    const auto local = tree.at(one).local;
    return std::string(local.substr(0, local.size() - ending.size())) + " " +
           tree.attribute(one, Space::w, "id").value_or("");
  };
  const auto ends = [&](std::uint32_t one) {
    return tree.at(one).local.substr(tree.at(one).local.size() - 3) == "End";
  };
  std::vector<std::uint32_t> marks;
  std::map<std::string, std::vector<std::size_t>> begun;  // places in `marks`
  for (std::uint32_t one = node + 1, end = tree.after(node); one < end; ++one) {
    if (!is_mark(tree, one)) continue;
    if (!ends(one)) {
      begun[key_of(one, "Start")].push_back(marks.size());
      marks.push_back(one);
      continue;
    }
    auto& open = begun[key_of(one, "End")];
    if (open.empty()) {
      marks.push_back(one);
    } else {
      marks[open.back()] = none;
      open.pop_back();
    }
  }
  std::string text;
  for (const auto one : marks) {
    if (one != none) text += tree.source(one);
  }
  return text;
}

namespace {

class Settling {
 public:
  Settling(const Tree& tree, bool accept, Edits& edits) : m_tree(tree), m_accept(accept), m_edits(edits) {}

  void settle(const Revision& one) {
    const bool vanishes = one.gone == m_accept;  // what it is about
    switch (one.of) {
      case Revised::text:
        if (vanishes) return take_away(one.node);
        unwrap(m_tree, one.node, m_edits);
        if (one.gone) revive(m_tree, one.node, m_edits);
        return;
      case Revised::mark:
        remove(m_tree, one.node, m_edits);
        if (vanishes) mark_join(one.node);
        return;
      case Revised::row:
        if (!vanishes) return remove(m_tree, one.node, m_edits);
        return take_row(ancestor(m_tree, one.node, "tr"));
      case Revised::cell:
        if (!vanishes) return remove(m_tree, one.node, m_edits);
        return take_cell(ancestor(m_tree, one.node, "tc"));
      case Revised::look:
        if (m_accept || is_any(one.kind, {"ins", "numberingChange"})) return remove(m_tree, one.node, m_edits);
        return look_back(m_tree, one.node, m_edits);
    }
  }

 private:
  // With all that is in it, but for halves of ranges.
  void take_away(std::uint32_t node) {
    m_edits.replace(m_tree.at(node).begin, m_tree.at(node).end, halves_in(m_tree, node));
  }

  // How many children of these names an element has that are not gone; counted once.
  std::size_t& left_in(std::uint32_t parent, std::initializer_list<std::string_view> names) {
    const auto [at, fresh] = m_left.try_emplace(parent, 0);
    if (!fresh) return at->second;
    for (std::uint32_t one = m_tree.at(parent).first; one != none; one = m_tree.at(one).next)
      at->second += m_tree.at(one).space == Space::w && is_any(m_tree.at(one).local, names) ? 1 : 0;
    return at->second;
  }
  // True: it was the last one of its parent, which goes with it.
  bool is_last_of(std::uint32_t node, std::initializer_list<std::string_view> names, std::string_view parent) {
    const auto its = m_tree.at(node).parent;
    return m_tree.is(its, Space::w, parent) && --left_in(its, names) == 0;
  }
  void take_row(std::uint32_t row) {
    if (row == none || !m_gone.insert(row).second) return;
    take_away(is_last_of(row, {"tr", "sdt", "customXml"}, "tbl") ? m_tree.at(row).parent : row);
  }
  void take_cell(std::uint32_t cell) {
    if (cell == none || !m_gone.insert(cell).second) return;
    if (is_last_of(cell, {"tc", "sdt", "customXml"}, "tr")) return take_row(m_tree.at(cell).parent);
    take_away(cell);
  }

  void mark_join(std::uint32_t mark) {
    const auto paragraph = ancestor(m_tree, mark, "p");
    if (paragraph != none && !m_tree.at(paragraph).empty()) m_edits.insert(m_tree.at(paragraph).close_begin, joint);
  }

  const Tree& m_tree;
  const bool m_accept;
  Edits& m_edits;
  std::unordered_set<std::uint32_t> m_gone;               // rows and cells
  std::unordered_map<std::uint32_t, std::size_t> m_left;  // of tables their rows, of rows their cells
};

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

}  // namespace docx
