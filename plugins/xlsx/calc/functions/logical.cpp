// Truths, choices, and functions that make functions.
#include <algorithm>
#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {
namespace {

// Texts in cells do not count; a text that is given itself must be a truth.
struct Truths {
  bool any = false, all = true, one = false;
  std::size_t trues = 0;
  Value error;
};

Truths truths(Call& call) {
  Truths found;
  for (std::size_t i = 0; i < call.count(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      if (value.is(Type::text) && from_cells) return true;
      const Value truth = to_truth(value);
      if (truth.is_error()) return found.error = truth, false;
      if (value.is(Type::blank)) return true;
      found.any = true;
      (truth.truth() ? found.one : found.all) = truth.truth();
      found.trues += truth.truth();
      return true;
    });
    if (found.error.is_error()) break;
  }
  if (!found.any && !found.error.is_error()) found.error = Fault::value;
  return found;
}

Value and_(Call& call) {
  const Truths found = truths(call);
  return found.error.is_error() ? found.error : Value(found.all);
}
Value or_(Call& call) {
  const Truths found = truths(call);
  return found.error.is_error() ? found.error : Value(found.one);
}
Value xor_(Call& call) {
  const Truths found = truths(call);
  return found.error.is_error() ? found.error : Value(found.trues % 2 == 1);
}

Value or_zero(Value value) { return value.is(Type::omitted) ? Value(0) : value; }

// Of each cell of a condition that is an array its own choice.
Value chosen(const Array& conditions, const Value& yes, const Value& no) {
  std::size_t rows = conditions.rows(), columns = conditions.columns();
  for (const Value* side : {&yes, &no}) {
    if (!side->is(Type::array)) continue;
    rows = std::max(rows, side->array().rows());
    columns = std::max(columns, side->array().columns());
  }
  const auto pick = [&](const Value& from, std::size_t row, std::size_t column) -> Value {
    if (!from.is(Type::array)) return from;
    const std::size_t r = from.array().rows() == 1 ? 0 : row, c = from.array().columns() == 1 ? 0 : column;
    return r < from.array().rows() && c < from.array().columns() ? from.array().at(r, c) : Value(Fault::na);
  };
  const Value all{Array(conditions)};
  Array result(rows, columns);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const Value truth = to_truth(pick(all, row, column));
      result.at(row, column) = truth.is_error() ? truth : pick(truth.truth() ? yes : no, row, column);
    }
  }
  return result;
}

Value if_(Call& call) {
  const Value condition = call.compute_single(0);
  if (condition.is(Type::array)) {
    const Value yes = call.compute_single(1);
    return chosen(condition.array(), or_zero(yes), call.count() > 2 ? or_zero(call.compute_single(2)) : Value(false));
  }
  const Value truth = to_truth(condition);
  if (truth.is_error()) return truth;
  if (truth.truth()) return or_zero(call.compute(1));
  return call.count() > 2 ? or_zero(call.compute(2)) : Value(false);
}

Value instead(Call& call, bool (*bad)(const Value&)) {
  const Value value = call.compute_single(0);
  if (!value.is(Type::array)) return bad(value) ? or_zero(call.compute(1)) : value.blank() ? Value(0) : value;
  const Value other = call.compute_single(1);
  Array result = value.array();
  for (std::size_t i = 0; i < result.size(); ++i) {
    Value& one = result.all()[i];
    if (!bad(one)) continue;
    one =
        other.is(Type::array) ? (i < other.array().size() ? other.array().all()[i] : Value(Fault::na)) : or_zero(other);
  }
  return result;
}

Value if_error(Call& call) {
  return instead(call, [](const Value& value) { return value.is_error(); });
}
Value if_na(Call& call) {
  return instead(call, [](const Value& value) { return value.is_error() && value.fault() == Fault::na; });
}

Value ifs(Call& call) {
  if (call.count() % 2 != 0) return Fault::value;
  for (std::size_t i = 0; i < call.count(); i += 2) {
    const Value truth = to_truth(call.compute_single(i));
    if (truth.is_error()) return truth;
    if (truth.truth()) return or_zero(call.compute(i + 1));
  }
  return Fault::na;
}

Value switch_(Call& call) {
  const Value value = call.compute_single(0);
  if (value.is_error()) return value;
  std::size_t i = 1;
  for (; i + 1 < call.count(); i += 2) {
    const Value one = call.compute_single(i);
    if (one.is_error()) return one;
    if (compare(value, one) == 0 && value.blank() == one.blank()) return or_zero(call.compute(i + 1));
  }
  return i < call.count() ? or_zero(call.compute(i)) : Value(Fault::na);
}

Value choose(Call& call) {
  const Value which = call.compute_single(0);
  if (which.is(Type::array)) {
    Array result = which.array();
    for (Value& one : result.all()) {
      const Value number = to_number(one);
      const double at = number.is_error() ? 0 : std::floor(number.number());
      one = number.is_error()                                   ? number
            : at < 1 || at >= static_cast<double>(call.count()) ? Value(Fault::value)
                                                                : call.compute_single(static_cast<std::size_t>(at));
    }
    if (std::any_of(result.all().begin(), result.all().end(), [](const Value& v) { return v.is(Type::array); })) {
      // CHOOSE({1,2},a,b) puts columns side by side.
      std::size_t rows = 1;
      for (const Value& one : result.all())
        if (one.is(Type::array)) rows = std::max(rows, one.array().rows());
      Array table(rows, result.size());
      for (std::size_t c = 0; c < result.size(); ++c)
        for (std::size_t r = 0; r < rows; ++r) {
          const Value& one = result.all()[c];
          table.at(r, c) = !one.is(Type::array)     ? one
                           : r < one.array().rows() ? one.array().at(r, 0)
                                                    : Value(Fault::na);
        }
      return table;
    }
    return result;
  }
  const Value number = to_number(which);
  if (number.is_error()) return number;
  const double at = std::floor(number.number());
  return at < 1 || at >= static_cast<double>(call.count()) ? Value(Fault::value)
                                                           : or_zero(call.compute(static_cast<std::size_t>(at)));
}

Value let(Call& call) {
  Evaluator& evaluator = call.evaluator();
  if (call.count() < 3 || call.count() % 2 == 0) return Fault::value;
  auto& variables = evaluator.variables();
  const std::size_t before = variables.size();
  struct Back {
    std::vector<std::pair<std::string_view, Value>>& variables;
    std::size_t size;
    ~Back() { variables.resize(size); }
  } back{variables, before};
  for (std::size_t i = 0; i + 1 < call.count(); i += 2) {
    if (call.node(i).op != Op::variable) return Fault::value;
    Value value = call.compute(i + 1);
    variables.emplace_back(evaluator.formula().texts[call.node(i).index], std::move(value));
  }
  return call.compute(call.count() - 1);
}

Value lambda(Call& call) {
  Evaluator& evaluator = call.evaluator();
  for (std::size_t i = 0; i + 1 < call.count(); ++i)
    if (call.node(i).op != Op::variable) return Fault::value;
  return Lambda{&evaluator.formula(), evaluator.here(call), evaluator.variables()};
}

const Function table[] = {
    {"AND", "r*", and_},
    {"OR", "r*", or_},
    {"XOR", "r*", xor_},
    {"NOT", "b", [](Call& c) { return Value(!c.truth(0)); }},
    {"TRUE", "", [](Call&) { return Value(true); }},
    {"FALSE", "", [](Call&) { return Value(false); }},
    {"IF", "ll?l", if_},
    {"IFERROR", "ll", if_error},
    {"IFNA", "ll", if_na},
    {"IFS", "ll?l*", ifs},
    {"SWITCH", "lll?l*", switch_},
    {"CHOOSE", "ll?l*", choose},
    {"LET", "lll?l*", let},
    {"LAMBDA", "l?l*", lambda},
};

}  // namespace

std::span<const Function> logical_functions() { return table; }

}  // namespace xlsx::calc
