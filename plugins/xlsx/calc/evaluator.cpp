// Goes down the tree of a formula. Where one value is wanted and there is an array, what is done to one is done to
// each.
#include "evaluator.hpp"

#include <algorithm>
#include <cmath>

#include "convert.hpp"

namespace xlsx::calc {
namespace {

constexpr std::size_t most_calls = 1000;  // of functions made by LAMBDA within each other

const Value nothing;

// What one of two shapes is at a place: one value is everywhere, one row in each row.
Value picked(const Value& from, std::size_t row, std::size_t column) {
  if (!from.is(Type::array)) return from;
  const Array& array = from.array();
  const std::size_t r = array.rows() == 1 ? 0 : row, c = array.columns() == 1 ? 0 : column;
  if (r >= array.rows() || c >= array.columns()) return Fault::na;
  return array.at(r, c);
}

Value power(double base, double exponent) {
  if (base == 0 && exponent == 0) return Fault::num;
  if (base == 0 && exponent < 0) return Fault::div0;
  return checked(std::pow(base, exponent));
}

// A difference that is nothing but what binary fractions lack of decimal ones is none.
double summed(double a, double b) {
  const double sum = a + b;
  if (sum != 0 && (a < 0) != (b < 0) && std::fabs(sum) < std::fabs(a) * 0x1p-49) return 0;
  return sum;
}

Value arithmetic(Op op, const Value& left, const Value& right) {
  const Value a = to_number(left), b = to_number(right);
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  switch (op) {
    case Op::add: return checked(summed(a.number(), b.number()));
    case Op::subtract: return checked(summed(a.number(), -b.number()));
    case Op::multiply: return checked(a.number() * b.number());
    case Op::divide: return b.number() == 0 ? Value(Fault::div0) : checked(a.number() / b.number());
    default: return power(a.number(), b.number());
  }
}

Value computed(Op op, const Value& left, const Value& right) {
  if (op <= Op::power) return arithmetic(op, left, right);
  if (left.is_error()) return left;
  if (right.is_error()) return right;
  if (op == Op::concatenate) {
    const Value a = to_text(left), b = to_text(right);
    std::string both(a.text());
    both += b.text();
    return both.size() > 4 * 32767 ? Value(Fault::value) : Value(both);
  }
  const int order = compare(left, right);
  switch (op) {
    case Op::equal: return order == 0;
    case Op::unequal: return order != 0;
    case Op::less: return order < 0;
    case Op::less_equal: return order <= 0;
    case Op::greater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace

Value Evaluator::run(const Formula& formula, Place place, bool array) {
  if (!formula.broken.empty()) return Fault::name;
  const auto* const formula_before = std::exchange(m_formula, &formula);
  const Place place_before = std::exchange(m_place, place);
  const bool array_before = std::exchange(m_array, array);
  struct Back {
    Evaluator& self;
    const Formula* formula;
    Place place;
    bool array;
    ~Back() { self.m_formula = formula, self.m_place = place, self.m_array = array; }
  } back{*this, formula_before, place_before, array_before};
  Value result = value(formula.nodes[formula.root]);
  if (result.is(Type::area)) result = array ? values_of(result.area()) : intersection(result.area());
  if (result.is(Type::function)) return Fault::calc;
  if (result.is(Type::omitted)) return 0;
  return result;
}

Value Evaluator::value(const Node& node) {
  switch (node.op) {
    case Op::number: return node.number;
    case Op::text: return std::string_view(m_formula->texts[node.index]);
    case Op::truth: return node.truth;
    case Op::error: return node.fault;
    case Op::omitted: return Value::omitted();
    case Op::array: return constant_array(node);
    case Op::reference: return resolve(m_formula->references[node.index]);
    case Op::defined: return defined(node);
    case Op::variable: return variable(node);
    case Op::call: return call(node);
    case Op::apply: {
      const Value function = value(m_formula->child(node, 0));
      std::vector<Value> given;
      for (std::size_t i = 1; i < node.count; ++i) given.push_back(value(m_formula->child(node, i)));
      return call_function(function, std::move(given));
    }
    case Op::minus:
    case Op::plus:
    case Op::percent: return unary(node);
    case Op::single: {
      const Value inner = value(m_formula->child(node, 0));
      if (inner.is(Type::area)) return intersection(inner.area());
      return inner.is(Type::array) ? picked(inner, 0, 0) : inner;
    }
    case Op::spill: return spilled(node);
    case Op::range:
    case Op::unite:
    case Op::intersect: return references(node);
    case Op::external: unsupported = "another workbook"; return Fault::ref;
    default: return binary(node);
  }
}

Value Evaluator::single(const Node& node) {
  if (node.op == Op::reference && m_formula->references[node.index].single) {
    const Referred& referred = m_formula->references[node.index];
    const Reference where = resolve(referred);
    if (where.pieces.empty()) return Fault::ref;
    if (where.single()) return at(where.pieces[0].sheet, where.pieces[0].area.first);
  }
  Value found = value(node);
  if (!found.is(Type::area)) return found;
  if (found.area().single()) return at(found.area().pieces[0].sheet, found.area().pieces[0].area.first);
  return m_array ? values_of(found.area()) : intersection(found.area());
}

Value Evaluator::cells(const Node& node) {
  Value found = value(node);
  return found.is(Type::area) ? values_of(found.area()) : found;
}

const Value& Evaluator::at(std::uint32_t sheet, Cell cell) {
  const Block* const block = m_book.sheets[sheet].block(cell);
  if (!block) return nothing;
  const std::uint32_t row = (cell.row - 1) % Block::rows;
  if (block->stages[row] == Stage::due || block->stages[row] == Stage::begun) throw Pending{{sheet, cell}};
  return block->values[row];
}

Value Evaluator::constant_array(const Node& node) {
  Array array(node.count / node.index, node.index);
  for (std::size_t i = 0; i < node.count; ++i) array.all()[i] = value(m_formula->child(node, i));
  return array;
}

Value Evaluator::variable(const Node& node) {
  const std::string_view name = m_formula->texts[node.index];
  for (auto one = m_variables.rbegin(); one != m_variables.rend(); ++one)
    if (compare_text(one->first, name) == 0) return one->second;
  return Fault::name;
}

Value Evaluator::defined(const Node& node) {
  if (++m_depth > 64) return --m_depth, Fault::num;
  const DefinedName& name = m_book.names[node.index];
  const auto* const before = std::exchange(m_formula, &name.formula);
  const Place place_before = m_place;
  if (name.sheet != Names::none) m_place.sheet = name.sheet;
  struct Back {
    Evaluator& self;
    const Formula* formula;
    Place place;
    ~Back() { self.m_formula = formula, self.m_place = place, --self.m_depth; }
  } back{*this, before, place_before};
  if (!name.formula.broken.empty()) return Fault::name;
  const ArrayMode mode(*this);
  return value(name.formula.nodes[name.formula.root]);
}

Value Evaluator::unary(const Node& node) {
  const Value inner = single(m_formula->child(node, 0));
  const auto one = [&](const Value& of) -> Value {
    if (node.op == Op::plus) return of.blank() ? Value(0) : of;
    const Value number = to_number(of);
    if (number.is_error()) return number;
    return node.op == Op::minus ? -number.number() : number.number() / 100;
  };
  if (!inner.is(Type::array)) return one(inner);
  Array result(inner.array().rows(), inner.array().columns());
  for (std::size_t i = 0; i < result.size(); ++i) result.all()[i] = one(inner.array().all()[i]);
  return result;
}

Value Evaluator::binary(const Node& node) {
  const Value left = single(m_formula->child(node, 0)), right = single(m_formula->child(node, 1));
  if (!left.is(Type::array) && !right.is(Type::array)) return computed(node.op, left, right);
  std::size_t rows = 1, columns = 1;
  for (const Value* side : {&left, &right}) {
    if (!side->is(Type::array)) continue;
    rows = std::max(rows, side->array().rows());
    columns = std::max(columns, side->array().columns());
  }
  if (rows * columns > most_cells) return Fault::num;
  Array result(rows, columns);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      result.at(row, column) = computed(node.op, picked(left, row, column), picked(right, row, column));
  return result;
}

double Evaluator::random() {
  m_random += 0x9e3779b97f4a7c15u;
  std::uint64_t mixed = m_random;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
}

Value Evaluator::call_function(const Value& function, std::vector<Value> given) {
  if (function.is_error()) return function;
  if (!function.is(Type::function)) return Fault::ref;
  const Lambda& lambda = function.function();
  const auto& formula = *static_cast<const Formula*>(lambda.formula);
  const Node& node = formula.nodes[lambda.node];
  if (given.size() > node.count - 1u) return Fault::value;
  if (++m_depth > most_calls) return --m_depth, Fault::num;
  auto variables = lambda.around;
  for (std::size_t i = 0; i + 1 < node.count; ++i)
    variables.emplace_back(formula.texts[formula.child(node, i).index], i < given.size() ? given[i] : Value::omitted());
  const auto* const before = std::exchange(m_formula, &formula);
  std::swap(m_variables, variables);
  struct Back {
    Evaluator& self;
    const Formula* formula;
    std::vector<std::pair<std::string_view, Value>>& variables;
    ~Back() { self.m_formula = formula, std::swap(self.m_variables, variables), --self.m_depth; }
  } back{*this, before, variables};
  const ArrayMode mode(*this);
  return value(formula.child(node, node.count - 1u));
}

}  // namespace xlsx::calc
