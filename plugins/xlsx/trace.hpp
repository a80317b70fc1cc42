// Where a value comes from: the first cell of a chain that has an error, and whether anything in it changes by itself.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "calc/book.hpp"

namespace xlsx {

class Trace {
 public:
  explicit Trace(const calc::Book& book) : m_book(book) {}
  // The cell that the error of `place` comes from: itself, where none of those that it looks at has it.
  calc::Place root(calc::Place place) const;
  // Whether it is, or needs, a formula that is worth something else each time.
  bool changes(calc::Place place) const;

 private:
  static constexpr std::size_t most_steps = 100'000;
  const calc::Formula* formula(calc::Place place) const;
  // The first cell among those that a formula looks at that has this error; itself is none.
  std::optional<calc::Place> source(calc::Place place, calc::Fault fault) const;
  template <class Visit>
  void each_area(calc::Place place, Visit&& visit) const;

  const calc::Book& m_book;
};

}  // namespace xlsx
