// Reads a formula by the precedence of its operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formula.hpp"
#include "formula/tokens.hpp"

namespace xlsx::calc {

// A text without its quotes, of which two stand for one.
std::string unquoted(std::string_view text, char quote);

class Parser {
 public:
  Parser(std::string_view text, const Names& names, std::uint32_t sheet, Cell cell)
      : m_tokens(text), m_names(names), m_sheet(sheet), m_cell(cell) {
    m_now = m_tokens.next();
  }
  Formula run();

 private:
  using Kind = formula::Kind;
  using Index = std::uint32_t;
  struct Broken {
    std::string why;
  };

  Index expression(int least, bool unions);
  Index operand(bool unions);
  Index primary();
  Index prefixed();
  Index brackets();
  Index array();
  Index array_cell();
  Index call();
  Index defined(std::string_view name, std::uint32_t sheet);
  Index structure(std::string_view table);
  Index reference(std::uint32_t sheet, std::uint32_t last_sheet);
  Index postfix(Index made);
  std::vector<Index> arguments();

  Index node(Node node, const std::vector<Index>& children = {});
  Index text_node(Op op, std::string_view text);
  Side side(Cell cell, bool row_fixed, bool column_fixed) const;
  void next();
  void skip_spaces();
  bool takes(std::string_view operation);
  void demand(Kind kind, const char* what);

  formula::Tokens m_tokens;
  const Names& m_names;
  const std::uint32_t m_sheet;
  const Cell m_cell;
  formula::Token m_now;
  bool m_spaced = false;  // before it stood white space
  std::size_t m_depth = 0;
  Formula m_made;
};

}  // namespace xlsx::calc
