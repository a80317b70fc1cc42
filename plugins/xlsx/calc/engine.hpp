// Computes all formulas of a book that are due, each after those that it needs; without recursion, however long their
// chain is. A formula that cannot be computed here keeps the value that its cell has, and is named.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "book.hpp"
#include "evaluator.hpp"

namespace xlsx::calc {

// What could not be computed: how often, and the first hundred cells.
struct Uncomputed {
  std::size_t count = 0;
  std::vector<Place> cells;
};

struct Computed {
  std::size_t formulas = 0;
  std::vector<std::vector<Place>> circles;  // each: cells that need each other, in order
  std::map<std::string, Uncomputed> unsupported;
  std::unordered_set<std::uint64_t> unknown;  // keys of those among them of which the file says nothing, either
  bool stopped = false;
};

class Engine {
 public:
  Engine(Book& book, const Moment& moment) : m_book(book), m_evaluator(book, moment) {}
  // `stop`, asked now and then, ends it: true.
  Computed run(const std::function<bool()>& stop = {});

 private:
  struct Step {
    Place place;
    std::uint32_t reference = 0;  // that is looked through
    Cell from{0, 0};              // in it
  };
  void go_on();
  std::optional<Place> needed(Step& step, const Formula& formula);
  void evaluate(const Step& step, const Formula& formula);
  void put_array(Place anchor, Value value);
  void push(Place place);
  void circle(Place place);
  void name(const std::string& what, Place place);
  void keep(Place place);
  Block& block(Place place) { return *m_book.sheets[place.sheet].block(place.cell); }
  static std::uint32_t row(Place place) { return (place.cell.row - 1) % Block::rows; }
  void done(Place place, Value value);

  Book& m_book;
  Evaluator m_evaluator;
  std::vector<Step> m_steps;
  Computed m_computed;
};

}  // namespace xlsx::calc
