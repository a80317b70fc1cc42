// A workbook brought into the engine that computes it: values, formulas, names and tables; and what the file says that
// its formulas are worth.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "book.hpp"
#include "calc/engine.hpp"

namespace xlsx {

// A formula's cell, and what the file says of it; blank: nothing.
struct Cached {
  calc::Place place;
  calc::Value value;
};

// Cells that are only told of: by sheets, how many, and the first of them.
struct Noted {
  static constexpr std::size_t most = 10'000;
  std::map<std::uint32_t, calc::Uncomputed> sheets;
  void add(calc::Place place);
};

struct Loaded {
  calc::Book book;  // its sheets have the same numbers as the workbook's
  std::vector<Cached> cached;
  std::map<std::string, calc::Uncomputed> left;  // what is no matter of the engine, whose values stay as they are
  Noted number_texts, formula_texts;             // texts that are numbers, and texts that are formulas
  std::size_t cells = 0;
};

// Throws berth::Error where a part cannot be read, 413 where its cells need too much memory, 499 if `stop` says so.
Loaded load(const ooxml::Package& package, const Book& book, const std::function<bool()>& stop,
            const std::function<void(double)>& progress);

}  // namespace xlsx
