// One sheet looked over: its cells counted, and what stands around them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "columns.hpp"
#include "formula/check.hpp"

namespace xlsx {

// Formulas of all sheets, by function.
class Calls : public formula::Watcher {
 public:
  explicit Calls(const Book& book);
  // Of so many cells.
  void run(std::string_view formula, std::uint64_t times = 1);
  nlohmann::json told() const;  // [{name, count, since}], the most used first
  std::uint16_t newest() const { return m_newest; }
  std::uint64_t external = 0;
  std::uint64_t volatiles() const;

 private:
  void called(const formula::Function& function) override;
  void trouble(const formula::Trouble& trouble) override;
  bool named(std::string_view name) const override;

  formula::Check m_check;
  const NameSet m_names;
  std::vector<std::uint64_t> m_counts;
  std::map<std::string, std::uint64_t> m_others;
  std::uint16_t m_newest = formula::oldest;
  std::uint64_t m_times = 1;  // that the formula counts which is looked at
};

// What may still be told one by one, of all sheets together: an answer is no second file. And what was read already:
// any number of relationships may lead to one part, which is told with the first.
struct Budget {
  std::size_t columns = 20'000, listed = 5'000, drawn = 2'000, names = 50'000;
  std::set<const ooxml::Part*> seen = {};
  std::map<const ooxml::Part*, nlohmann::json> sources = {};  // of pivot tables, which share them
  static bool take(std::size_t& left) { return left > 0 && left-- > 0; }
  bool first(const ooxml::Part& part) { return seen.insert(&part).second; }
};

class Survey : public CellReader {
 public:
  static constexpr std::size_t most_listed = 200;  // of a sheet's validations, and of its formats
  Survey(const Book& book, Calls& calls, Budget& budget) : columns(book.styles), m_calls(calls), m_budget(budget) {}

  Columns columns;
  std::optional<formula::Area> used;
  std::uint64_t cells = 0, formulas = 0, arrays = 0, errors = 0;
  // What the file says of the sheet beside its cells.
  nlohmann::json told() const;

 private:
  void cell(const CellText& cell) override;
  bool moves_formula(formula::Cell) override { return false; }
  void shared_formula(std::string_view text, std::uint64_t users) override { m_calls.run(text, users); }
  void row(std::uint32_t number, const ooxml::Start& element) override;
  void outside(const ooxml::Start& element) override;
  void outside_text(std::string_view text) override;
  void outside_end(const ooxml::Start& element) override;
  void settings(const ooxml::Start& element);
  void lists(const ooxml::Start& element);

  nlohmann::json* open_in(nlohmann::json& list, std::size_t count);

  Calls& m_calls;
  Budget& m_budget;
  nlohmann::json m_facts = nlohmann::json::object();
  nlohmann::json m_validations = nlohmann::json::array(), m_conditions = nlohmann::json::array();
  std::size_t m_hidden_rows = 0, m_hidden_columns = 0, m_merged = 0, m_links = 0, m_validated = 0, m_conditioned = 0;
  std::size_t m_sparklines = 0;
  nlohmann::json* m_list = nullptr;  // that the open element adds to
  std::string m_area, m_text;
  bool m_reads = false;
};

}  // namespace xlsx
