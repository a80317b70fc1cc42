// Tables: the grid, and what their rows make of it.
#include <algorithm>
#include <cstdlib>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

class Tables : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    const auto name = key(element.name);
    if (name == key(n::w::tbl)) m_tables.push_back({});
    if (m_tables.empty()) return;
    Table& table = m_tables.back();
    const auto parent = outer(open);
    if (name == key(n::w::tblGrid) && parent == key(n::w::tbl)) {
      table.has_grid = true;
    } else if (name == key(n::w::gridCol) && parent == key(n::w::tblGrid)) {
      table.columns.push_back(number(element.value(n::w::w), -1));
    } else if (name == key(n::w::tr)) {
      begin_row(table);
    } else if (parent == key(n::w::trPr)) {
      if (name == key(n::w::gridBefore)) table.at += span_of(element);
      if (name == key(n::w::gridAfter)) table.behind = span_of(element);
    } else if (name == key(n::w::tc)) {
      table.span = 1;
      table.width = -1;
    } else if (parent == key(n::w::tcPr)) {
      if (name == key(n::w::gridSpan)) table.span = span_of(element);
      if (name == key(n::w::tcW) && element.value(n::w::type) == "dxa")
        table.width = number(element.value(n::w::w), -1);
    }
  }

  void end(const Start& element, const Open&) override {
    if (m_tables.empty()) return;
    Table& table = m_tables.back();
    const auto name = key(element.name);
    if (name == key(n::w::tc)) end_cell(table);
    if (name == key(n::w::tr)) end_row(table);
    if (name == key(n::w::tbl)) m_tables.pop_back();
  }

 private:
  struct Table {
    bool has_grid = false, told_grid = false;
    std::vector<long> columns{};
    std::size_t at = 0, behind = 0, span = 1, told = 0;
    long width = -1;
  };
  static constexpr std::size_t most_told = 5;  // of one table

  static std::size_t span_of(const Start& element) {
    return static_cast<std::size_t>(std::clamp(number(element.value(n::w::val), 1), 0L, 1000L));
  }

  void begin_row(Table& table) {
    table.at = table.behind = 0;
    if (table.has_grid || table.told_grid) return;
    table.told_grid = true;
    m_scene.ruler.find("table-grid", m_reading,
                       {"the table has no tblGrid before its first row", "w:tblGrid", "one gridCol for each column",
                        "berth docx fix adds it, out of the widths of the cells"});
  }

  void end_cell(Table& table) {
    long together = 0;
    bool known = table.has_grid && table.at + table.span <= table.columns.size();
    for (std::size_t i = 0; known && i < table.span; ++i) {
      known = table.columns[table.at + i] >= 0;
      together += table.columns[table.at + i];
    }
    table.at += table.span;
    constexpr long least = 40;  // twentieths of a point: what programs round away
    if (!known || table.width <= 0 || together <= 0) return;
    if (std::labs(together - table.width) <= std::max(least, together / 20) || table.told >= most_told) return;
    ++table.told;
    m_scene.ruler.find(
        "table-widths", m_reading,
        {"the cell is " + std::to_string(table.width) + " wide, and its columns are " + std::to_string(together),
         "w:tcW", std::to_string(together), "give the cell the width of its columns, or the other way round"});
  }

  void end_row(Table& table) {
    const std::size_t all = table.at + table.behind;
    if (!table.has_grid || all == table.columns.size() || table.told >= most_told) return;
    ++table.told;
    m_scene.ruler.find(
        "table-columns", m_reading,
        {"the row fills " + std::to_string(all) + " columns, and the grid has " + std::to_string(table.columns.size()),
         "w:tr", std::to_string(table.columns.size()),
         "let gridSpan, gridBefore and gridAfter add up to the gridCol elements"});
  }

  std::vector<Table> m_tables;
};

}  // namespace

void add_table_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  checks.push_back(std::make_unique<Tables>(scene, reading));
}

}  // namespace docx
