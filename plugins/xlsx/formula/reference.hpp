// Where a cell is: "$B$7" and numbers, both ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xlsx::formula {

inline constexpr std::uint32_t most_rows = 1'048'576, most_columns = 16'384;

struct Cell {
  std::uint32_t row = 0, column = 0;  // from one
  friend constexpr bool operator==(Cell, Cell) = default;
};

// From its first to its last cell, both in it. Of whole columns the rows are 1 to the last one there can be.
struct Area {
  Cell first, last;
  std::uint64_t rows() const { return std::uint64_t{last.row} - first.row + 1; }
  std::uint64_t columns() const { return std::uint64_t{last.column} - first.column + 1; }
  bool has(Cell one) const {
    return one.row >= first.row && one.row <= last.row && one.column >= first.column && one.column <= last.column;
  }
  friend constexpr bool operator==(Area, Area) = default;
};

// "B7", "$B$7"; nothing if it is none, or beyond a sheet's border.
std::optional<Cell> cell(std::string_view text);
// "B2:D9", "B2", "B:D", "2:9", whichever way round, with "$" anywhere it may stand.
std::optional<Area> area(std::string_view text);
std::optional<std::uint32_t> column(std::string_view letters);

std::string column_name(std::uint32_t column);  // 28: "AB"
std::string name(Cell one);                     // "AB7"
std::string name(const Area& one);              // "A1:B2", of one cell "A1"

}  // namespace xlsx::formula
