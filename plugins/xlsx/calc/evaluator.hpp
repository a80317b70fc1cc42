// Computes one formula for one cell. What it needs of other cells it asks the cells for, and is told if one of them is
// not computed yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "book.hpp"
#include "formula.hpp"
#include "functions.hpp"

namespace xlsx::calc {

// Thrown to whoever orders the computation: this cell first.
struct Pending {
  Place place;
};

struct Moment {
  double now = 0;          // as a serial number
  std::uint64_t seed = 1;  // of RAND and its like
};

class Evaluator {
 public:
  static constexpr std::size_t most_cells = 20'000'000;  // of one array
  Evaluator(Book& book, const Moment& moment) : m_book(book), m_moment(moment), m_random(moment.seed) {}

  // `array`: as an array formula, whose result may be an array; otherwise an area where one value is wanted is the one
  // beside the cell.
  Value run(const Formula& formula, Place place, bool array);

  // For functions.
  Value value(const Node& node);   // whatever it is: a reference stays one
  Value single(const Node& node);  // one value: of a reference the cell's, of an array all of it
  Value cells(const Node& node);   // a reference becomes the array of its values
  Value values_of(const Reference& reference);
  const Value& at(std::uint32_t sheet, Cell cell);
  Value call_function(const Value& function, std::vector<Value> given);
  Value apply(const Function& function, const std::string& name, std::vector<Value>& given);
  // The value of a reference where one is wanted: of the formula's own row or column.
  Value intersection(const Reference& reference);
  Reference resolve(const Referred& referred) const { return resolve_at(referred, m_place); }
  static Reference resolve_at(const Referred& referred, Place place);
  double random();

  Book& book() { return m_book; }
  Place place() const { return m_place; }
  const Moment& moment() const { return m_moment; }
  const Formula& formula() const { return *m_formula; }
  std::uint32_t here(const Call& call) const;  // the place of its node in the formula
  bool array() const { return m_array; }
  std::string unsupported;  // what could not be computed: a function's name, "another file"

  // Names that LET and LAMBDA give.
  std::vector<std::pair<std::string_view, Value>>& variables() { return m_variables; }
  class ArrayMode;

 private:
  friend class Call;
  Value constant_array(const Node& node);
  Value variable(const Node& node);
  Value defined(const Node& node);
  Value call(const Node& node);
  Value unary(const Node& node);
  Value binary(const Node& node);
  Value references(const Node& node);
  Value spilled(const Node& node);

  Book& m_book;
  const Moment& m_moment;
  const Formula* m_formula = nullptr;
  Place m_place;
  bool m_array = false;
  std::size_t m_depth = 0;
  std::uint64_t m_random;
  std::vector<std::pair<std::string_view, Value>> m_variables;
};

// Within it single values may be arrays.
class Evaluator::ArrayMode {
 public:
  explicit ArrayMode(Evaluator& evaluator, bool on = true)
      : m_evaluator(evaluator), m_before(std::exchange(evaluator.m_array, evaluator.m_array || on)) {}
  ~ArrayMode() { m_evaluator.m_array = m_before; }
  ArrayMode(const ArrayMode&) = delete;

 private:
  Evaluator& m_evaluator;
  const bool m_before;
};

// One call of a function: what it was given, converted as its table says.
class Call {
 public:
  Call(Evaluator& evaluator, const Node* node, std::vector<Value> given)
      : m_evaluator(evaluator), m_node(node), m_given(std::move(given)) {}

  std::size_t count() const { return m_given.size(); }
  bool has(std::size_t i) const { return i < m_given.size() && !m_given[i].is(Type::omitted); }
  const Value& operator[](std::size_t i) const { return m_given[i]; }
  double number(std::size_t i) const { return m_given[i].number(); }
  double number(std::size_t i, double otherwise) const { return has(i) ? m_given[i].number() : otherwise; }
  std::string_view text(std::size_t i) const { return m_given[i].text(); }
  bool truth(std::size_t i) const { return m_given[i].truth(); }
  bool truth(std::size_t i, bool otherwise) const { return has(i) ? m_given[i].truth() : otherwise; }
  // Of `l` parameters.
  Value compute(std::size_t i) { return m_evaluator.value(m_evaluator.formula().child(*m_node, i)); }
  Value compute_single(std::size_t i) { return m_evaluator.single(m_evaluator.formula().child(*m_node, i)); }
  const Node& node(std::size_t i) const { return m_evaluator.formula().child(*m_node, i); }
  Evaluator& evaluator() { return m_evaluator; }

  // Each value of a parameter that may be an area or an array, from front to back (an area by its columns);
  // `from_cells`: of a reference, where texts and truths do not count as numbers. Blank cells are left out. Stops at
  // false.
  template <class Visit>
  bool each(std::size_t i, Visit&& visit);
  // The parameter as an array, whatever it is.
  Array array(std::size_t i);

 private:
  friend class Evaluator;
  Evaluator& m_evaluator;
  const Node* m_node;
  std::vector<Value> m_given;
};

inline std::uint32_t Evaluator::here(const Call& call) const {
  return static_cast<std::uint32_t>(call.m_node - m_formula->nodes.data());
}

template <class Visit>
bool Call::each(std::size_t i, Visit&& visit) {
  const Value& given = m_given[i];
  if (given.is(Type::array)) {
    for (const Value& one : given.array().all())
      if (!visit(one, true)) return false;
    return true;
  }
  if (!given.is(Type::area)) return visit(given, false);
  for (const auto& piece : given.area().pieces) {
    for (std::uint32_t sheet = piece.sheet; sheet <= piece.last_sheet; ++sheet) {
      const bool all = m_evaluator.book().sheets[sheet].visit(
          piece.area,
          [&](Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t from, std::uint32_t to) {
            if (block.due != 0) {
              for (std::uint32_t row = from; row < to; ++row) m_evaluator.at(sheet, {base + row, column});
            }
            for (std::uint32_t row = from; row < to; ++row) {
              if (!block.values[row].is(Type::blank) && !visit(block.values[row], true)) return false;
            }
            return true;
          });
      if (!all) return false;
    }
  }
  return true;
}

}  // namespace xlsx::calc
