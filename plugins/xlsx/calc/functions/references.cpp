// References that are computed, and what is said of them.
#include <cmath>
#include <string>

#include "../convert.hpp"
#include "shape.hpp"

namespace xlsx::calc {
namespace {

Value offset(Call& call) {
  if (call[0].area().pieces.size() != 1) return Fault::value;
  Reference::Piece piece = call[0].area().pieces[0];
  double height = call.has(3) ? std::trunc(call.number(3)) : static_cast<double>(piece.area.rows());
  double width = call.has(4) ? std::trunc(call.number(4)) : static_cast<double>(piece.area.columns());
  double row = piece.area.first.row + std::trunc(call.number(1, 0)),
         column = piece.area.first.column + std::trunc(call.number(2, 0));
  if (height == 0 || width == 0) return Fault::ref;
  if (height < 0) row += height + 1, height = -height;
  if (width < 0) column += width + 1, width = -width;
  if (row < 1 || column < 1 || row + height - 1 > formula::most_rows || column + width - 1 > formula::most_columns)
    return Fault::ref;
  piece.area = {{static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)},
                {static_cast<std::uint32_t>(row + height - 1), static_cast<std::uint32_t>(column + width - 1)}};
  return Reference{{piece}};
}

Value indirect(Call& call) {
  Evaluator& evaluator = call.evaluator();
  if (call.count() > 1 && !call.truth(1, true)) {
    evaluator.unsupported = "INDIRECT in R1C1";
    return Fault::ref;
  }
  const Formula parsed = parse(call.text(0), evaluator.book(), evaluator.place().sheet, evaluator.place().cell);
  if (!parsed.broken.empty()) return Fault::ref;
  const Node& root = parsed.nodes[parsed.root];
  if (root.op == Op::reference) return evaluator.resolve(parsed.references[root.index]);
  if (root.op != Op::defined) return Fault::ref;
  const DefinedName& name = evaluator.book().names[root.index];
  if (!name.formula.broken.empty() || name.formula.nodes.empty()) return Fault::ref;
  const Node& meant = name.formula.nodes[name.formula.root];
  return meant.op == Op::reference ? Value(evaluator.resolve(name.formula.references[meant.index])) : Value(Fault::ref);
}

// Of a reference its rows' or columns' numbers, or those of the formula's own cell.
Value numbers(Call& call, bool rows) {
  if (call.count() == 0 || call[0].is(Type::omitted)) {
    const Cell cell = call.evaluator().place().cell;
    return static_cast<double>(rows ? cell.row : cell.column);
  }
  const Area area = call[0].area().pieces[0].area;
  const std::uint32_t first = rows ? area.first.row : area.first.column;
  const std::uint64_t count = rows ? area.rows() : area.columns();
  if (count == 1 || !call.evaluator().array()) return static_cast<double>(first);
  Array all(rows ? count : 1, rows ? 1 : count);
  for (std::size_t i = 0; i < count; ++i) all.all()[i] = static_cast<double>(first + i);
  return all;
}

Value rows(Call& call) { return call[0].is_error() ? call[0] : Value(shape_of(call[0]).rows); }
Value columns(Call& call) { return call[0].is_error() ? call[0] : Value(shape_of(call[0]).columns); }

Value transpose(Call& call) {
  if (call[0].is_error()) return call[0];
  const Array from = call.array(0);
  Array turned(from.columns(), from.rows());
  for (std::size_t r = 0; r < from.rows(); ++r)
    for (std::size_t c = 0; c < from.columns(); ++c) turned.at(c, r) = from.at(r, c);
  return turned;
}

Value address(Call& call) {
  const double row = std::trunc(call.number(0)), column = std::trunc(call.number(1)), how = call.number(2, 1);
  if (row < 1 || row > formula::most_rows || column < 1 || column > formula::most_columns || how < 1 || how > 4)
    return Fault::value;
  std::string text;
  if (call.has(4) && !call.text(4).empty()) {
    const std::string sheet(call.text(4));
    const bool plain =
        std::all_of(sheet.begin(), sheet.end(),
                    [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c >= 0x80; }) &&
        !(sheet[0] >= '0' && sheet[0] <= '9');
    text = plain ? sheet + "!" : "'" + sheet + "'!";
  }
  const auto r = static_cast<std::uint32_t>(row), c = static_cast<std::uint32_t>(column);
  if (call.truth(3, true)) {
    if (how == 1 || how == 3) text += '$';
    text += formula::column_name(c);
    if (how == 1 || how == 2) text += '$';
    return std::string_view(text += std::to_string(r));
  }
  text += how == 1 || how == 2 ? "R" + std::to_string(r) : "R[" + std::to_string(r) + "]";
  text += how == 1 || how == 3 ? "C" + std::to_string(c) : "C[" + std::to_string(c) + "]";
  return std::string_view(text);
}

constexpr Function table[] = {
    {"OFFSET", "Rnn?nn", offset, true},
    {"INDIRECT", "s?b", indirect, true},
    {"ROW", "?R", [](Call& c) { return numbers(c, true); }},
    {"COLUMN", "?R", [](Call& c) { return numbers(c, false); }},
    {"ROWS", "r", rows},
    {"COLUMNS", "r", columns},
    {"TRANSPOSE", "a", transpose},
    {"ADDRESS", "nn?nbs", address},
    {"AREAS", "R", [](Call& c) { return Value(c[0].area().pieces.size()); }},
    {"HYPERLINK", "v?e", [](Call& c) { return c.has(1) ? c[1] : c[0]; }},
};

}  // namespace

std::span<const Function> reference_functions() { return table; }

}  // namespace xlsx::calc
