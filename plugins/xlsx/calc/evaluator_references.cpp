// What references mean from where a formula stands, and what is in them.
#include <algorithm>

#include "evaluator.hpp"

namespace xlsx::calc {

Reference Evaluator::resolve_at(const Referred& referred, Place from) {
  const auto place = [&](const Side& side) {
    std::int64_t row = side.row, column = side.column;
    if (!side.row_fixed) row += from.cell.row;
    if (!side.column_fixed) column += from.cell.column;
    // Names are relative to A1 and go around the sheet's border.
    if (row < 1) row += formula::most_rows;
    if (row > formula::most_rows) row -= formula::most_rows;
    if (column < 1) column += formula::most_columns;
    if (column > formula::most_columns) column -= formula::most_columns;
    return Cell{static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)};
  };
  const Cell a = place(referred.first), b = place(referred.last);
  Reference::Piece piece;
  piece.sheet = referred.sheet == Referred::own ? from.sheet : referred.sheet;
  piece.last_sheet = referred.last_sheet == Referred::own ? piece.sheet : referred.last_sheet;
  piece.area = {{std::min(a.row, b.row), std::min(a.column, b.column)},
                {std::max(a.row, b.row), std::max(a.column, b.column)}};
  return {{piece}};
}

Value Evaluator::intersection(const Reference& reference) {
  if (reference.pieces.size() != 1 || reference.pieces[0].sheet != reference.pieces[0].last_sheet) return Fault::value;
  const auto& [sheet, last, area] = reference.pieces[0];
  Cell cell = area.first;
  if (area.rows() > 1 && area.columns() > 1) return Fault::value;
  if (area.rows() > 1) cell.row = m_place.cell.row;
  if (area.columns() > 1) cell.column = m_place.cell.column;
  return area.has(cell) ? at(sheet, cell) : Value(Fault::value);
}

// Of whole columns and rows as much as there is.
Value Evaluator::values_of(const Reference& reference) {
  if (reference.pieces.empty()) return Fault::ref;
  if (reference.pieces.size() != 1 || reference.pieces[0].sheet != reference.pieces[0].last_sheet) return Fault::value;
  const std::uint32_t sheet = reference.pieces[0].sheet;
  Area area = reference.pieces[0].area;
  const Cell extent = m_book.sheets[sheet].extent();
  if (area.rows() == formula::most_rows) area.last.row = std::max(extent.row, 1u);
  if (area.columns() == formula::most_columns) area.last.column = std::max(extent.column, 1u);
  if (area.first == area.last) return at(sheet, area.first);
  if (area.rows() * area.columns() > most_cells) return Fault::num;
  Array array(area.rows(), area.columns());
  m_book.sheets[sheet].visit(
      area, [&](Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t row = from; row < to; ++row)
          array.at(base + row - area.first.row, column - area.first.column) =
              block.due ? at(sheet, {base + row, column}) : block.values[row];
        return true;
      });
  return array;
}

Value Evaluator::references(const Node& node) {
  const Value left = value(m_formula->child(node, 0)), right = value(m_formula->child(node, 1));
  if (left.is_error()) return left;
  if (right.is_error()) return right;
  if (!left.is(Type::area) || !right.is(Type::area)) return Fault::value;
  if (node.op == Op::unite) {
    Reference both = left.area();
    both.pieces.insert(both.pieces.end(), right.area().pieces.begin(), right.area().pieces.end());
    return both;
  }
  Reference made;
  for (const auto& a : left.area().pieces) {
    for (const auto& b : right.area().pieces) {
      if (a.sheet != b.sheet) return Fault::value;
      const bool range = node.op == Op::range;
      const auto low = [&](std::uint32_t x, std::uint32_t y) { return range ? std::min(x, y) : std::max(x, y); };
      const auto high = [&](std::uint32_t x, std::uint32_t y) { return range ? std::max(x, y) : std::min(x, y); };
      const Area area{{low(a.area.first.row, b.area.first.row), low(a.area.first.column, b.area.first.column)},
                      {high(a.area.last.row, b.area.last.row), high(a.area.last.column, b.area.last.column)}};
      if (area.first.row > area.last.row || area.first.column > area.last.column) continue;
      made.pieces.push_back({a.sheet, a.last_sheet, area});
    }
  }
  return made.pieces.empty() ? Value(Fault::null) : Value(std::move(made));
}

Value Evaluator::spilled(const Node& node) {
  const Value anchor = value(m_formula->child(node, 0));
  if (!anchor.is(Type::area) || !anchor.area().single()) return Fault::ref;
  const auto& piece = anchor.area().pieces[0];
  const auto found = m_book.arrays.find(Place{piece.sheet, piece.area.first}.key());
  if (found == m_book.arrays.end()) return Fault::ref;
  at(piece.sheet, piece.area.first);  // or it is due first
  return Reference{{{piece.sheet, piece.sheet, found->second}}};
}

}  // namespace xlsx::calc
