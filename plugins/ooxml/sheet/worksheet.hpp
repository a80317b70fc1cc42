// What reads a sheet along: its cells first, millions of them, and then what lies over them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sheet/reader.hpp"

namespace ooxml::sheet {

// The cells of a sheet, one after the other. Nothing is allocated for a cell that is as it should be.
class CellChecks {
 public:
  CellChecks(const Teller& teller, Facts& book);
  void row(const Start& element);
  void cell(const Start& element);
  void formula(const Start& element);
  void value() {
    m_part = Part::value;
    m_says_value = true;
  }
  void rich() { m_rich = true; }
  void rich_text() { m_part = Part::rich; }
  void text(std::string_view text);
  void leaves() { m_part = Part::none; }  // a value, a formula or a text
  void cell_ends();
  void ends();  // of all cells

 private:
  enum class Type : std::uint8_t { number, shared, inline_text, text, boolean, error, date, unknown };
  enum class Part : std::uint8_t { none, value, formula, rich };
  struct Header {
    const TableFacts* table;
    std::size_t seen;
    bool told;
  };
  void reference(std::string_view text);
  void style(std::string_view text, const char* attribute) const;
  void metadata(std::string_view text, const char* attribute, Counted what) const;
  void shared_formula(const Start& element);
  void check_value(std::string_view text);
  void check_shared(std::string_view text);
  void wrong_value(std::string_view text, const char* what, const char* remedy, bool judged = false) const;
  void check_header();
  void check_chain();
  bool texts() const { return m_type == Type::text || m_type == Type::inline_text; }

  const Teller& m_tell;
  Facts& m_facts;
  std::vector<Header> m_headers;
  std::uint32_t m_header_row = 0;  // whether any header is in the row that is open: the row, or zero
  Cell m_at;                       // the cell that is open
  bool m_placed = false;           // and where it stands is known
  std::uint32_t m_before = 0;      // the column of the cell before, in the same row
  Type m_type = Type::number;
  Part m_part = Part::none;
  bool m_typed = false, m_says_value = false, m_has_value = false, m_has_formula = false, m_rich = false;
  std::size_t m_characters = 0, m_formula_characters = 0;
  char m_value[64] = {};
  std::size_t m_kept = 0;  // bytes of the value
  bool m_long = false;     // it has more than are kept
  Hash m_hash;
  std::vector<bool> m_shared;  // shared formulas whose first cell has come
  std::size_t m_chain_from = 0, m_chain_to = 0;
  std::uint32_t m_sheet = 0;
};

// Those that share cells with one before them: the indexes of both. Looks at no more than it must; leaves off after
// `most` pairs.
std::vector<std::pair<std::size_t, std::size_t>> overlaps(const std::vector<Area>& areas, std::size_t most);

}  // namespace ooxml::sheet
