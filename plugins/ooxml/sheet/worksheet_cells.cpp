// Rows and cells: their order, their references, and that they hold what they say.
#include <algorithm>
#include <cstring>

#include "names.hpp"
#include "sheet/worksheet.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;

std::string shortened(std::string_view text) { return "\"" + std::string(text.substr(0, 40)) + "\""; }

}  // namespace

CellChecks::CellChecks(const Teller& teller, Facts& book) : m_tell(teller), m_facts(book) {
  const std::string& part = teller.reading().part.name;
  if (const SheetEntry* sheet = book.sheet_of(part)) m_sheet = sheet->id;
  for (const Relationship& relation : teller.reading().part.relations) {
    auto table = book.tables.find(relation.target);
    bool has = table != book.tables.end() && table->second.header && table->second.area.from.row != 0;
    if (has && table->second.names.size() == table->second.area.to.column - table->second.area.from.column + 1)
      m_headers.push_back({&table->second, 0, false});
  }
  if (m_sheet == 0) return;
  const auto& chain = book.chain;
  m_chain_from =
      static_cast<std::size_t>(std::lower_bound(chain.begin(), chain.end(), chain_key(m_sheet, {})) - chain.begin());
  m_chain_to = static_cast<std::size_t>(std::lower_bound(chain.begin(), chain.end(), chain_key(m_sheet + 1, {})) -
                                        chain.begin());
}

void CellChecks::row(const Start& element) {
  std::string_view text = element.value(n::r);
  std::uint32_t number = m_at.row + 1;
  bool said = text.data() != nullptr && read_number(text, number) && number >= 1 && number <= last_row;
  if (said && number <= m_at.row) {
    bool same = number == m_at.row;
    m_tell.mind(Severity::repaired, same ? "duplicate-row" : "rows-out-of-order",
                "Row " + std::to_string(number) +
                    (same ? " is there twice." : " comes after row " + std::to_string(m_at.row) + "."),
                "r", "Write each row once, from top to bottom.");
  }
  m_at = {number, 0};
  m_before = 0;
  if (std::string_view its = element.value(n::s); its.data() != nullptr) style(its, "s");
  m_header_row = 0;
  for (const Header& header : m_headers) {
    if (header.table->area.from.row == number) m_header_row = number;
  }
}

void CellChecks::cell(const Start& element) {
  m_type = Type::number;
  m_placed = false;
  m_typed = m_says_value = m_has_value = m_has_formula = m_rich = m_long = false;
  m_kept = m_characters = m_formula_characters = 0;
  m_hash = {};
  for (const Attribute& one : element.attributes) {
    if (one.name == n::r) {
      reference(one.value);
    } else if (one.name == n::s) {
      style(one.value, "s");
    } else if (one.name == n::t) {
      static constexpr std::pair<std::string_view, Type> types[] = {{"s", Type::shared},
                                                                    {"n", Type::number},
                                                                    {"str", Type::text},
                                                                    {"b", Type::boolean},
                                                                    {"inlineStr", Type::inline_text},
                                                                    {"e", Type::error},
                                                                    {"d", Type::date}};
      m_type = Type::unknown;
      m_typed = true;
      for (const auto& [word, type] : types) {
        if (one.value == word) m_type = type;
      }
    } else if (one.name == n::cm) {
      metadata(one.value, "cm", Counted::cell_metadata);
    } else if (one.name == n::vm) {
      metadata(one.value, "vm", Counted::value_metadata);
    }
  }
  if (m_placed) return;
  m_at.column = m_before + 1;
  m_before = m_at.column;
}

void CellChecks::reference(std::string_view text) {
  Cell cell;
  if (text.find('$') != text.npos || !read_cell(text, cell)) {
    m_tell.mind(Severity::repaired, "bad-reference", shortened(text) + " is no cell.", "r",
                "Write it as \"B7\", within XFD1048576.");
    return;
  }
  if (cell.row != m_at.row)
    m_tell.mind(Severity::repaired, "cell-in-wrong-row",
                "The cell " + std::string(text) + " stands in row " + std::to_string(m_at.row) + ".", "r",
                "Write it into its own row.");
  if (cell.column <= m_before && cell.row == m_at.row) {
    bool same = cell.column == m_before;
    m_tell.mind(Severity::repaired, same ? "duplicate-cell" : "cells-out-of-order",
                same ? "The cell " + std::string(text) + " is there twice."
                     : "The cell " + std::string(text) + " comes after " + written(Cell{m_at.row, m_before}) + ".",
                "r", "Write each cell once, from left to right.");
  }
  m_at.column = m_before = cell.column;
  m_placed = true;
}

void CellChecks::style(std::string_view text, const char* attribute) const {
  std::uint32_t index = 0;
  if (!read_number(text, index)) return;
  std::uint32_t there = m_facts.count(Counted::cell_formats);
  if (index < there) return;
  m_tell.object(Severity::schema, "missing-index",
                "The cell's format is number " + std::string(text) + ", and there are " + std::to_string(there) + ".",
                attribute, "Give the number of a format in cellXfs, from zero.");
}

void CellChecks::metadata(std::string_view text, const char* attribute, Counted what) const {
  std::uint32_t index = 0;
  if (!read_number(text, index) || index == 0 || index <= m_facts.count(what)) return;
  m_tell.object(Severity::schema, "missing-index", "There is no metadata number " + std::string(text) + ".", attribute,
                "Give the number of one that is there, from one.");
}

void CellChecks::formula(const Start& element) {
  m_part = Part::formula;
  m_has_formula = true;
  std::string_view type = element.value(n::t);
  if (type == "shared") shared_formula(element);
  if (type != "array" && type != "dataTable") return;
  Area area;
  if (!read_area(element.value(n::ref), area))
    m_tell.mind(Severity::repaired, "bad-reference", "A formula of several cells says which, in \"ref\".", "ref",
                "Name its cells, such as \"B2:B9\".");
}

void CellChecks::shared_formula(const Start& element) {
  std::uint32_t index = 0;
  if (!read_number(element.value(n::si), index)) {
    m_tell.mind(Severity::repaired, "missing-shared-formula", "A shared formula has a number, in \"si\".", "si");
    return;
  }
  if (index >= most_kept) return;
  bool first = element.has(n::ref);
  if (index >= m_shared.size()) m_shared.resize(std::min<std::size_t>(most_kept, std::size_t{index} * 2 + 64));
  if (first) {
    Area area;
    if (!read_area(element.value(n::ref), area))
      m_tell.mind(Severity::repaired, "bad-reference", shortened(element.value(n::ref)) + " are no cells.", "ref");
    m_shared[index] = true;
  } else if (!m_shared[index]) {
    m_tell.mind(Severity::repaired, "missing-shared-formula",
                "No cell before this one has the shared formula " + std::to_string(index) + ".", "si",
                "Write the formula into the first of its cells, with \"ref\".");
  }
}

void CellChecks::text(std::string_view text) {
  if (m_part == Part::none) return;
  if (m_part == Part::formula) {
    m_formula_characters += characters(text);
    return;
  }
  m_has_value = true;
  if (texts()) m_characters += characters(text);
  if (m_header_row != 0) m_hash.add(text);
  if (m_part == Part::rich) return;
  std::size_t more = std::min(text.size(), sizeof m_value - m_kept);
  std::memcpy(m_value + m_kept, text.data(), more);
  m_kept += more;
  m_long |= more < text.size();
}

void CellChecks::cell_ends() {
  if (m_says_value && !m_long && !texts()) check_value({m_value, m_kept});
  if (m_long && !texts())
    wrong_value({m_value, m_kept}, "longer than what such a cell may hold",
                "Make the cell one of text, with t=\"str\".");
  if (m_characters > most_characters)
    m_tell.mind(Severity::repaired, "text-too-long",
                "A cell's text has up to 32,767 characters, and this one has " + std::to_string(m_characters) + ".", "",
                "Make it shorter.");
  if (m_formula_characters > most_formula)
    m_tell.mind(Severity::repaired, "formula-too-long",
                "A formula has up to 8,192 characters, and this one has " + std::to_string(m_formula_characters) + ".",
                "", "Make it shorter.");
  if (m_has_formula && m_chain_from < m_chain_to) check_chain();
  if (m_header_row != 0) check_header();
}

void CellChecks::check_value(std::string_view text) {
  bool empty = trimmed(text).empty();
  switch (m_type) {
    case Type::number:
      if (empty ? m_typed : !is_decimal(text))
        wrong_value(text, "no number",
                    "Write a number, or make the cell one of text, with t=\"str\" or t=\"inlineStr\".", m_typed);
      break;
    case Type::shared:
      if (!empty) check_shared(trimmed(text));
      break;
    case Type::boolean:
      if (text != "0" && text != "1" && text != "true" && text != "false")
        wrong_value(text, "neither 1 nor 0", "Write 1 or 0.", true);
      break;
    case Type::error:
      if (!empty && !is_error_word(text))
        wrong_value(text, "none of Excel's errors", "Write one of them, such as #N/A.");
      break;
    case Type::date:
      if (!is_iso_date(text)) {
        wrong_value(text, "no date", "Write it as 2024-01-31T12:30:00.000, or as a number.", true);
      } else if (text.size() != std::string_view("2024-01-31T12:30:00.000").size()) {
        m_tell.object(Severity::schema, "bad-cell-value", "The judge of Office's files wants dates to the millisecond.",
                      "v", "Write it as 2024-01-31T12:30:00.000, or as a number.");
      }
      break;
    default: break;
  }
}

void CellChecks::wrong_value(std::string_view text, const char* what, const char* remedy, bool judged) const {
  std::string message = "The cell " + written(m_at) + " holds " + shortened(text) + ", which is " + what + ".";
  if (judged) return m_tell.object(Severity::schema, "bad-cell-value", std::move(message), "v", remedy);
  m_tell.mind(Severity::repaired, "bad-cell-value", std::move(message), "v", remedy);
}

void CellChecks::check_shared(std::string_view text) {
  std::uint32_t index = 0;
  if (!read_number(text, index))
    return wrong_value(text, "no number of a shared string", "Write its number, from zero.");
  std::uint32_t there = m_facts.count(Counted::shared_strings);
  if (index >= there)
    m_tell.mind(Severity::repaired, "missing-shared-string",
                "The cell " + written(m_at) + " shows the shared string " + std::to_string(index) + ", and there are " +
                    std::to_string(there) + ".",
                "v", "Add the string, or give the number of one that is there.");
}

void CellChecks::check_header() {
  for (Header& header : m_headers) {
    if (header.told || m_at.row != header.table->area.from.row || !header.table->area.has(m_at)) continue;
    if (m_has_formula) {
      ++header.seen;
      continue;
    }
    std::size_t place = m_at.column - header.table->area.from.column;
    std::uint64_t found = m_hash.value();
    if (m_type == Type::shared) {
      std::uint32_t index = 0;
      auto string =
          read_number({m_value, m_kept}, index) ? m_facts.column_strings.find(index) : m_facts.column_strings.end();
      found = string == m_facts.column_strings.end() ? 0 : string->second;
    }
    if (!m_has_value) continue;
    ++header.seen;
    if ((m_type == Type::shared || texts()) && found == header.table->columns[place]) continue;
    header.told = true;
    m_tell.mind(Severity::repaired, "table-header",
                "The cell " + written(m_at) + " is not called like the column \"" + header.table->names[place] +
                    "\" of the table \"" + header.table->name + "\" that it heads.",
                "", "Write the same text into the cell and into the table's part.");
  }
}

void CellChecks::check_chain() {
  auto from = m_facts.chain.begin() + static_cast<std::ptrdiff_t>(m_chain_from);
  auto to = m_facts.chain.begin() + static_cast<std::ptrdiff_t>(m_chain_to);
  std::uint64_t wanted = chain_key(m_sheet, m_at);
  auto found = std::lower_bound(from, to, wanted);
  if (found != to && *found == wanted) m_facts.chained[static_cast<std::size_t>(found - m_facts.chain.begin())] = true;
}

void CellChecks::ends() {
  for (const Header& header : m_headers) {
    if (header.told || header.seen >= header.table->names.size()) continue;
    m_tell.mind(Severity::repaired, "table-header",
                "Some cells above the table \"" + header.table->name + "\" (" + written(header.table->area) +
                    ") are empty, and the names of its columns should be there.",
                "", "Write the columns' names into the first row of the table.");
  }
}

}  // namespace ooxml::sheet
