// What lacks its place stands behind the one before, as Excel reads it.
#include "cells.hpp"

#include <berth/call.hpp>

#include "formula/shift.hpp"
#include "gather.hpp"
#include "names.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace none = ooxml::names::none;

namespace {

constexpr std::size_t most_value = 256u << 10, most_formula = 32u << 10, most_shared = 16u << 20;
// So much of one sheet's shared formulas is moved to other cells: a formula and its users may be few bytes, and what
// they stand for many gigabytes.
constexpr std::size_t most_moved = 256u << 20;

CellType type_of(std::string_view text) {
  if (text == "s") return CellType::shared;
  if (text == "str" || text == "inlineStr") return CellType::text;
  if (text == "b") return CellType::boolean;
  if (text == "e") return CellType::error;
  return text == "d" ? CellType::date : CellType::number;
}

}  // namespace

void CellReader::begin_row(const ooxml::Start& element) {
  const std::size_t given = number_of(element.value(none::r));
  m_row_told = given != 0;
  m_row = given >= 1 && given <= formula::most_rows ? static_cast<std::uint32_t>(given) : m_row + 1;
  m_column = 0;
  row(m_row, element);
}

// A row's number counts more than what its cells say of theirs.
void CellReader::place(std::string_view reference) {
  const auto given = formula::cell(reference);
  if (!given) return;
  if (!m_row_told && given->row > m_row) m_row = given->row;
  m_cell.at = {m_row, given->column};
}

// What lies beyond a sheet's border is no cell, however many of them a row has.
void CellReader::begin_cell(const ooxml::Start& element) {
  m_cell = {};
  m_cell.at = {m_row, m_column + 1};
  for (const auto& attribute : element.attributes) {
    if (attribute.name == none::r) {
      place(attribute.value);
    } else if (attribute.name == none::s) {
      m_cell.style = static_cast<std::uint32_t>(number_of(attribute.value));
    } else if (attribute.name == none::t) {
      m_cell.type = type_of(attribute.value);
    }
  }
  m_in_cell = m_cell.at.column <= formula::most_columns && m_cell.at.row <= formula::most_rows;
  if (!m_in_cell) return;
  m_column = m_cell.at.column;
  m_value.clear();
  m_formula.clear();
  m_type.clear();
  m_area.clear();
  m_child = false;
}

void CellReader::begin_formula(const ooxml::Start& element) {
  m_cell.has_formula = true;
  if (!m_wants_formulas) return;
  m_reads = Reads::formula;
  if (element.attributes.empty()) return;
  m_type = element.value(none::t);
  m_area = element.value(none::ref);
  if (m_type != "shared") return;
  m_group = static_cast<std::uint32_t>(number_of(element.value(none::si)));
  m_child = true;
}

void CellReader::start(const ooxml::Start& element) {
  if (!m_in_data) {
    if (element.name == s::sheetData) m_in_data = true;
    return outside(element);
  }
  if (element.name == s::c) return begin_cell(element);
  if (element.name == s::row) return begin_row(element);
  if (!m_in_cell) return;
  if (element.name == s::v) {
    m_reads = Reads::value;
    m_cell.has_value = true;
  } else if (element.name == s::f) {
    begin_formula(element);
  } else if (element.name == s::t && m_aside == 0) {
    m_reads = Reads::value;
    m_cell.has_value = true;
  } else if (element.name == s::rPh) {
    ++m_aside;
  }
}

void CellReader::text(std::string_view text) {
  if (!m_in_data) return outside_text(text);
  if (m_reads == Reads::value && m_value.size() < most_value) m_value += text;
  if (m_reads == Reads::formula && m_formula.size() < most_formula) m_formula += text;
}

// The first of those that share a formula has its text; the others have it moved.
void CellReader::share() {
  if (!m_formula.empty()) return keep_shared();
  m_cell.shares = true;
  const auto first = m_shared.find(m_group);
  if (first == m_shared.end()) return;
  ++first->second.users;
  if (!moves_formula(m_cell.at)) return;
  m_moved_bytes += first->second.text.size();
  if (m_moved_bytes > most_moved)
    throw berth::Error(422, "limit_exceeded",
                       "the cells of the sheet share formulas that are more than 256 MiB where each cell has its own",
                       "read a smaller range, or values");
  m_formula = formula::shift(first->second.text, std::int64_t{m_cell.at.row} - first->second.at.row,
                             std::int64_t{m_cell.at.column} - first->second.at.column);
}

void CellReader::keep_shared() {
  const auto before = m_shared.find(m_group);
  if (before != m_shared.end()) {
    if (before->second.users > 0) shared_formula(before->second.text, before->second.users);
    m_shared.erase(before);
  }
  if (m_shared_bytes + m_formula.size() > most_shared) return;
  m_shared_bytes += m_formula.size() + sizeof(Shared);
  m_shared.emplace(m_group, Shared{m_cell.at, m_formula});
}

void CellReader::tell_shared() {
  for (const auto& [group, one] : m_shared)
    if (one.users > 0) shared_formula(one.text, one.users);
  m_shared.clear();
}

void CellReader::end_cell() {
  m_in_cell = false;
  m_aside = 0;
  if (m_child) share();
  if (m_value.size() > most_value) m_value = clipped(m_value, most_value);
  m_cell.value = m_value;
  m_cell.formula = m_formula;
  m_cell.formula_type = m_type;
  m_cell.formula_area = m_area;
  cell(m_cell);
}

void CellReader::end(const ooxml::Start& element) {
  m_reads = Reads::nothing;
  if (!m_in_data) return outside_end(element);
  if (element.name == s::c && m_in_cell) return end_cell();
  if (element.name == s::row) return row_end(m_row);
  if (element.name == s::rPh && m_aside > 0) --m_aside;
  if (element.name == s::sheetData) {
    m_in_data = false;
    tell_shared();
    outside_end(element);
  }
}

}  // namespace xlsx
