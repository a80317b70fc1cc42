// Tables: each has a grid, rows and cells; the cells of a row fill the grid; a cell ends with a paragraph.
#include <limits>

#include "names.hpp"
#include "word/check.hpp"
#include "word/numbers.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

// What Word can have in one row.
constexpr std::int64_t most_columns = 63;
// Tables inside of tables that are followed; the reader's own bound of depth is met before.
constexpr std::size_t most_open_tables = 128;

struct Table {
  std::size_t depth = 0;  // of its element
  std::int64_t columns = 0, rows = 0, cells = 0, span = 0;
  bool grid = false, too_many = false, other = false;
  // Of the cell that is open.
  std::int64_t cell_span = 1;
  bool cell_filled = false;
  Name last{};  // the last block of the cell
};

class TableCheck : public Check {
 public:
  explicit TableCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    return {w::tbl, w::tblGrid, w::gridCol, w::tr, w::tc, w::gridSpan, w::gridBefore, w::gridAfter, w::p};
  }

  void start(const Start& element) override {
    if (element.name == w::tbl) {
      if (m_open.size() < most_open_tables) m_open.push_back({.depth = element.depth});
      return;
    }
    if (m_open.empty()) return;
    Table& table = m_open.back();
    switch (key(element.name)) {
      case key(w::tblGrid): table.grid = table.grid || element.depth == table.depth + 1; break;
      case key(w::gridCol):
        if (element.depth == table.depth + 2) ++table.columns;
        break;
      case key(w::tr):
        ++table.rows;
        table.cells = table.span = 0;
        break;
      case key(w::tc):
        ++table.cells;
        table.cell_span = 1;
        table.last = {};
        break;
      case key(w::gridSpan): table.cell_span = span(element); break;
      case key(w::gridBefore):
      case key(w::gridAfter): table.span += span(element); break;
      default: break;
    }
  }

  void end(const Start& element) override {
    if (m_open.empty()) return;
    Table& table = m_open.back();
    switch (key(element.name)) {
      case key(w::p): table.last = element.name; break;
      case key(w::tc): end_cell(table); break;
      case key(w::tr): end_row(table); break;
      case key(w::tbl):
        if (element.depth != table.depth) break;
        end_table(table);
        m_open.pop_back();
        if (!m_open.empty()) m_open.back().last = element.name;
        break;
      default: break;
    }
  }

 private:
  std::int64_t span(const Start& element) const {
    std::int64_t columns = number_of(element.value(w::val)).value_or(1);
    return columns < 0 || columns > std::numeric_limits<std::int32_t>::max() ? 1 : columns;
  }

  void end_cell(Table& table) const {
    table.span += table.cell_span;
    if (table.last == w::p) return;
    m_work.mind(Severity::refused, "cell-without-paragraph",
                table.last == w::tbl ? "A cell ends with a table; Word wants a paragraph behind it."
                                     : "A cell has no paragraph; Word does not open such a file.",
                "w:tc", "w:p", "End the cell with an empty paragraph.");
  }

  void end_row(Table& table) const {
    if (table.cells == 0) {
      m_work.mind(Severity::repaired, "row-without-cells", "A row of a table has no cells.", "w:tr", "w:tc",
                  "Remove the row, or give it cells.");
      return;
    }
    if (table.cells > most_columns) {
      m_work.mind(
          Severity::refused, "too-many-cells",
          "A row has " + std::to_string(table.cells) + " cells; Word can have " + std::to_string(most_columns) + ".",
          "w:tr", "", "Split the table.");
    }
    if (!table.grid || table.columns == table.span) return;
    bool wide = table.span > table.columns;
    if (wide ? table.too_many : table.other) return;
    (wide ? table.too_many : table.other) = true;
    m_work.mind(wide ? Severity::repaired : Severity::hint, "grid-disagrees",
                "The cells of a row fill " + std::to_string(table.span) + " columns, and the table's grid has " +
                    std::to_string(table.columns) + ".",
                "w:tr", std::to_string(table.columns) + " columns",
                "Make w:tblGrid, the cells' w:gridSpan and the row's w:gridBefore and w:gridAfter agree.");
  }

  void end_table(const Table& table) const {
    if (table.rows == 0) {
      m_work.mind(Severity::repaired, "table-without-rows", "A table has no rows.", "w:tbl", "w:tr",
                  "Remove the table, or give it rows.");
    }
    if (!table.grid) {
      m_work.mind(Severity::hint, "table-without-grid", "A table has no grid of columns.", "w:tbl", "w:tblGrid",
                  "Add w:tblGrid with one w:gridCol for each column.");
    }
  }

  Work m_work;
  std::vector<Table> m_open;
};

}  // namespace

std::unique_ptr<Check> table_check(const Work& work) { return std::make_unique<TableCheck>(work); }

}  // namespace ooxml::word
