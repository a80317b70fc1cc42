// The cells that formulas look at: values in blocks, formulas beside them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "formula.hpp"
#include "formula/tokens.hpp"
#include "value.hpp"

namespace xlsx::calc {

// How far a formula's cell is.
enum class Stage : std::uint8_t { none, due, begun, done };  // none: no formula

// Rows of one column, 128 at a time: what lies in a column is summed from front to back.
struct Block {
  static constexpr std::uint32_t rows = 128;
  std::array<Value, rows> values;
  std::array<std::uint32_t, rows> formulas{};  // of Book::formulas, from one; 0: none
  std::array<Stage, rows> stages{};
  std::uint32_t due = 0;  // formulas that are not done
};

struct Place {
  std::uint32_t sheet = 0;
  Cell cell;
  std::uint64_t key() const { return std::uint64_t{sheet} << 40 | std::uint64_t{cell.row} << 16 | cell.column; }
  friend bool operator==(const Place&, const Place&) = default;
};

class Sheet {
 public:
  std::string name;
  const Value& value(Cell cell) const;
  Block* block(Cell cell) const;  // null: nothing is there
  Block& make_block(Cell cell);
  // Each block that has something of the area, with the rows of it that are meant, from front to back by columns. Stops
  // at false.
  template <class Visit>
  bool visit(const Area& area, Visit&& visit) const {
    for (auto column = m_columns.lower_bound(area.first.column);
         column != m_columns.end() && column->first <= area.last.column; ++column) {
      const auto& blocks = column->second;
      const std::uint32_t first = (area.first.row - 1) / Block::rows, last = (area.last.row - 1) / Block::rows;
      for (std::uint32_t i = first; i <= last && i < blocks.size(); ++i) {
        if (!blocks[i]) continue;
        const std::uint32_t base = i * Block::rows + 1;  // the row of its first value
        const std::uint32_t from = area.first.row > base ? area.first.row - base : 0;
        const std::uint32_t to = std::min(area.last.row - base + 1, Block::rows);
        if (!visit(*blocks[i], column->first, base, from, to)) return false;
      }
    }
    return true;
  }
  // The first formula at or behind `from` in the area, by columns, that is not computed yet.
  std::optional<Place> next_due(const Area& area, Cell from, std::uint32_t self) const;
  // The last row and column where anything is.
  Cell extent() const { return m_extent; }
  std::size_t memory() const { return m_memory; }

 private:
  std::map<std::uint32_t, std::vector<std::unique_ptr<Block>>> m_columns;
  Cell m_extent{0, 0};
  std::size_t m_memory = 0;
};

struct Table {
  std::string name;
  std::uint32_t sheet = 0;
  Area area;
  std::vector<std::string> columns;
  std::uint32_t header_rows = 1, totals_rows = 0;
};

struct DefinedName {
  std::string name;
  std::uint32_t sheet = Names::none;  // that it is of; none: the book's
  std::string text;
  Formula formula;
};

class Book : public Names {
 public:
  std::vector<Sheet> sheets;
  std::vector<Table> tables;
  std::vector<DefinedName> names;
  std::vector<Formula> formulas;  // each once, however many cells have it
  // Areas that one formula fills, {=…} over A1:B3, by the key of their first cell.
  std::unordered_map<std::uint64_t, Area> arrays;
  bool since_1904 = false;
  bool iterate = false;  // circles are meant to be

  // In place of a formula's number: a cell of an array that is not its first. The rest says of which.
  static constexpr std::uint32_t member = 1u << 31;
  // The first cell of the array that a cell is in; of one that is in none, itself.
  Place anchor(Place place) const;
  void set_array(std::uint32_t sheet, const Area& area, std::string_view text);
  // Of the cells; formulas and texts are as large as they are in the file.
  std::size_t memory() const;

  std::uint32_t sheet(std::string_view name) const override;
  std::uint32_t defined(std::string_view name, std::uint32_t sheet) const override;
  bool table(std::string_view name, std::string_view brackets, std::uint32_t sheet, Cell cell,
             Referred& meant) const override;

  void set(Place place, Value value);
  // A formula in a cell; equal ones of a filled column are kept once.
  void set_formula(Place place, std::string_view text);
  void finish_names();  // after all names and tables are there
  // As the formula of a cell reads there, without "="; empty: it has none.
  std::string text_at(Place place) const;

 private:
  void set_formula(Place place, std::uint32_t number);
  static std::string distances(std::string_view text, Place place);
  static void append_distance(std::string& key, std::string_view part, Cell cell);

  struct Written {
    std::string text;
    Cell cell;
  };
  std::vector<Place> m_anchors;    // of the members
  std::vector<Written> m_written;  // the text of each formula, as it reads in the first cell that has it
  std::unordered_map<std::string, std::uint32_t> m_known;  // formulas, by their text as distances
};

}  // namespace xlsx::calc
