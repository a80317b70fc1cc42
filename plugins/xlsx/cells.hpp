// A sheet's cells, one after the other, as they stand in the file; nothing of it is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formula/reference.hpp"
#include "xml.hpp"

namespace xlsx {

enum class CellType : std::uint8_t { number, shared, text, boolean, error, date };

struct CellText {
  formula::Cell at;
  std::uint32_t style = 0;
  CellType type = CellType::number;
  bool has_value = false, has_formula = false;
  std::string_view value;         // of a shared string its number; of an inline one its text
  std::string_view formula;       // without "="; of one that shares another cell's, as it reads here
  bool shares = false;            // it has another cell's formula
  std::string_view formula_type;  // "", "shared", "array", "dataTable"
  std::string_view formula_area;  // of an array, a shared formula's first cell, a data table
};

class CellReader : public ooxml::Handler {
 public:
  void start(const ooxml::Start& element) final;
  void text(std::string_view text) final;
  void end(const ooxml::Start& element) final;

 protected:
  virtual void cell(const CellText& cell) = 0;
  virtual void row(std::uint32_t, const ooxml::Start&) {}
  virtual void row_end(std::uint32_t) {}
  // What stands outside of the cells.
  virtual void outside(const ooxml::Start&) {}
  virtual void outside_text(std::string_view) {}
  virtual void outside_end(const ooxml::Start&) {}
  // Of cells that share a formula: whether it is to be moved to this one, which costs more than to read the cell.
  virtual bool moves_formula(formula::Cell) { return true; }
  // A formula that so many other cells share, told once, when no more can come.
  virtual void shared_formula(std::string_view, std::uint64_t) {}
  bool m_wants_formulas = true;

 private:
  enum class Reads : std::uint8_t { nothing, value, formula };
  void begin_row(const ooxml::Start& element);
  void begin_cell(const ooxml::Start& element);
  void place(std::string_view reference);
  void begin_formula(const ooxml::Start& element);
  void end_cell();
  void share();
  void keep_shared();
  void tell_shared();

  bool m_in_data = false, m_in_cell = false, m_row_told = false;
  Reads m_reads = Reads::nothing;
  std::size_t m_aside = 0;  // how a text is pronounced
  std::uint32_t m_row = 0, m_column = 0;
  CellText m_cell;
  std::string m_value, m_formula, m_type, m_area;
  bool m_child = false;
  std::uint32_t m_group = 0;
  struct Shared {
    formula::Cell at;
    std::string text;
    std::uint64_t users = 0;
  };
  std::unordered_map<std::uint32_t, Shared> m_shared;
  std::size_t m_shared_bytes = 0, m_moved_bytes = 0;
};

}  // namespace xlsx
