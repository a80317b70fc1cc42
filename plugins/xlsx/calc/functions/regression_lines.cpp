// LINEST and its like: lines, planes and curves of growth through points; and what lies on them elsewhere. A curve of
// growth is a line through the logarithms.
#include <algorithm>
#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "regression_fit.hpp"

namespace xlsx::calc {
namespace {

enum class Kind { line, growth };

// How points lie in the cells: each a row, each a column, or each one cell.
enum class Layout { rows, columns, cells };

Value all_numbers(const Array& array) {
  for (const Value& value : array.all()) {
    if (value.is_error()) return value;
    if (!value.is(Type::number)) return Fault::value;
  }
  return {};
}

std::vector<Numbers> variables(const Array& array, Layout layout) {
  const std::size_t count = layout == Layout::cells ? 1 : layout == Layout::rows ? array.columns() : array.rows();
  std::vector<Numbers> made(count);
  for (std::size_t i = 0; i < array.size(); ++i) {
    const std::size_t row = i / array.columns(), column = i % array.columns();
    made[layout == Layout::cells ? 0 : layout == Layout::rows ? column : row].push_back(array.all()[i].number());
  }
  return made;
}

// What is taken where nothing is said: 1, 2, 3…
Array counted(std::size_t rows, std::size_t columns) {
  Array array(rows, columns);
  for (std::size_t i = 0; i < array.size(); ++i) array.all()[i] = i + 1;
  return array;
}

struct Known {
  Points points;
  Layout layout = Layout::cells;
  Array x{1, 1};
  Value error;
};

Known known_points(Call& call, Kind kind) {
  Known known;
  const Array y = call.array(0);
  known.x = call.has(1) ? call.array(1) : counted(y.rows(), y.columns());
  const Array& x = known.x;
  for (const Array* one : {&y, &x}) {
    known.error = all_numbers(*one);
    if (known.error.is_error()) return known;
  }
  if (x.rows() == y.rows() && x.columns() == y.columns())
    known.layout = Layout::cells;
  else if (y.columns() == 1 && x.rows() == y.rows())
    known.layout = Layout::rows;
  else if (y.rows() == 1 && x.columns() == y.columns())
    known.layout = Layout::columns;
  else
    return known.error = Fault::ref, known;
  known.points.columns = variables(x, known.layout);
  for (const Value& value : y.all()) {
    if (kind == Kind::growth && value.number() <= 0) return known.error = Fault::num, known;
    known.points.y.push_back(kind == Kind::growth ? std::log(value.number()) : value.number());
  }
  if (too_much(known.points)) known.error = Fault::num;
  return known;
}

Value shown(double number, Kind kind) { return checked(kind == Kind::growth ? std::exp(number) : number); }

// The variables stand from the last to the first, the constant behind them; what is known of the fit below.
template <Kind kind>
Value coefficients(Call& call) {
  const Known known = known_points(call, kind);
  if (known.error.is_error()) return known.error;
  const bool constant = call.truth(2, true), statistics = call.truth(3, false);
  const Fit line = fit(known.points, constant);
  const std::size_t count = line.slopes.size();
  Array result(statistics ? 5 : 1, count + 1);
  for (std::size_t i = 0; i < count; ++i) result.at(0, i) = shown(line.slopes[count - 1 - i], kind);
  result.at(0, count) = shown(line.constant, kind);
  if (!statistics) return result;

  for (std::size_t i = 0; i < count; ++i) result.at(1, i) = checked(line.slope_errors[count - 1 - i]);
  result.at(1, count) = constant ? checked(line.constant_error) : Value(Fault::na);
  const double all = line.explained + line.rest;
  const double ratio = line.explained / static_cast<double>(line.used) / (line.rest / line.freedom);
  result.at(2, 0) = all == 0 ? Value(1) : checked(line.explained / all);
  result.at(2, 1) = checked(line.error());
  result.at(3, 0) = line.freedom > 0 ? checked(ratio) : Value(Fault::num);
  result.at(3, 1) = line.freedom;
  result.at(4, 0) = checked(line.explained);
  result.at(4, 1) = checked(line.rest);
  for (std::size_t row = 2; row < 5; ++row)
    for (std::size_t column = 2; column <= count; ++column) result.at(row, column) = Fault::na;
  return result;
}

// What lies on the line or the curve at other points.
template <Kind kind>
Value continued(Call& call) {
  const Known known = known_points(call, kind);
  if (known.error.is_error()) return known.error;
  const Array x = call.has(2) ? call.array(2) : known.x;
  const Value error = all_numbers(x);
  if (error.is_error()) return error;
  const std::vector<Numbers> columns = variables(x, known.layout);
  if (columns.size() != known.points.columns.size()) return Fault::ref;
  const Fit line = fit(known.points, call.truth(3, true));
  Array result = known.layout == Layout::cells  ? Array(x.rows(), x.columns())
                 : known.layout == Layout::rows ? Array(x.rows(), 1)
                                                : Array(1, x.columns());
  Numbers point(columns.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) point[j] = columns[j][i];
    result.all()[i] = shown(line.at(point), kind);
  }
  return result;
}

constexpr Function table[] = {
    {"LINEST", "a?abb", coefficients<Kind::line>},
    {"LOGEST", "a?abb", coefficients<Kind::growth>},
    {"TREND", "a?aab", continued<Kind::line>},
    {"GROWTH", "a?aab", continued<Kind::growth>},
};

}  // namespace

std::span<const Function> line_functions() { return table; }

}  // namespace xlsx::calc
