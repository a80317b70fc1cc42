// What kind of values each column of a sheet has, and which row is its header: guessed from what was seen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "book.hpp"
#include "cells.hpp"

namespace xlsx {

class Columns {
 public:
  static constexpr std::size_t most_told = 512, rows_kept = 12;

  explicit Columns(const Styles& styles) : m_styles(styles) {}
  void see(const CellText& cell);

  // After the last cell: what is told later is kept, of so many columns at most, and nothing else. The header's row; 0:
  // none looks like one.
  std::uint32_t settle(std::size_t most);
  // Numbers of shared strings that header() needs the texts of.
  void wanted(std::set<std::size_t>& strings) const;
  // [{column, header, type, filled, formulas, …}]
  nlohmann::json told(const std::map<std::size_t, std::string>& strings) const;
  std::size_t kept() const { return m_kept.size(); }

 private:
  enum Sort : std::size_t { a_number, a_percent, a_moment, a_text, a_boolean, an_error, sorts };
  struct Column {
    std::array<std::uint32_t, sorts> count{};
    std::uint32_t formulas = 0, first = 0, last = 0;
    std::uint32_t filled() const;
  };
  struct Early {  // a cell of one of the first rows
    Sort sort = a_text;
    bool formula = false;
    std::size_t string = SIZE_MAX;  // a shared one
    std::string text;
  };
  using Row = std::map<std::uint32_t, Early>;

  Sort sort_of(const CellText& cell) const;
  static bool looks_like_header(const Row& row, const Row& next);
  static std::string type_of(const Column& column);
  std::string header_of(std::uint32_t column, const std::map<std::size_t, std::string>& strings) const;

  const Styles& m_styles;
  std::uint32_t find_header() const;

  std::vector<Column> m_columns;                         // from A on; until it is settled
  std::vector<std::pair<std::uint32_t, Column>> m_kept;  // then
  std::map<std::uint32_t, Row> m_early;
  std::uint32_t m_header = 0;
};

}  // namespace xlsx
