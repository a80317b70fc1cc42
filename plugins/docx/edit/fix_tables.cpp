// Of tables: their properties and grids, and a paragraph at the end of each cell, without which Word opens no file.
#include <algorithm>
#include <iterator>
#include <utility>

#include "edit/fix.hpp"
#include "edit/names.hpp"
#include "read/keys.hpp"

namespace docx {

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

std::string grid_of(const Tree& tree, std::uint32_t table, const Names& names) {
  constexpr long page = 9000;  // what a page has room for, more or less
  Row widest;
  for (std::uint32_t row = tree.at(table).first; row != none; row = tree.at(row).next) {
    if (!tree.is(row, Space::w, "tr")) continue;
    Row its = row_of(tree, row);
    if (its.widths.size() > widest.widths.size()) widest = std::move(its);
  }
  std::string columns;
  for (const long width : widest.widths) {
    const long known = width > 0 ? width : page / static_cast<long>(widest.widths.size());
    columns += element_of(names, "gridCol", {{"w", std::to_string(known)}});
  }
  return element_of(names, "tblGrid", {}, columns);
}

// Properties, which may say nothing, and a grid; in front of all that a table has.
void complete(const Tree& tree, std::uint32_t table, Edits& edits, std::vector<Repair>& repairs) {
  const auto properties = tree.child(table, Space::w, "tblPr");
  const auto place = properties == none ? tree.at(table).open_end : tree.at(properties).end;
  const Names names = names_of(tree, table);
  if (properties == none) {
    edits.insert(place, element_of(names, "tblPr", {}));
    note_repair(repairs, tree, table, "table-properties", "added a tblPr, which says nothing");
  }
  if (tree.child(table, Space::w, "tblGrid") != none) return;
  edits.insert(place, grid_of(tree, table, names));
  note_repair(repairs, tree, table, "table-grid", "added a tblGrid, out of the widths of the cells");
}

// Whether the last block in a cell is one that may be its end. Marks and properties are no blocks.
bool ends_well(const Tree& tree, std::uint32_t cell) {
  constexpr std::string_view blocks[] = {"p", "sdt", "customXml", "altChunk"};
  bool well = false;
  for (std::uint32_t at = tree.at(cell).first; at != none; at = tree.at(at).next) {
    if (tree.is(at, Space::w, "tbl"))
      well = false;
    else if (tree.is(at, Space::mc, "AlternateContent") ||
             (tree.at(at).space == Space::w &&
              std::find(std::begin(blocks), std::end(blocks), tree.at(at).local) != std::end(blocks)))
      well = true;
  }
  return well;
}

void end_with_paragraph(const Tree& tree, std::uint32_t cell, Edits& edits, std::vector<Repair>& repairs) {
  const Node& node = tree.at(cell);
  const std::string paragraph = element_of(names_of(tree, cell), "p", {});
  if (node.empty())
    edits.replace(node.end - 2, node.end, ">" + paragraph + "</" + std::string(written_name(tree, cell)) + ">");
  else
    edits.insert(node.close_begin, paragraph);
  note_repair(repairs, tree, cell, "cell-paragraph", "ended the cell with a paragraph");
}

}  // namespace

void fix_tables(const Tree& tree, Edits& edits, std::vector<Repair>& repairs) {
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.is(node, Space::w, "tbl") && !tree.at(node).empty()) complete(tree, node, edits, repairs);
    if (tree.is(node, Space::w, "tc") && !ends_well(tree, node)) end_with_paragraph(tree, node, edits, repairs);
  }
}

}  // namespace docx
