// A call: what a function is given, converted as its table says; and a function of single values that is given arrays,
// called for each of their cells.
#include <algorithm>
#include <string>

#include "convert.hpp"
#include "evaluator.hpp"

namespace xlsx::calc {
namespace {

// Goes over the letters of Function::takes, one for each argument.
class Parameters {
 public:
  explicit Parameters(std::string_view takes) : m_takes(takes) {}
  // 0: no further one may be given.
  char next() {
    while (m_at < m_takes.size() && m_takes[m_at] == '?') ++m_at, m_optional = true;
    if (m_at < m_takes.size() && m_takes[m_at] == '*') {
      m_at = m_repeated;
      m_optional = true;
    }
    if (m_at == 0 || m_takes[m_at - 1] == '?') m_repeated = m_at;
    return m_at < m_takes.size() ? m_takes[m_at++] : '\0';
  }
  // Whether what is not given yet may be left out.
  bool satisfied() const {
    return m_optional || m_at >= m_takes.size() || m_takes[m_at] == '?' || m_takes[m_at] == '*';
  }

 private:
  std::string_view m_takes;
  std::size_t m_at = 0, m_repeated = 0;
  bool m_optional = false;
};

bool single_valued(char letter) {
  return letter == 'n' || letter == 's' || letter == 'b' || letter == 'v' || letter == 'e';
}

Value converted(char letter, const Value& value) {
  switch (letter) {
    case 'n': return value.is(Type::omitted) ? value : to_number(value);
    case 's': return value.is(Type::omitted) ? value : to_text(value);
    case 'b': return value.is(Type::omitted) ? value : to_truth(value);
    default: return value;
  }
}

Value picked(const Value& from, std::size_t row, std::size_t column) {
  if (!from.is(Type::array)) return from;
  const Array& array = from.array();
  const std::size_t r = array.rows() == 1 ? 0 : row, c = array.columns() == 1 ? 0 : column;
  if (r >= array.rows() || c >= array.columns()) return Fault::na;
  return array.at(r, c);
}

// The first error among single values that are not to be errors, or nothing.
const Value* first_error(std::string_view letters, const std::vector<Value>& given) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (letters[i] != 'e' && letters[i] != 'l' && letters[i] != 'r' && letters[i] != 'a' && given[i].is_error())
      return &given[i];
  }
  return nullptr;
}

// For each cell of what is given as arrays where single values are taken.
Value for_each(Evaluator& evaluator, const Function& function, const Node* node, const std::string& letters,
               const std::vector<Value>& given) {
  std::size_t rows = 1, columns = 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!single_valued(letters[i]) || !given[i].is(Type::array)) continue;
    rows = std::max(rows, given[i].array().rows());
    columns = std::max(columns, given[i].array().columns());
  }
  Array result(rows, columns);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      std::vector<Value> one(given.size());
      for (std::size_t i = 0; i < given.size(); ++i)
        one[i] = single_valued(letters[i]) ? converted(letters[i], picked(given[i], row, column)) : given[i];
      const Value* const error = first_error(letters, one);
      if (error) {
        result.at(row, column) = *error;
        continue;
      }
      Call call(evaluator, node, std::move(one));
      Value value = function.compute(call);
      if (value.is(Type::array)) value = value.array().size() == 0 ? Value(Fault::value) : value.array().at(0, 0);
      if (value.is(Type::area)) value = evaluator.intersection(value.area());
      result.at(row, column) = std::move(value);
    }
  }
  return result;
}

Value finished(Evaluator& evaluator, const Function& function, const Node* node, const std::string& letters,
               std::vector<Value> given) {
  bool arrays = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (single_valued(letters[i]) && given[i].is(Type::array))
      arrays = true;
    else
      given[i] = converted(letters[i], given[i]);
  }
  if (arrays) return for_each(evaluator, function, node, letters, given);
  if (const Value* const error = first_error(letters, given)) return *error;
  Call call(evaluator, node, std::move(given));
  return function.compute(call);
}

}  // namespace

Value Evaluator::call(const Node& node) {
  const Called& called = m_formula->calls[node.index];
  if (!called.function) {
    unsupported = called.name;
    return Fault::name;
  }
  Parameters parameters(called.function->takes);
  std::string letters;
  std::vector<Value> given(node.count);
  for (std::size_t i = 0; i < node.count; ++i) {
    const char letter = parameters.next();
    if (!letter) return Fault::value;
    letters += letter;
    const Node& child = m_formula->child(node, i);
    if (letter == 'l') continue;
    if (single_valued(letter)) {
      given[i] = single(child);
    } else {
      const ArrayMode mode(*this, letter == 'a');
      given[i] = value(child);
      if (letter == 'R' && !given[i].is(Type::area) && !given[i].is_error()) return Fault::value;
      if (letter == 'R' && given[i].is_error()) return given[i];
    }
  }
  if (!parameters.satisfied()) return Fault::value;
  return finished(*this, *called.function, &node, letters, std::move(given));
}

// With values instead of nodes: what MAP, REDUCE and their like call.
Value Evaluator::apply(const Function& function, const std::string& name, std::vector<Value>& given) {
  Parameters parameters(function.takes);
  std::string letters;
  for (Value& one : given) {
    const char letter = parameters.next();
    if (!letter) return Fault::value;
    if (letter == 'l') {
      unsupported = name;
      return Fault::calc;
    }
    letters += letter;
    if (single_valued(letter) && one.is(Type::area)) one = values_of(one.area());
  }
  return parameters.satisfied() ? finished(*this, function, nullptr, letters, given) : Value(Fault::value);
}

Array Call::array(std::size_t i) {
  Value given = m_given[i];
  if (given.is(Type::area)) given = m_evaluator.values_of(given.area());
  if (given.is(Type::array)) return given.array();
  Array one(1, 1);
  one.at(0, 0) = std::move(given);
  return one;
}

}  // namespace xlsx::calc
