// Deepest first: what lies within an element that is put into order is put right before.
#include "edit/fix.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "edit/orders.hpp"
#include "read/keys.hpp"

namespace docx {

namespace {

struct Child {
  std::size_t rank;
  std::string_view source;
};

// The children with their places in the order. What is not known there stays behind what it follows.
std::vector<Child> ranked(const Tree& tree, std::uint32_t node, const std::vector<std::string_view>& order) {
  std::vector<Child> children;
  std::size_t last = 0;
  for (std::uint32_t at = tree.at(node).first; at != none; at = tree.at(at).next) {
    std::string_view name = tree.at(at).local;
    if (name == "footerReference") name = "headerReference";
    const auto found = std::find(order.begin(), order.end(), name);
    if (found != order.end() && tree.at(at).space == Space::w)
      last = static_cast<std::size_t>(found - order.begin()) + 1;
    children.push_back({last, tree.source(at)});
  }
  return children;
}

std::string_view name_in(const Tree& tree, std::uint32_t node) {
  const Node& one = tree.at(node);
  return std::string_view(tree.text())
      .substr(one.begin + 1, one.prefix.size() + (one.prefix.empty() ? 0 : 1) + one.local.size());
}

void add(std::vector<Repair>& repairs, const Tree& tree, std::uint32_t node, const char* kind, std::string message) {
  repairs.push_back({kind, {}, std::move(message), tree.at(node).line});
}

// What properties come first in: the rest of these elements is in any order.
bool leads(const Tree& tree, std::uint32_t node) {
  const auto parent = tree.at(node).parent;
  if (parent == none || tree.at(node).space != Space::w) return false;
  const auto local = tree.at(node).local;
  return (local == "pPr" && tree.is(parent, Space::w, "p")) || (local == "rPr" && tree.is(parent, Space::w, "r")) ||
         (local == "tcPr" && tree.is(parent, Space::w, "tc"));
}

// False: they are in order, or there is none.
bool sort_children(const Tree& tree, std::uint32_t node, Edits& edits, std::vector<Repair>& repairs) {
  const auto* order = order_of(tree, node);
  if (!order) return false;
  auto children = ranked(tree, node, *order);
  const auto before = [](const Child& a, const Child& b) { return a.rank < b.rank; };
  if (std::is_sorted(children.begin(), children.end(), before)) return false;
  std::stable_sort(children.begin(), children.end(), before);
  std::string all;
  for (const auto& one : children) all += one.source;
  edits.replace(tree.at(node).open_end, tree.at(node).close_begin, std::move(all));
  add(repairs, tree, node, "element-order", "put the children of " + std::string(name_in(tree, node)) + " into order");
  return true;
}

}  // namespace

void fix_order(const Tree& tree, Edits& edits, std::vector<Repair>& repairs) {
  std::uint32_t changed_from = none;  // nodes from here on, up to what is looked at, hold a change
  for (std::uint32_t node = static_cast<std::uint32_t>(tree.nodes().size()); node-- > 0;) {
    const bool holds = changed_from != none && changed_from < tree.after(node);
    if (holds) continue;
    if (sort_children(tree, node, edits, repairs)) {
      changed_from = node;
    } else if (leads(tree, node) && tree.at(tree.at(node).parent).first != node) {
      const auto parent = tree.at(node).parent;
      edits.remove(tree.at(node).begin, tree.at(node).end);
      edits.insert(tree.at(parent).open_end, std::string(tree.source(node)));
      add(repairs, tree, node, "element-order", "put " + std::string(name_in(tree, node)) + " first");
      changed_from = parent;
    }
  }
}

namespace {

struct Row {
  std::vector<long> widths;
};

// The columns that a row's cells say: a cell's width is shared by those that it spans.
Row row_of(const Tree& tree, std::uint32_t row) {
  Row all;
  const auto value = [&](std::uint32_t properties, std::string_view name, std::string_view what, long otherwise) {
    if (properties == none) return otherwise;
    const auto at = tree.child(properties, Space::w, name);
    return at == none ? otherwise : number(tree.attribute(at, Space::w, what).value_or(""), otherwise);
  };
  const auto add = [&](long columns, long width) {
    columns = std::clamp(columns, 0L, 63L);
    for (long i = 0; i < columns; ++i) all.widths.push_back(width > 0 ? width / columns : 0);
  };
  const auto properties = tree.child(row, Space::w, "trPr");
  add(value(properties, "gridBefore", "val", 0), value(properties, "wBefore", "w", 0));
  for (std::uint32_t cell = tree.at(row).first; cell != none; cell = tree.at(cell).next) {
    if (!tree.is(cell, Space::w, "tc")) continue;
    const auto its = tree.child(cell, Space::w, "tcPr");
    const auto width = its == none ? none : tree.child(its, Space::w, "tcW");
    const bool exact = width != none && tree.attribute(width, Space::w, "type").value_or("") == "dxa";
    add(value(its, "gridSpan", "val", 1), exact ? value(its, "tcW", "w", 0) : 0);
  }
  add(value(properties, "gridAfter", "val", 0), value(properties, "wAfter", "w", 0));
  return all;
}

std::string grid_of(const Tree& tree, std::uint32_t table, const std::string& prefix) {
  constexpr long page = 9000;  // what a page has room for, more or less
  Row widest;
  for (std::uint32_t row = tree.at(table).first; row != none; row = tree.at(row).next) {
    if (!tree.is(row, Space::w, "tr")) continue;
    Row its = row_of(tree, row);
    if (its.widths.size() > widest.widths.size()) widest = std::move(its);
  }
  std::string grid = "<" + prefix + "tblGrid>";
  for (const long width : widest.widths) {
    const long known = width > 0 ? width : page / static_cast<long>(widest.widths.size());
    grid += "<" + prefix + "gridCol " + prefix + "w=\"" + std::to_string(known) + "\"/>";
  }
  return grid + "</" + prefix + "tblGrid>";
}

std::string prefix_of(const Tree& tree, std::uint32_t node) { return tree.prefix(node, Space::w).value_or("w:"); }

}  // namespace

void fix_tables(const Tree& tree, Edits& edits, std::vector<Repair>& repairs) {
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.is(node, Space::w, "tbl") && tree.child(node, Space::w, "tblGrid") == none && !tree.at(node).empty()) {
      const auto properties = tree.child(node, Space::w, "tblPr");
      const auto place = properties == none ? tree.at(node).open_end : tree.at(properties).end;
      edits.insert(place, grid_of(tree, node, prefix_of(tree, node)));
      add(repairs, tree, node, "table-grid", "added a tblGrid, out of the widths of the cells");
    }
    if (!tree.is(node, Space::w, "tc")) continue;
    std::uint32_t last = none;
    for (std::uint32_t at = tree.at(node).first; at != none; at = tree.at(at).next) {
      if (tree.at(at).space == Space::w) last = at;
    }
    if (last != none && !tree.is(last, Space::w, "tcPr") && !tree.is(last, Space::w, "tbl")) continue;
    const std::string prefix = prefix_of(tree, node), paragraph = "<" + prefix + "p/>";
    if (tree.at(node).empty())
      edits.replace(tree.at(node).end - 2, tree.at(node).end,
                    ">" + paragraph + "</" + std::string(name_in(tree, node)) + ">");
    else
      edits.insert(tree.at(node).close_begin, paragraph);
    add(repairs, tree, node, "cell-paragraph", "ended the cell with a paragraph");
  }
}

namespace {

std::string free_number(std::set<std::string>& taken, std::size_t& next) {
  for (;; ++next) {
    std::string id = std::to_string(next);
    if (taken.insert(id).second) return id;
  }
}

std::string free_hex(std::set<std::string>& taken, std::size_t& next) {
  for (;; ++next) {
    char id[16];
    std::snprintf(id, sizeof id, "%08X", static_cast<unsigned>((0x10000000u + next * 2654435761u) & 0x7FFFFFFFu));
    if (std::string(id) != "00000000" && taken.insert(id).second) return id;
  }
}

}  // namespace

void fix_ids(const Tree& tree, SeenIds& seen, Edits& edits, std::vector<Repair>& repairs) {
  const auto other = [&](std::uint32_t node, Space space, std::string_view name, std::set<std::string>& taken, bool hex,
                         const char* what) {
    const auto id = tree.attribute(node, space, name);
    if (!id || taken.insert(*id).second) return;
    const std::string fresh = hex ? free_hex(taken, seen.next) : free_number(taken, seen.next);
    const auto range = tree.attribute_range(node, space, name);
    edits.replace(range->begin, range->end, fresh);
    add(repairs, tree, node, "duplicate-id", std::string(what) + " " + *id + " was there twice; this one is " + fresh);
  };
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.within(node, Space::mc, "Fallback")) continue;  // says the same again
    if (tree.is(node, Space::wp, "docPr")) other(node, Space::other, "id", seen.pictures, false, "the drawing");
    if (tree.is(node, Space::w, "p") || tree.is(node, Space::w, "tr"))
      other(node, Space::w14, "paraId", seen.paragraphs, true, "the paragraph");
    if (tree.is(node, Space::w, "id") && tree.is(tree.at(node).parent, Space::w, "sdtPr"))
      other(node, Space::w, "val", seen.controls, false, "the content control");
  }
}

}  // namespace docx
