// Fields are quoted where they must be; a row has as many as the range has columns, so that strict readers take it.
#include "csv.hpp"

#include <berth/call.hpp>

#include "input.hpp"
#include "reading.hpp"
#include "serve/verdict.hpp"

namespace xlsx {

using berth::Error;

namespace {

constexpr std::size_t piece_bytes = 64u << 10;

class UsedReader : public CellReader {
 public:
  explicit UsedReader(const formula::Area& area) : m_area(area) { m_wants_formulas = false; }
  std::optional<formula::Area> box;

 private:
  void cell(const CellText& cell) override {
    if ((!cell.has_value && !cell.has_formula) || !m_area.has(cell.at)) return;
    if (!box) box = formula::Area{cell.at, cell.at};
    box->first.row = std::min(box->first.row, cell.at.row);
    box->first.column = std::min(box->first.column, cell.at.column);
    box->last.row = std::max(box->last.row, cell.at.row);
    box->last.column = std::max(box->last.column, cell.at.column);
  }
  const formula::Area m_area;
};

class CsvReader : public CellReader {
 public:
  CsvReader(const formula::Area& area, const Book& book, Strings& strings, const CsvManner& manner, const CsvSink& sink)
      : m_area(area), m_book(book), m_strings(strings), m_manner(manner), m_sink(sink), m_next(area.first.row) {
    m_wants_formulas = manner.formulas;
    if (manner.windows) m_text = byte_order_mark;
  }
  CsvDone done() {
    if (m_open) end_row();
    send();
    return m_done;
  }

 private:
  void row(std::uint32_t number, const ooxml::Start&) override {
    if (m_open) end_row();
    if (number > m_area.last.row) throw Enough();
    m_passes = number < m_next;
  }
  bool moves_formula(formula::Cell at) override { return !m_passes && m_area.has(at); }
  void cell(const CellText& cell) override {
    if (m_passes || !m_area.has(cell.at) || (!cell.has_value && !cell.has_formula)) return;
    if (!m_open) begin_row(cell.at.row);
    // Out of order, or there twice: what validate tells of.
    if (cell.at.column < m_free || cell.at.row + 1 != m_next) return;
    m_free = cell.at.column + 1;
    ++m_done.cells;
    for (; m_column < cell.at.column; ++m_column) m_text += m_manner.delimiter;
    if (m_manner.formulas && cell.has_formula) return put_csv(m_text, "=" + std::string(cell.formula), true, m_manner);
    const Value value = value_of(cell, &m_strings, m_book);
    put_csv(m_text, value.text, value.kind == Value::Kind::text, m_manner);
  }
  // Rows that have nothing are there, too, with as many fields.
  void begin_row(std::uint32_t number) {
    for (; m_next < number; ++m_next) {
      m_column = m_area.first.column;
      end_row();
    }
    ++m_next;
    m_column = m_free = m_area.first.column;
    m_open = true;
  }
  void end_row() {
    m_text.append(m_area.last.column - std::min(m_column, m_area.last.column), m_manner.delimiter);
    m_text += m_manner.windows ? "\r\n" : "\n";
    m_open = false;
    ++m_done.rows;
    if (m_text.size() >= piece_bytes) send();
  }
  void send() {
    m_done.bytes += m_text.size();
    if (!m_text.empty() && !m_sink(m_text)) throw Error(499, "cancelled", "nobody reads any more");
    m_text.clear();
  }

  const formula::Area m_area;
  const Book& m_book;
  Strings& m_strings;
  const CsvManner m_manner;
  const CsvSink& m_sink;
  CsvDone m_done;
  std::string m_text;
  std::uint32_t m_next;
  std::uint32_t m_column = 0, m_free = 0;  // where the row has got to, and the first one that has nothing yet
  bool m_open = false, m_passes = false;
};

}  // namespace

CsvManner csv_manner(const berth::Json& input) {
  CsvManner manner;
  const std::string delimiter = input.value("delimiter", ",");
  if (delimiter.size() != 1 || delimiter == "\"" || delimiter == "\n" || delimiter == "\r")
    throw Error(400, "bad_delimiter", "a delimiter is one character, such as , or ; or a tab");
  manner.delimiter = delimiter[0];
  manner.quote_all = one_of(input, "quote", {"needed", "all"}) == "all";
  manner.windows = input.value("windows", false);
  return manner;
}

CsvManner whole_csv_manner(const berth::Json& input) {
  CsvManner manner = csv_manner(input);
  manner.formulas = one_of(input, "what", {"values", "formulas"}) == "formulas";
  return manner;
}

void put_csv(std::string& to, std::string_view text, bool is_text, const CsvManner& manner) {
  const char must[] = {'"', '\n', '\r', manner.delimiter};
  const bool edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  const bool quoted = edge || (manner.quote_all && is_text) ||
                      text.find_first_of(std::string_view(must, sizeof must)) != std::string_view::npos;
  if (!quoted) return void(to += text);
  to += '"';
  for (const char c : text) {
    if (c == '"') to += '"';
    to += c;
  }
  to += '"';
}

std::string for_terminal(std::string_view text) {
  constexpr std::string_view kept = "\t\n";
  std::string shown;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kept), text.size());
    const bool windows = end > 0 && end < text.size() && text.substr(end - 1, 2) == "\r\n";
    shown += ooxml::serve::printable(text.substr(0, windows ? end - 1 : end));
    if (windows) shown += '\r';
    shown += text.substr(end, 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return shown;
}

std::optional<formula::Area> used(const ooxml::Package& package, const Sheet& sheet, const formula::Area& area,
                                  const std::function<bool()>& stop) {
  UsedReader reader(area);
  read_enough(package, *sheet.part, reader, stop);
  return reader.box;
}

CsvDone write_csv(const ooxml::Package& package, const Book& book, Strings& strings, std::size_t sheet,
                  const formula::Area& area, const CsvManner& manner, const CsvSink& sink) {
  CsvReader reader(area, book, strings, manner, sink);
  read_enough(package, *book.sheets[sheet].part, reader);
  return reader.done();
}

}  // namespace xlsx
