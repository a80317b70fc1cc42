// A header is a row of texts, each another one, above rows that have as many or other kinds of values.
#include "columns.hpp"

#include <algorithm>
#include <numeric>

#include "gather.hpp"
#include "values.hpp"

namespace xlsx {

using nlohmann::json;

std::uint32_t Columns::Column::filled() const { return std::accumulate(count.begin(), count.end(), 0U); }

Columns::Sort Columns::sort_of(const CellText& cell) const {
  switch (cell.type) {
    case CellType::boolean: return a_boolean;
    case CellType::error: return an_error;
    case CellType::date: return a_moment;
    case CellType::number: break;
    default: return a_text;
  }
  const Shown shown = m_styles.of(cell.style);
  if (is_time(shown)) return a_moment;
  return shown == Shown::percent ? a_percent : a_number;
}

void Columns::see(const CellText& cell) {
  if (!cell.has_value && !cell.has_formula) return;
  if (m_columns.size() < cell.at.column) m_columns.resize(cell.at.column);
  Column& column = m_columns[cell.at.column - 1];
  const Sort sort = sort_of(cell);
  ++column.count[sort];
  column.formulas += cell.has_formula;
  if (column.first == 0) column.first = cell.at.row;
  column.last = cell.at.row;
  if (cell.at.column > most_told) return;
  if (m_early.size() >= rows_kept && !m_early.contains(cell.at.row)) return;
  Early& early = m_early[cell.at.row][cell.at.column];
  early.sort = sort;
  early.formula = cell.has_formula;
  if (cell.type == CellType::shared)
    early.string = number_of(cell.value, SIZE_MAX);
  else if (sort == a_text)
    early.text = clipped(cell.value, 256);
}

bool Columns::looks_like_header(const Row& row, const Row& next) {
  if (row.empty() || next.empty() || row.size() * 2 < next.size()) return false;
  std::set<std::pair<std::size_t, std::string>> names;
  for (const auto& [column, cell] : row) {
    if (cell.sort != a_text || cell.formula) return false;
    if (!names.insert({cell.string, cell.text}).second) return false;
  }
  // A table of texts has a header, too, if it is more than a list of one column.
  return row.size() > 1 || std::ranges::any_of(next, [](const auto& one) { return one.second.sort != a_text; });
}

std::uint32_t Columns::find_header() const {
  for (auto at = m_early.begin(); at != m_early.end() && std::next(at) != m_early.end(); ++at) {
    const auto next = std::next(at);
    if (next->first != at->first + 1 || !looks_like_header(at->second, next->second)) continue;
    return at->first;
  }
  return 0;
}

std::uint32_t Columns::settle(std::size_t most) {
  m_header = find_header();
  for (std::uint32_t i = 0; i < m_columns.size() && m_kept.size() < most; ++i)
    if (m_columns[i].filled() > 0) m_kept.emplace_back(i + 1, m_columns[i]);
  std::vector<Column>().swap(m_columns);
  std::erase_if(m_early, [this](const auto& row) { return row.first != m_header; });
  return m_header;
}

void Columns::wanted(std::set<std::size_t>& strings) const {
  const auto row = m_early.find(m_header);
  if (row == m_early.end()) return;
  for (const auto& [column, cell] : row->second)
    if (cell.string != SIZE_MAX) strings.insert(cell.string);
}

std::string Columns::header_of(std::uint32_t column, const std::map<std::size_t, std::string>& strings) const {
  const auto row = m_early.find(m_header);
  if (row == m_early.end()) return {};
  const auto cell = row->second.find(column);
  if (cell == row->second.end()) return {};
  if (cell->second.string == SIZE_MAX) return plain(cell->second.text);
  const auto text = strings.find(cell->second.string);
  return text == strings.end() ? std::string() : text->second;
}

// One kind that nine of ten have; errors count for none.
std::string Columns::type_of(const Column& column) {
  static const char* const names[] = {"number", "percent", "date", "text", "boolean", "error"};
  const std::uint32_t all = column.filled();
  if (all == 0) return "empty";
  const auto most = std::max_element(column.count.begin(), column.count.end());
  const std::uint32_t sound = all - (most == column.count.begin() + an_error ? 0 : column.count[an_error]);
  const std::uint32_t numbers = column.count[a_number] + column.count[a_percent];
  if (*most * 10ULL >= sound * 9ULL) return names[most - column.count.begin()];
  return numbers * 10ULL >= sound * 9ULL ? "number" : "mixed";
}

json Columns::told(const std::map<std::size_t, std::string>& strings) const {
  static const char* const names[] = {"numbers", "percents", "dates", "texts", "booleans", "errors"};
  json all = json::array();
  for (const auto& [i, seen] : m_kept) {
    Column column = seen;
    json one{{"column", formula::column_name(i)}};
    const auto header = header_of(i, strings);
    const auto row = m_early.find(m_header);
    if (row != m_early.end() && row->second.contains(i)) {
      one["header"] = header;
      --column.count[row->second.at(i).sort];
    }
    one["type"] = type_of(column);
    one["filled"] = column.filled();
    if (column.formulas > 0) one["formulas"] = column.formulas;
    one["first_row"] = column.first;
    one["last_row"] = column.last;
    for (std::size_t k = 0; one["type"] == "mixed" && k < column.count.size(); ++k)
      if (column.count[k] > 0) one[names[k]] = column.count[k];
    if (column.count[an_error] > 0) one["errors"] = column.count[an_error];
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace xlsx
