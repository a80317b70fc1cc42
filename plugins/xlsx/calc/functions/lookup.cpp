// Where something is, and what lies there.
#include <algorithm>
#include <cmath>
#include <functional>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "criteria.hpp"
#include "shape.hpp"

namespace xlsx::calc {
namespace {

// A row or a column of values, of an area without copying it.
class Line {
 public:
  Line(Evaluator& evaluator, const Value& from, bool along_column, std::size_t other = 0)
      : m_evaluator(evaluator), m_value(from), m_down(along_column), m_other(other) {
    if (!from.is(Type::area)) return;
    const auto& piece = from.area().pieces[0];
    const Cell extent = evaluator.book().sheets[piece.sheet].extent();
    const std::uint64_t used =
        m_down ? (extent.row >= piece.area.first.row ? extent.row - piece.area.first.row + 1 : 0)
               : (extent.column >= piece.area.first.column ? extent.column - piece.area.first.column + 1 : 0);
    m_size = std::min<std::uint64_t>(m_down ? piece.area.rows() : piece.area.columns(), used);
  }
  std::size_t size() const {
    if (m_value.is(Type::area)) return m_size;
    if (!m_value.is(Type::array)) return 1;
    return m_down ? m_value.array().rows() : m_value.array().columns();
  }
  const Value& at(std::size_t i) const {
    if (m_value.is(Type::area)) {
      const auto& piece = m_value.area().pieces[0];
      const Cell first = piece.area.first;
      const auto along = static_cast<std::uint32_t>(i), across = static_cast<std::uint32_t>(m_other);
      return m_evaluator.at(piece.sheet, m_down ? Cell{first.row + along, first.column + across}
                                                : Cell{first.row + across, first.column + along});
    }
    if (!m_value.is(Type::array)) return m_value;
    return m_down ? m_value.array().at(i, m_other) : m_value.array().at(m_other, i);
  }

 private:
  Evaluator& m_evaluator;
  const Value& m_value;
  bool m_down;
  std::size_t m_other, m_size = 0;
};

constexpr std::size_t nowhere = ~std::size_t{0};

bool same_kind(const Value& a, const Value& b) { return a.type() == b.type(); }

std::size_t exactly(const Line& line, const Value& wanted, bool wildcards) {
  const bool pattern = wildcards && wanted.is(Type::text) && has_wildcards(wanted.text());
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Value& one = line.at(i);
    if (!same_kind(one, wanted)) continue;
    if (pattern ? matches(wanted.text(), one.text()) : compare(one, wanted) == 0) return i;
  }
  return nowhere;
}

// The last that is not above what is wanted (or, downwards, not below), in a line that is thought to be sorted: halved
// as Excel does, so that it finds the same in one that is not.
std::size_t nearest(const Line& line, const Value& wanted, bool descending) {
  std::size_t low = 0, high = line.size(), found = nowhere;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    std::size_t at = middle;
    while (at < high && !same_kind(line.at(at), wanted)) ++at;  // others do not take part
    if (at == high) {
      high = middle;
      continue;
    }
    const int order = compare(line.at(at), wanted) * (descending ? -1 : 1);
    if (order == 0) {
      found = at;
      // Of equal ones the last (upwards) or the first (downwards).
      if (descending) {
        while (found > 0 && same_kind(line.at(found - 1), wanted) && compare(line.at(found - 1), wanted) == 0) --found;
      } else {
        while (found + 1 < line.size() && same_kind(line.at(found + 1), wanted) &&
               compare(line.at(found + 1), wanted) == 0)
          ++found;
      }
      return found;
    }
    if (order < 0)
      found = at, low = at + 1;
    else
      high = middle;
  }
  return found;
}

Value wanted_of(const Value& value) { return value.blank() ? Value(0) : value; }

Value match(Call& call) {
  const double how = call.count() > 2 ? (call.has(2) ? call.number(2) : 0) : 1;
  const Shape shape = shape_of(call[1]);
  if (call[1].is_error()) return call[1];
  if (shape.rows > 1 && shape.columns > 1) return Fault::na;
  const Line line(call.evaluator(), call[1], shape.columns == 1);
  const Value wanted = wanted_of(call[0]);
  const std::size_t found = how == 0 ? exactly(line, wanted, true) : nearest(line, wanted, how < 0);
  return found == nowhere ? Value(Fault::na) : Value(found + 1);
}

Value table_lookup(Call& call, bool down) {
  if (call[1].is_error()) return call[1];
  const double which = std::floor(call.number(2));
  const Shape shape = shape_of(call[1]);
  if (which < 1) return Fault::value;
  if (which > static_cast<double>(down ? shape.columns : shape.rows)) return Fault::ref;
  const bool near = call.count() > 3 ? call.truth(3, false) : true;
  const Line keys(call.evaluator(), call[1], down),
      values(call.evaluator(), call[1], down, static_cast<std::size_t>(which) - 1);
  const Value wanted = wanted_of(call[0]);
  const std::size_t found = near ? nearest(keys, wanted, false) : exactly(keys, wanted, true);
  if (found == nowhere) return Fault::na;
  const Value& value = values.at(found);
  return value.blank() ? Value(0) : value;
}
Value vlookup(Call& call) { return table_lookup(call, true); }
Value hlookup(Call& call) { return table_lookup(call, false); }

Value lookup(Call& call) {
  if (call[1].is_error()) return call[1];
  const Shape shape = shape_of(call[1]);
  const bool two = call.count() > 2;
  const bool down = two ? shape.rows > 1 || shape.columns == 1 : shape.rows >= shape.columns;
  const Line keys(call.evaluator(), call[1], down);
  const std::size_t found = nearest(keys, wanted_of(call[0]), false);
  if (found == nowhere) return Fault::na;
  const Value& results = call[two ? 2 : 1];
  if (results.is_error()) return results;
  const Shape other = shape_of(results);
  const bool other_down = two ? other.rows >= other.columns : down;
  const Line values(call.evaluator(), results, other_down, two ? 0 : (down ? shape.columns : shape.rows) - 1);
  return found < std::max(values.size(), two ? std::size_t{0} : keys.size()) ? values.at(found) : Value(0);
}

// XLOOKUP and XMATCH: -1 or 1: the next smaller or larger one, 2: wildcards; from the end with a negative way.
std::size_t extended(const Line& line, const Value& wanted, double mode, double way) {
  if (std::fabs(way) == 2) {
    const std::size_t found = nearest(line, wanted, way < 0);
    if (found != nowhere && compare(line.at(found), wanted) == 0) return found;
    if (mode == 0) return nowhere;
  }
  std::size_t best = nowhere;
  const bool pattern = mode == 2 && wanted.is(Type::text) && has_wildcards(wanted.text());
  for (std::size_t n = 0; n < line.size(); ++n) {
    const std::size_t i = way == -1 ? line.size() - 1 - n : n;
    const Value& one = line.at(i);
    if (!same_kind(one, wanted)) continue;
    if (pattern ? matches(wanted.text(), one.text()) : compare(one, wanted) == 0) return i;
    if (mode != 1 && mode != -1) continue;
    const bool right_side = compare(one, wanted) * mode > 0;
    if (right_side && (best == nowhere || compare(one, line.at(best)) * mode < 0)) best = i;
  }
  return best;
}

Value xmatch(Call& call) {
  if (call[1].is_error()) return call[1];
  const Shape shape = shape_of(call[1]);
  if (shape.rows > 1 && shape.columns > 1) return Fault::value;
  const Line line(call.evaluator(), call[1], shape.columns == 1);
  const std::size_t found = extended(line, wanted_of(call[0]), call.number(2, 0), call.number(3, 1));
  return found == nowhere ? Value(Fault::na) : Value(found + 1);
}

Value part_of(Evaluator& evaluator, const Value& from, std::size_t row, std::size_t rows, std::size_t column,
              std::size_t columns) {
  if (from.is(Type::area)) {
    Reference::Piece piece = from.area().pieces[0];
    piece.area.first.row += static_cast<std::uint32_t>(row);
    piece.area.first.column += static_cast<std::uint32_t>(column);
    piece.area.last = {piece.area.first.row + static_cast<std::uint32_t>(rows) - 1,
                       piece.area.first.column + static_cast<std::uint32_t>(columns) - 1};
    return Reference{{piece}};
  }
  (void)evaluator;
  if (!from.is(Type::array)) return from;
  if (rows == 1 && columns == 1) return from.array().at(row, column);
  Array part(rows, columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) part.at(r, c) = from.array().at(row + r, column + c);
  return part;
}

Value xlookup(Call& call) {
  const Value keys = call.compute(1), results = call.compute(2);
  if (keys.is_error()) return keys;
  if (results.is_error()) return results;
  Value wanted = call.compute_single(0);
  if (wanted.is(Type::array)) wanted = wanted.array().all()[0];
  if (wanted.is_error()) return wanted;
  const Value mode = call.count() > 4 ? to_number(call.compute_single(4)) : Value(0),
              way = call.count() > 5 ? to_number(call.compute_single(5)) : Value(1);
  if (mode.is_error()) return mode;
  if (way.is_error()) return way;
  const Shape shape = shape_of(keys), other = shape_of(results);
  const bool down = shape.columns == 1;
  if (!down && shape.rows != 1) return Fault::value;
  if (down ? other.rows != shape.rows : other.columns != shape.columns) return Fault::value;
  const Line line(call.evaluator(), keys, down);
  const std::size_t found = extended(line, wanted_of(wanted), mode.number(), way.number());
  if (found == nowhere) return call.count() > 3 && call.node(3).op != Op::omitted ? call.compute(3) : Value(Fault::na);
  return down ? part_of(call.evaluator(), results, found, 1, 0, other.columns)
              : part_of(call.evaluator(), results, 0, other.rows, found, 1);
}

Value index(Call& call) {
  Value from = call[0];
  if (from.is_error()) return from;
  if (from.is(Type::area) && from.area().pieces.size() > 1) {
    const double which = call.number(3, 1);
    if (which < 1 || which > static_cast<double>(from.area().pieces.size())) return Fault::ref;
    from = Reference{{from.area().pieces[static_cast<std::size_t>(which) - 1]}};
  }
  const Shape shape = shape_of(from);
  double row = std::trunc(call.number(1, 0)), column = std::trunc(call.number(2, 0));
  if (call.count() < 3 && shape.rows == 1 && shape.columns > 1) std::swap(row, column);
  if (row < 0 || column < 0) return Fault::value;
  if (row > static_cast<double>(shape.rows) || column > static_cast<double>(shape.columns)) return Fault::ref;
  const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
  return part_of(call.evaluator(), from, r ? r - 1 : 0, r ? 1 : shape.rows, c ? c - 1 : 0, c ? 1 : shape.columns);
}

constexpr Function table[] = {
    {"MATCH", "vr?n", match},   {"VLOOKUP", "vrn?b", vlookup}, {"HLOOKUP", "vrn?b", hlookup},
    {"LOOKUP", "va?a", lookup}, {"XMATCH", "vr?nn", xmatch},   {"XLOOKUP", "lll?lll", xlookup},
    {"INDEX", "r?nnn", index},
};

}  // namespace

std::span<const Function> lookup_functions() { return table; }

}  // namespace xlsx::calc
