// A workbook brought into the engine that computes it: values, formulas, names and tables; and what the file says that
// its formulas are worth.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "book.hpp"
#include "calc/book.hpp"

namespace xlsx {

// A formula's cell, and what the file says of it; blank: nothing.
struct Cached {
  calc::Place place;
  calc::Value value;
};

struct Loaded {
  calc::Book book;  // its sheets have the same numbers as the workbook's
  std::vector<Cached> cached;
  std::vector<calc::Place> data_tables;   // whose values stay as the file has them
  std::vector<calc::Place> number_texts;  // texts that are numbers, and texts that are formulas: some of each
  std::vector<calc::Place> formula_texts;
  std::size_t cells = 0, number_text_count = 0, formula_text_count = 0;
};

// Throws berth::Error where a part cannot be read, and 499 if `stop` says so.
Loaded load(const ooxml::Package& package, const Book& book, const std::function<bool()>& stop = {},
            const std::function<void(double)>& progress = {});

}  // namespace xlsx
