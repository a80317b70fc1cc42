// Tables: their names, areas and columns.
#include <algorithm>

#include "names.hpp"
#include "sheet/reader.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;
namespace s = names::s;

class TableReader : public PartReader {
 public:
  using PartReader::PartReader;

 private:
  void open(const Start& element) override {
    if (element.name == s::table) {
      table(element);
    } else if (element.name == s::autoFilter && up(1) == s::table) {
      filter(element);
    } else if (element.name == s::tableColumn) {
      column(element);
    } else if (element.name == s::filterColumn) {
      filter_column(element);
    } else if (element.name == s::xmlColumnPr) {
      std::uint32_t id = 0;
      bool known = !read_number(element.value(n::mapId), id) || facts.maps.count(id) != 0;
      if (!known) tell.object(Severity::schema, "missing-map", "There is no map of XML with this number.", "mapId");
    }
  }

  void table(const Start& element) {
    m_its.part = tell.reading().part.name;
    std::string_view called = element.value(n::displayName), ref = element.value(n::ref);
    m_its.name = std::string(called.substr(0, 255));
    read_number(element.value(n::id), m_its.id);
    std::uint32_t rows = 1;
    m_its.header = !read_number(element.value(n::headerRowCount), rows) || rows != 0;
    if (ref.data() != nullptr && !read_area(ref, m_its.area)) {
      tell.mind(Severity::repaired, "bad-reference", "\"" + std::string(ref.substr(0, 40)) + "\" are no cells.", "ref",
                "Write them as \"A1:C3\".");
    }
    std::uint32_t totals = 0;
    read_number(element.value(n::totalsRowCount), totals);
    std::uint32_t height = m_its.area.to.row - m_its.area.from.row + 1;
    if (m_its.area.from.row != 0 && height < (m_its.header ? 1 : 0) + (totals != 0 ? 1U : 0U) + 1)
      tell.mind(Severity::repaired, "table-too-small", "A table has one row of data at least, below its header.", "ref",
                "Make its area larger.");
    names(called);
    connection(element);
  }

  void names(std::string_view called) {
    if (m_its.id != 0 && !facts.table_ids.insert(m_its.id).second)
      tell.mind(Severity::refused, "duplicate-id", "Another table has the id " + std::to_string(m_its.id) + ", too.",
                "id", "Give each table its own.");
    if (called.empty()) return;
    std::string whole = folded(called);
    if (!is_defined_name(called))
      tell.mind(Severity::repaired, "bad-name", "\"" + m_its.name + "\" cannot be a table's name.", "displayName",
                "Names begin with a letter or _, hold letters, digits, _ and ., and do not look like a cell.");
    if (!facts.table_names.insert(whole).second)
      tell.mind(Severity::refused, "duplicate-table-name", "Another table is called \"" + m_its.name + "\", too.",
                "displayName", "Give each table its own name.");
    if (facts.book_names.count(whole) != 0)
      tell.mind(Severity::repaired, "duplicate-name", "A name of the workbook is \"" + m_its.name + "\", too.",
                "displayName", "Give the table another name.");
  }

  void connection(const Start& element) const {
    std::string_view text = element.value(n::connectionId);
    std::uint32_t id = 0;
    if (text.data() != nullptr && (!read_number(text, id) || facts.connections.count(id) == 0))
      tell.object(Severity::schema, "missing-connection",
                  "There is no connection " + std::string(text.substr(0, 20)) + ".", "connectionId",
                  "Give the id of one that is there.");
  }

  void filter(const Start& element) const {
    Area its;
    std::string_view ref = element.value(n::ref);
    if (ref.data() == nullptr) return;
    if (!read_area(ref, its)) {
      tell.mind(Severity::repaired, "bad-reference", "\"" + std::string(ref.substr(0, 40)) + "\" are no cells.", "ref");
    } else if (m_its.area.from.row != 0 && (its.from != m_its.area.from || its.to.column != m_its.area.to.column)) {
      tell.mind(Severity::repaired, "filter-disagrees",
                "The filter's cells are " + written(its) + ", and the table's " + written(m_its.area) + ".", "ref",
                "Let both begin in the same cell, and have the same columns.");
    }
  }

  void filter_column(const Start& element) const {
    std::uint32_t index = 0;
    bool known = read_number(element.value(n::colId), index) && m_its.area.from.row != 0;
    if (known && index > m_its.area.to.column - m_its.area.from.column)
      tell.mind(Severity::repaired, "bad-filter", "The table has no column number " + std::to_string(index) + ".",
                "colId", "Count its columns from zero.");
  }

  void column(const Start& element) {
    std::string_view called = element.value(n::name);
    if (m_its.columns.size() >= last_column) return;
    m_its.columns.push_back(hash_of(called));
    m_its.names.emplace_back(called.substr(0, 255));
    if (called.data() != nullptr && called.empty())
      tell.mind(Severity::repaired, "bad-name", "A column's name is not empty.", "name", "Call it something.");
  }

  void close(const Start& element) override {
    if (element.name != s::tableColumns) return;
    std::size_t wide = m_its.area.to.column - m_its.area.from.column + 1;
    if (m_its.area.from.row != 0 && wide != m_its.columns.size())
      tell.mind(Severity::repaired, "columns-disagree",
                "The table has " + std::to_string(m_its.columns.size()) + " columns, and its area " +
                    written(m_its.area) + " has " + std::to_string(wide) + ".",
                "", "Name as many columns as the area has.");
    facts.column_hashes.insert(m_its.columns.begin(), m_its.columns.end());
    facts.tables[m_its.part] = m_its;
  }

  TableFacts m_its;
};

// The order of calculation: cells that must hold formulas.
class ChainReader : public PartReader {
 public:
  using PartReader::PartReader;

 private:
  void open(const Start& element) override {
    if (element.name == s::calcChain) facts.chain_part = tell.reading().part.name;
    if (element.name != s::c) return;
    std::string_view sheet = element.value(n::i), where = element.value(n::r);
    if (sheet.data() != nullptr) read_number(sheet, m_sheet);
    bool known =
        std::any_of(facts.sheets.begin(), facts.sheets.end(), [this](const auto& one) { return one.id == m_sheet; });
    if (sheet.data() != nullptr && !known)
      tell.object(Severity::schema, "missing-sheet",
                  "There is no sheet with the id " + std::string(sheet.substr(0, 20)) + ".", "i",
                  "Take the cell away, or all of the part: Excel makes it anew.");
    Cell cell;
    if (where.data() == nullptr) return;
    if (!read_cell(where, cell))
      return tell.mind(Severity::repaired, "bad-reference", "\"" + std::string(where.substr(0, 40)) + "\" is no cell.",
                       "r");
    if (known && facts.chain.size() < most_chain) facts.chain.push_back(chain_key(m_sheet, cell));
  }

  void close(const Start& element) override {
    if (element.name != s::calcChain) return;
    std::sort(facts.chain.begin(), facts.chain.end());
    facts.chained.assign(facts.chain.size(), false);
  }

  std::uint32_t m_sheet = 0;
};

}  // namespace

// What only shows when all has been read.
void finish(const Package& package, const Facts& facts, Findings& findings) {
  constexpr std::size_t most_told = 20;
  (void)package;
  std::size_t told = 0;
  for (std::size_t i = 0; i < facts.chain.size() && told < most_told; ++i) {
    if (facts.chained[i]) continue;
    ++told;
    Cell cell{static_cast<std::uint32_t>(facts.chain[i] >> 15 & 0x1FFFFF),
              static_cast<std::uint32_t>(facts.chain[i] & 0x7FFF)};
    Finding finding{Severity::repaired, Layer::rule, "chain-without-formula", facts.chain_part, "/x:calcChain[1]"};
    finding.message = "The cell " + written(cell) + " of the sheet with the id " +
                      std::to_string(facts.chain[i] >> 36) + " is calculated, and has no formula.";
    finding.remedy = "Take the cell away, or all of the part: Excel makes it anew.";
    findings.add(std::move(finding));
  }
}

std::unique_ptr<Handler> table_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<TableReader>(reading, facts);
}

std::unique_ptr<Handler> chain_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<ChainReader>(reading, facts);
}

}  // namespace ooxml::sheet
