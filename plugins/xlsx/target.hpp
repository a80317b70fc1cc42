// Which sheet is meant, and which of its cells: by a sheet's name or number, a range, a table or a defined name.
#pragma once

#include <cstddef>
#include <string>

#include "book.hpp"

namespace xlsx {

struct Target {
  std::size_t sheet = 0;
  formula::Area area = everything();
  bool whole = true;  // nothing narrower was asked for

  static constexpr formula::Area everything() { return {{1, 1}, {formula::most_rows, formula::most_columns}}; }
};

// `range` is "B2:D9", "B:D", "Sheet2!A1:B2", or the name of a table or of cells; empty: all. `sheet` is a name, or its
// place from one; empty: what the range says, or the first that has cells. Throws berth::Error: 404, 400, and 422 for a
// workbook without cells.
Target target_of(const ooxml::Package& package, const Book& book, const std::string& sheet, const std::string& range);

}  // namespace xlsx
