// Cells and areas as files write them ("B7", "A1:C3"), and the words that cells may hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ooxml::sheet {

constexpr std::uint32_t last_row = 1048576, last_column = 16384;
constexpr std::size_t most_characters = 32767, most_formula = 8192;

struct Cell {
  std::uint32_t row = 0, column = 0;  // from one; zero: none
  friend constexpr bool operator==(Cell, Cell) = default;
};

struct Area {
  Cell from, to;
  bool has(Cell cell) const {
    return cell.row >= from.row && cell.row <= to.row && cell.column >= from.column && cell.column <= to.column;
  }
  bool meets(const Area& other) const {
    return from.row <= other.to.row && other.from.row <= to.row && from.column <= other.to.column &&
           other.from.column <= to.column;
  }
};

// "B7" or "$B$7"; false: it is none, or lies beyond the sheet.
bool read_cell(std::string_view text, Cell& cell);
// "A1:C3", "B7"; with `lines` also "A:C" and "1:3". False: it is none. From the upper left to the lower right, however
// it is written.
bool read_area(std::string_view text, Area& area, bool lines = false);
// Several areas with blanks between them; false: one of them is none, or there is none.
bool read_areas(std::string_view text);
std::string written(Cell cell);
std::string written(const Area& area);

// A whole number without a sign; false: it is none.
bool read_number(std::string_view text, std::uint32_t& number);
bool is_true(std::string_view text);
// What a cell of numbers may hold.
bool is_decimal(std::string_view text);
bool is_iso_date(std::string_view text);
bool is_error_word(std::string_view text);
// What a workbook's name may be called; what looks like a cell is none.
bool is_defined_name(std::string_view text);
// Characters as Excel counts them: in UTF-16.
std::size_t characters(std::string_view text);
// The same for whatever the case of letters, as far as ASCII and Latin go.
std::string folded(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace ooxml::sheet
