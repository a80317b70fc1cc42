// The sheet is read from its begin to the last row that fits; then the reading is left off.
#include "read.hpp"

#include <algorithm>
#include <berth/call.hpp>
#include <cmath>
#include <utility>

#include "csv.hpp"
#include "input.hpp"
#include "reading.hpp"
#include "target.hpp"
#include "values.hpp"

namespace xlsx {

using berth::Json;

namespace {

enum class What : std::uint8_t { values, formulas, both };
enum class Form : std::uint8_t { rows, cells, csv };

struct Wish {
  What what = What::values;
  Form form = Form::rows;
  bool iso = true;
  std::size_t limit = usual_rows;
};

Wish wish_of(const Json& input) {
  const std::string what = one_of(input, "what", {"values", "formulas", "both"});
  const std::string form = one_of(input, "form", {"rows", "cells", "csv"});
  Wish wish;
  wish.what = what == "formulas" ? What::formulas : what == "both" ? What::both : What::values;
  wish.form = form == "cells" ? Form::cells : form == "csv" ? Form::csv : Form::rows;
  wish.iso = one_of(input, "dates", {"iso", "numbers"}) == "iso";
  wish.limit = within(input, "limit", 1, most_rows_told, usual_rows);
  return wish;
}

class Page : public CellReader {
 public:
  // Without a sink it ends with the first page. CSV is as wide as the area.
  Page(const Wish& wish, const formula::Area& area, const Book& book, Strings& strings, const CsvManner& manner,
       const PageSink& sink)
      : m_wish(wish),
        m_area(area),
        m_book(book),
        m_strings(strings),
        m_manner(manner),
        m_sink(sink),
        m_next(area.first.row) {
    m_wants_formulas = wish.what != What::values || wish.form == Form::cells;
  }
  // Before the first line: what tells old Excels that the text is UTF-8.
  void mark() {
    if (m_manner.windows && m_wish.form == Form::csv) m_csv = byte_order_mark;
  }

  Json answer() {
    Json all{{"sheet", m_sheet},
             {"first_row", m_area.first.row},
             {"first_column", formula::column_name(m_area.first.column)}};
    if (m_wish.form == Form::csv)
      all["csv"] = std::exchange(m_csv, {});
    else
      all[m_wish.form == Form::cells ? "cells" : "rows"] = std::exchange(m_rows, Json::array());
    all["truncated"] = m_more != 0 || m_cut != 0;
    if (m_more != 0) all["next_row"] = m_more;
    if (m_cut != 0) all["cut_row"] = m_cut;
    return all;
  }
  void of(const std::string& sheet) { m_sheet = sheet; }

 private:
  void row(std::uint32_t number, const ooxml::Start&) override {
    if (number > m_area.last.row) throw Enough();
    m_passes = number < m_next;
  }
  bool moves_formula(formula::Cell at) override { return !m_passes && m_area.has(at); }
  void cell(const CellText& cell) override {
    if (m_passes || !m_area.has(cell.at)) return;
    const bool formula = cell.has_formula && m_wish.what != What::values;
    if (!cell.has_value && !formula && m_wish.form != Form::cells) return;
    if (!cell.has_value && !cell.has_formula) return;
    if (m_row.is_null()) begin(cell.at.row);
    if (cell.at.column < m_free) return;  // out of order, or there twice: what validate tells of
    m_free = cell.at.column + 1;
    if (m_bytes > most_text_told * 4) return void(m_cut = cell.at.row);
    ++m_cells;
    add(cell, value_of(cell, &m_strings, m_book));
  }
  // What is full ends before a row that has something, and says its number.
  void begin(std::uint32_t number) {
    const bool far = number - m_area.first.row >= m_wish.limit;
    const bool full = m_cells >= most_cells_told || m_bytes + blank_rows(number) >= most_text_told;
    if (number != m_area.first.row && (far || full)) turn(number);
    m_column = m_area.first.column;
    for (; m_next < number; ++m_next) finish(Json::array());
    m_row = Json::array();
    m_column = m_free = m_area.first.column;
  }
  // Of CSV, whose blank rows are as long as the others.
  std::uint64_t blank_rows(std::uint32_t number) const {
    return m_wish.form == Form::csv ? m_area.columns() * (number - m_next) : 0;
  }
  void turn(std::uint32_t number) {
    m_more = number;
    if (!m_sink) throw Enough();
    if (!m_sink(answer())) throw berth::Error(499, "cancelled", "nobody reads any more");
    m_more = m_cut = 0;
    m_area.first.row = m_next = number;
    m_cells = m_bytes = 0;
  }
  void row_end(std::uint32_t) override {
    if (m_row.is_null()) return;
    finish(std::exchange(m_row, Json()));
    ++m_next;
  }
  void finish(Json row) {
    if (m_wish.form == Form::csv) {
      m_line.append(m_area.last.column - m_column, m_manner.delimiter);
      m_bytes += m_area.last.column - m_column;
      m_csv += m_line + (m_manner.windows ? "\r\n" : "\n");
      m_line.clear();
    } else if (m_wish.form == Form::rows) {
      m_rows.push_back(std::move(row));
    }
  }

  void add(const CellText& cell, const Value& value) {
    m_bytes += value.text.size() + cell.formula.size() + 8;
    if (m_wish.form == Form::cells) return m_rows.push_back(told(cell, value));
    const bool formula = cell.has_formula && m_wish.what != What::values;
    m_cells += cell.at.column - m_column;  // blank ones are told, too
    if (m_wish.form == Form::csv) {
      for (; m_column < cell.at.column; ++m_column) m_line += m_manner.delimiter;
      put_csv(m_line, formula ? written(cell) : value.text, formula || value.kind == Value::Kind::text, m_manner);
      return;
    }
    for (; m_column < cell.at.column; ++m_column) m_row.push_back(nullptr);
    ++m_column;
    if (!formula) return m_row.push_back(json_of(value));
    if (m_wish.what == What::formulas) return m_row.push_back(written(cell));
    m_row.push_back({{"value", json_of(value)}, {"formula", written(cell)}});
  }
  Json json_of(const Value& value) const {
    const bool number = value.kind == Value::Kind::moment && !m_wish.iso && std::isfinite(value.number);
    return number ? xlsx::json_of(value.number) : value.json();
  }
  static std::string written(const CellText& cell) {
    const std::string text = "=" + std::string(cell.formula);
    return cell.formula_type == "array" ? "{" + text + "}" : text;
  }
  Json told(const CellText& cell, const Value& value) const {
    Json one{{"cell", formula::name(cell.at)}, {"value", json_of(value)}, {"type", name(value.kind)}};
    if (cell.has_formula) one["formula"] = written(cell);
    if (!cell.formula_area.empty()) one["area"] = cell.formula_area;
    return one;
  }

  const Wish m_wish;
  formula::Area m_area;
  const Book& m_book;
  Strings& m_strings;
  const CsvManner m_manner;
  const PageSink& m_sink;
  std::string m_sheet;
  Json m_rows = Json::array(), m_row;
  std::string m_csv, m_line;
  std::uint32_t m_next, m_more = 0, m_cut = 0;
  std::uint32_t m_column = 0, m_free = 0;  // where the row has got to, and the first one that has nothing yet
  std::size_t m_cells = 0, m_bytes = 0;
  bool m_passes = false;
};

// Every row of CSV is as long as the widest of all pages.
std::uint32_t widest(const ooxml::serve::Asked& asked, const ooxml::Package& package, const Sheet& sheet,
                     const formula::Area& area) {
  const auto box = used(package, sheet, area, asked.stop);
  return box ? box->last.column : area.first.column;
}

Json last_page(const ooxml::serve::Asked& asked, const PageSink& sink) {
  const Wish wish = wish_of(asked.input);
  const CsvManner manner = csv_manner(asked.input);
  const std::size_t from = within(asked.input, "from_row", 1, formula::most_rows, 1);
  const auto file = ooxml::serve::opened(asked, "path", ooxml::Kind::sheet);
  const Book book = read_book(*file.package);
  Target target = target_of(*file.package, book, asked.text("sheet"), asked.text("range"));
  const Sheet& sheet = book.sheets[target.sheet];
  if (wish.form == Form::csv) target.area.last.column = widest(asked, *file.package, sheet, target.area);
  const bool begins = from <= target.area.first.row;
  target.area.first.row = std::max(target.area.first.row, static_cast<std::uint32_t>(from));
  Strings strings;
  read_strings(*file.package, strings);
  Page page(wish, target.area, book, strings, manner, sink);
  page.of(sheet.name);
  if (begins) page.mark();
  read_enough(*file.package, *sheet.part, page, asked.stop);
  return page.answer();
}

}  // namespace

Json read(const ooxml::serve::Asked& asked) { return last_page(asked, {}); }

void read_pages(const ooxml::serve::Asked& asked, const PageSink& sink) { sink(last_page(asked, sink)); }

}  // namespace xlsx
