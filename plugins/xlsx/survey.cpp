// Lists have bounds, counts have none.
#include "survey.hpp"

#include <algorithm>

#include "gather.hpp"
#include "names.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace x14 = ooxml::names::x14;
namespace xm = ooxml::names::xm;
namespace none = ooxml::names::none;
using nlohmann::json;

namespace {

constexpr std::size_t most_others = 1000, most_name = 255;  // functions that nobody knows, and what is told of a name

}  // namespace

Calls::Calls(const Book& book)
    : m_check(formula::subscription, *this), m_names(book), m_counts(formula::functions().size()) {}

void Calls::run(std::string_view formula, std::uint64_t times) {
  if (formula.empty()) return;
  m_times = times;
  if (formula.find('[') != std::string_view::npos && formula.find("]!") != std::string_view::npos) external += times;
  m_check.run(formula);
}

void Calls::called(const formula::Function& function) {
  m_counts[formula::number(function)] += m_times;
  m_newest = std::max(m_newest, function.since);
}

std::uint64_t Calls::volatiles() const {
  std::uint64_t all = 0;
  for (const auto* name : {"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "RANDARRAY", "INFO", "CELL"})
    all += m_counts[formula::number(*formula::function(name))];
  return all;
}

void Calls::trouble(const formula::Trouble& trouble) {
  if (trouble.what != formula::What::unknown && trouble.what != formula::What::foreign) return;
  const std::string name(trouble.name.substr(0, most_name));
  if (m_others.size() < most_others || m_others.contains(name)) m_others[name] += m_times;
}

bool Calls::named(std::string_view name) const { return m_names.has(name); }

json Calls::told() const {
  json all = json::array();
  const auto functions = formula::functions();
  for (std::size_t i = 0; i < m_counts.size(); ++i) {
    if (m_counts[i] == 0) continue;
    all.push_back({{"name", functions[i].name}, {"count", m_counts[i]}, {"since", formula::year(functions[i].since)}});
  }
  for (const auto& [name, count] : m_others) all.push_back({{"name", name}, {"count", count}, {"since", nullptr}});
  std::stable_sort(all.begin(), all.end(), [](const json& a, const json& b) { return a["count"] > b["count"]; });
  return all;
}

void Survey::cell(const CellText& cell) {
  if (!cell.has_value && !cell.has_formula) return;
  ++cells;
  errors += cell.type == CellType::error;
  columns.see(cell);
  if (!used) used = formula::Area{cell.at, cell.at};
  used->first.row = std::min(used->first.row, cell.at.row);
  used->first.column = std::min(used->first.column, cell.at.column);
  used->last.row = std::max(used->last.row, cell.at.row);
  used->last.column = std::max(used->last.column, cell.at.column);
  if (!cell.has_formula) return;
  ++formulas;
  arrays += cell.formula_type == "array";
  m_calls.run(cell.formula);
}

void Survey::row(std::uint32_t, const ooxml::Start& element) {
  if (element.attributes.size() > 1 && truth_of(element.value(none::hidden))) ++m_hidden_rows;
}

void Survey::settings(const ooxml::Start& element) {
  const auto name = element.name;
  if (name == s::dimension) {
    m_facts["dimension"] = clipped(element.value(none::ref));
  } else if (name == s::pane && element.value(none::state).starts_with("frozen")) {
    m_facts["frozen"] = {{"rows", number_of(element.value(none::ySplit))},
                         {"columns", number_of(element.value(none::xSplit))}};
  } else if (name == s::autoFilter) {
    m_facts["filter"] = clipped(element.value(none::ref));
  } else if (name == s::sheetProtection && truth_of(element.value(none::sheet))) {
    m_facts["protected"] = true;
  } else if (name == s::tabColor && element.has(none::rgb)) {
    m_facts["tab_color"] = clipped(element.value(none::rgb));
  } else if (name == s::col && truth_of(element.value(none::hidden))) {
    const std::size_t from = number_of(element.value(none::min), 1), to = number_of(element.value(none::max), 1);
    if (to >= from && to <= formula::most_columns) m_hidden_columns += to - from + 1;
  }
}

// The list, if one more has room in it.
json* Survey::open_in(json& list, std::size_t count) {
  return count <= most_listed && Budget::take(m_budget.listed) ? &list : nullptr;
}

void Survey::lists(const ooxml::Start& element) {
  const auto name = element.name;
  if (name == s::mergeCell) {
    ++m_merged;
  } else if (name == s::hyperlink) {
    ++m_links;
  } else if (name == x14::sparkline) {
    ++m_sparklines;
  } else if (name == s::conditionalFormatting) {
    m_area = clipped(element.value(none::sqref));
  } else if (name == s::dataValidation || name == x14::dataValidation) {
    m_list = open_in(m_validations, ++m_validated);
    if (m_list)
      m_list->push_back({{"range", clipped(element.value(none::sqref))}, {"type", clipped(element.value(none::type))}});
  } else if (name == s::cfRule || name == x14::cfRule) {
    m_list = open_in(m_conditions, ++m_conditioned);
    if (m_list)
      m_list->push_back({{"range", name == s::cfRule ? m_area : ""}, {"type", clipped(element.value(none::type))}});
  }
}

void Survey::outside(const ooxml::Start& element) {
  settings(element);
  lists(element);
  m_text.clear();
  m_reads = element.name == s::formula1 || element.name == s::formula2 || element.name == s::formula ||
            element.name == xm::f || element.name == xm::sqref;
}

void Survey::outside_text(std::string_view text) {
  if (m_reads && m_text.size() < most_text) m_text += text;
}

void Survey::outside_end(const ooxml::Start& element) {
  const bool read = std::exchange(m_reads, false);
  if (element.name == s::conditionalFormatting) m_area.clear();
  if (!read || !m_list || m_list->empty()) return;
  json& one = m_list->back();
  if (element.name == xm::sqref)
    one["range"] = clipped(m_text);
  else
    one["formulas"].push_back(clipped(m_text));
}

json Survey::told() const {
  json all = m_facts;
  const auto count = [&](const char* name, std::size_t number) {
    if (number > 0) all[name] = number;
  };
  count("merged", m_merged);
  count("hyperlinks", m_links);
  count("hidden_rows", m_hidden_rows);
  count("hidden_columns", m_hidden_columns);
  count("sparklines", m_sparklines);
  count("error_cells", errors);
  count("array_formulas", arrays);
  if (m_validated > 0) all["validations"] = {{"count", m_validated}, {"first", m_validations}};
  if (m_conditioned > 0) all["conditional_formats"] = {{"count", m_conditioned}, {"first", m_conditions}};
  return all;
}

}  // namespace xlsx
