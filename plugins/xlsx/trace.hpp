// Where a value comes from: the first cell of a chain that has an error, and whether anything in it changes by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "calc/book.hpp"

namespace xlsx {

// What it has found it keeps, so that a chain is walked once. All looks together have a bound.
class Trace {
 public:
  explicit Trace(const calc::Book& book) : m_book(book) {}
  // The cell that the error of `place` comes from: itself, where none of those that it looks at has it. Nothing: that
  // would take too long.
  std::optional<calc::Place> root(calc::Place place);
  // Whether it is, or needs, a formula that is worth something else each time.
  bool changes(calc::Place place);

 private:
  const calc::Formula* formula(calc::Place place) const;
  // The first cell among those that a formula looks at that has this error; itself is none.
  std::optional<calc::Place> source(calc::Place place, calc::Fault fault);
  bool changes_itself(calc::Place place) const;
  // The areas that the formula of a cell looks at, also through names. Stops at false.
  template <class Visit>
  void each_area(calc::Place place, Visit&& visit) const;

  const calc::Book& m_book;
  std::size_t m_left = 50'000'000;  // cells that may still be looked at
  std::unordered_map<std::uint64_t, calc::Place> m_roots;
  std::unordered_map<std::uint64_t, bool> m_changes;
};

}  // namespace xlsx
