// References and names within a formula: cells, columns, rows, other sheets, tables, defined names.
#include <algorithm>
#include <utility>

#include "formula/functions.hpp"
#include "formula/reference.hpp"
#include "functions.hpp"
#include "parser.hpp"

namespace xlsx::calc {
namespace {

// Whether the row and the column of "$B$7" are fixed.
std::pair<bool, bool> fixed(std::string_view text) {
  const bool column = text.starts_with('$');
  return {text.find('$', 1) != std::string_view::npos, column};
}

}  // namespace

std::string unquoted(std::string_view text, char quote) {
  std::string plain;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    plain += text[i];
    if (text[i] == quote) ++i;
  }
  return plain;
}

// "Sheet1!", "'A sheet'!", "Jan:Mar!", "[1]Sheet1!", "!".
Parser::Index Parser::prefixed() {
  std::string_view text = m_now.text;
  const std::string whole(text);
  next();
  text.remove_suffix(1);
  if (text.find('[') != std::string_view::npos && (text.starts_with('[') || text.starts_with("'["))) {
    const std::string what = whole + std::string(m_now.text);
    next();
    if (takes(":")) next();
    return text_node(Op::external, what);
  }
  if (text.empty()) return defined(std::exchange(m_now, {}).text, m_sheet);
  const std::string plain = text.starts_with('\'') && text.ends_with('\'') && text.find("':'") == std::string_view::npos
                                ? unquoted(text, '\'')
                                : std::string(text);
  std::uint32_t first = m_names.sheet(plain), last = first;
  const auto colon = plain.find(':');
  if (first == Names::none && colon != std::string::npos) {
    const auto bare = [](std::string part) {
      return part.size() > 1 && part.front() == '\'' ? unquoted(part, '\'') : part;
    };
    first = m_names.sheet(bare(plain.substr(0, colon)));
    last = m_names.sheet(bare(plain.substr(colon + 1)));
    if (first != Names::none && last != Names::none && first > last) std::swap(first, last);
  }
  if (m_now.kind == Kind::name) {
    const auto name = m_now.text;
    next();
    return defined(name, first);
  }
  if (m_now.kind == Kind::error) {
    next();
    return node({.op = Op::error, .fault = Fault::ref});
  }
  if (first == Names::none || last == Names::none) {
    next();
    if (takes(":")) next();
    return node({.op = Op::error, .fault = Fault::ref});
  }
  return reference(first, last);
}

Side Parser::side(Cell cell, bool row_fixed, bool column_fixed) const {
  Side made{static_cast<std::int32_t>(cell.row), static_cast<std::int32_t>(cell.column), row_fixed, column_fixed};
  if (!row_fixed) made.row -= static_cast<std::int32_t>(m_cell.row);
  if (!column_fixed) made.column -= static_cast<std::int32_t>(m_cell.column);
  return made;
}

// One cell, or whole columns or rows; "A1:B2" of two cells is made one reference at once.
Parser::Index Parser::reference(std::uint32_t sheet, std::uint32_t last_sheet) {
  const formula::Token one = m_now;
  Referred made{.sheet = sheet, .last_sheet = last_sheet};
  if (one.kind == Kind::cell) {
    const auto cell = formula::cell(one.text);
    if (!cell) throw Broken{std::string(one.text) + " is no cell"};
    const auto [row, column] = fixed(one.text);
    made.first = made.last = side(*cell, row, column);
    made.single = true;
    next();
    if (m_now.kind == Kind::operation && m_now.text == ":") {
      const formula::Tokens kept = m_tokens;
      const formula::Token colon = m_now;
      next();
      const auto second = m_now.kind == Kind::cell ? formula::cell(m_now.text) : std::nullopt;
      if (second) {
        const auto [row_fixed, column_fixed] = fixed(m_now.text);
        made.last = side(*second, row_fixed, column_fixed);
        made.single = false;
        next();
      } else {
        m_tokens = kept;
        m_now = colon;
      }
    }
  } else if (one.kind == Kind::columns || one.kind == Kind::rows) {
    const auto area = formula::area(one.text);
    if (!area) throw Broken{std::string(one.text) + " is no area"};
    const bool columns = one.kind == Kind::columns;
    const bool first_fixed = one.text.starts_with('$'), last_fixed = one.text.find(":$") != std::string_view::npos;
    made.first = side(area->first, columns || first_fixed, !columns || first_fixed);
    made.last = side(area->last, columns || last_fixed, !columns || last_fixed);
    next();
  } else {
    throw Broken{"behind a sheet's name stands no cell"};
  }
  m_made.references.push_back(made);
  return node({.op = Op::reference, .index = static_cast<std::uint32_t>(m_made.references.size() - 1)});
}

Parser::Index Parser::structure(std::string_view table) {
  const auto text = m_now.text;
  next();
  Referred meant;
  if (!m_names.table(table, text, m_sheet, m_cell, meant)) return node({.op = Op::error, .fault = Fault::ref});
  m_made.references.push_back(meant);
  return node({.op = Op::reference, .index = static_cast<std::uint32_t>(m_made.references.size() - 1)});
}

Parser::Index Parser::defined(std::string_view name, std::uint32_t sheet) {
  if (name.starts_with("_xlpm.") || name.starts_with("_XLPM.")) return text_node(Op::variable, name.substr(6));
  std::uint32_t found = m_names.defined(name, sheet == Names::none ? m_sheet : sheet);
  if (found == Names::none) found = m_names.defined(name, Names::none);
  if (found != Names::none) return node({.op = Op::defined, .index = found});
  Referred meant;
  if (m_names.table(name, "[]", m_sheet, m_cell, meant)) {
    m_made.references.push_back(meant);
    return node({.op = Op::reference, .index = static_cast<std::uint32_t>(m_made.references.size() - 1)});
  }
  if (const auto* function = calc::function(formula::without_prefix(name).name); function && name.starts_with("_xl")) {
    m_made.calls.push_back({function, std::string(formula::without_prefix(name).name)});
    return node({.op = Op::variable,
                 .index = (m_made.texts.emplace_back(m_made.calls.back().name),
                           static_cast<std::uint32_t>(m_made.texts.size() - 1))});
  }
  return text_node(Op::variable, name);
}

}  // namespace xlsx::calc
