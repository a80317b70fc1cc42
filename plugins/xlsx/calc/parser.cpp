// The grammar of Excel's formulas: operators by precedence, references within them, and what a name may mean.
#include "parser.hpp"

#include <algorithm>
#include <charconv>

#include "formula/functions.hpp"
#include "functions.hpp"

namespace xlsx::calc {
namespace {

constexpr std::size_t most_depth = 300;

struct Operator {
  std::string_view sign;
  Op op;
  int rank;
};
constexpr Operator operators[] = {{"=", Op::equal, 1},       {"<>", Op::unequal, 1}, {"<", Op::less, 1},
                                  {"<=", Op::less_equal, 1}, {">", Op::greater, 1},  {">=", Op::greater_equal, 1},
                                  {"&", Op::concatenate, 2}, {"+", Op::add, 3},      {"-", Op::subtract, 3},
                                  {"*", Op::multiply, 4},    {"/", Op::divide, 4},   {"^", Op::power, 5}};

bool begins_operand(formula::Kind kind) {
  using formula::Kind;
  return kind == Kind::cell || kind == Kind::columns || kind == Kind::rows || kind == Kind::prefix ||
         kind == Kind::name || kind == Kind::structure || kind == Kind::function || kind == Kind::open;
}

}  // namespace

void Parser::next() {
  m_now = m_tokens.next();
  skip_spaces();
}

void Parser::skip_spaces() {
  m_spaced = false;
  while (m_now.kind == Kind::space) {
    m_spaced = true;
    m_now = m_tokens.next();
  }
}

bool Parser::takes(std::string_view operation) {
  if (m_now.kind != Kind::operation || m_now.text != operation) return false;
  next();
  return true;
}

void Parser::demand(Kind kind, const char* what) {
  if (m_now.kind != kind) throw Broken{std::string(what) + " is missing"};
  next();
}

Parser::Index Parser::node(Node node, const std::vector<Index>& children) {
  node.count = static_cast<std::uint16_t>(children.size());
  node.first = static_cast<std::uint32_t>(m_made.children.size());
  m_made.children.insert(m_made.children.end(), children.begin(), children.end());
  m_made.nodes.push_back(node);
  return static_cast<Index>(m_made.nodes.size() - 1);
}

Parser::Index Parser::text_node(Op op, std::string_view text) {
  m_made.texts.emplace_back(text);
  return node({.op = op, .index = static_cast<std::uint32_t>(m_made.texts.size() - 1)});
}

Formula Parser::run() {
  try {
    skip_spaces();
    m_made.root = expression(0, true);
    if (m_now.kind == Kind::bad) throw Broken{m_now.trouble};
    if (m_now.kind != Kind::end) throw Broken{"something stands behind its end: " + std::string(m_now.text)};
  } catch (const Broken& broken) {
    m_made.broken = broken.why;
  }
  return std::move(m_made);
}

Parser::Index Parser::expression(int least, bool unions) {
  if (++m_depth > most_depth) throw Broken{"it is nested too deeply"};
  Index left = operand(unions);
  while (m_now.kind == Kind::operation) {
    const auto* found = std::find_if(std::begin(operators), std::end(operators),
                                     [&](const Operator& o) { return o.sign == m_now.text; });
    if (found == std::end(operators) || found->rank < least) break;
    next();
    const Index right = expression(found->rank + 1, unions);
    left = node({.op = found->op}, {left, right});
  }
  --m_depth;
  return left;
}

// What operators of references make: a range, an intersection, a union; and what is written before it.
Parser::Index Parser::operand(bool unions) {
  if (++m_depth > most_depth) throw Broken{"it is nested too deeply"};
  Index made;
  if (takes("-")) {
    made = postfix(node({.op = Op::minus}, {operand(unions)}));
  } else if (takes("+")) {
    made = node({.op = Op::plus}, {operand(unions)});
  } else if (takes("@")) {
    made = node({.op = Op::single}, {operand(unions)});
  } else {
    made = postfix(primary());
    while (true) {
      if (takes(":"))
        made = node({.op = Op::range}, {made, postfix(primary())});
      else if (m_spaced && begins_operand(m_now.kind))
        made = node({.op = Op::intersect}, {made, postfix(primary())});
      else if (unions && m_now.kind == Kind::comma)
        next(), made = node({.op = Op::unite}, {made, operand(false)});
      else
        break;
    }
    made = postfix(made);
  }
  --m_depth;
  return made;
}

Parser::Index Parser::postfix(Index made) {
  while (true) {
    if (takes("%"))
      made = node({.op = Op::percent}, {made});
    else if (takes("#"))
      made = node({.op = Op::spill}, {made});
    else if (m_now.kind == Kind::open && !m_spaced && m_made.nodes[made].op != Op::number) {
      auto children = arguments();
      children.insert(children.begin(), made);
      made = node({.op = Op::apply}, children);
    } else
      return made;
  }
}

Parser::Index Parser::primary() {
  const formula::Token one = m_now;
  switch (one.kind) {
    case Kind::number: {
      double number = 0;
      std::from_chars(one.text.data(), one.text.data() + one.text.size(), number);
      next();
      return node({.op = Op::number, .number = number});
    }
    case Kind::text: next(); return text_node(Op::text, unquoted(one.text, '"'));
    case Kind::boolean: next(); return node({.op = Op::truth, .truth = (one.text[0] | 0x20) == 't'});
    case Kind::error: {
      next();
      std::string upper(one.text);
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      return node({.op = Op::error, .fault = fault_of(upper).value_or(Fault::name)});
    }
    case Kind::cell:
    case Kind::columns:
    case Kind::rows: return reference(Referred::own, Referred::own);
    case Kind::prefix: return prefixed();
    case Kind::name: {
      next();
      if (m_now.kind == Kind::structure) return structure(one.text);
      return defined(one.text, Names::none);
    }
    case Kind::structure: return structure("");
    case Kind::function: return call();
    case Kind::open: return brackets();
    case Kind::open_array: return array();
    case Kind::bad: throw Broken{one.trouble};
    case Kind::end: throw Broken{"it ends too early"};
    default: throw Broken{"it has " + std::string(one.text) + " where a value must stand"};
  }
}

Parser::Index Parser::brackets() {
  next();
  const Index inner = expression(0, true);
  demand(Kind::close, "a closing bracket");
  return inner;
}

std::vector<Parser::Index> Parser::arguments() {
  demand(Kind::open, "an opening bracket");
  std::vector<Index> given;
  if (m_now.kind == Kind::close) {
    next();
    return given;
  }
  while (true) {
    if (m_now.kind == Kind::comma || m_now.kind == Kind::close)
      given.push_back(node({.op = Op::omitted}));
    else
      given.push_back(expression(0, false));
    if (m_now.kind != Kind::comma) break;
    next();
  }
  demand(Kind::close, "a closing bracket");
  if (given.size() > 255) throw Broken{"a function is given more than 255 arguments"};
  return given;
}

Parser::Index Parser::call() {
  const auto written = m_now.text;
  next();
  const std::string name(formula::without_prefix(written).name);
  const auto given = arguments();
  const Function* const found = calc::function(name);
  if (found == nullptr) {
    if (written.starts_with("_xlpm.")) {
      auto children = given;
      children.insert(children.begin(), text_node(Op::variable, written.substr(6)));
      return node({.op = Op::apply}, children);
    }
    std::uint32_t defined = m_names.defined(written, m_sheet);
    if (defined == Names::none) defined = m_names.defined(written, Names::none);
    if (defined != Names::none) {
      auto children = given;
      children.insert(children.begin(), node({.op = Op::defined, .index = defined}));
      return node({.op = Op::apply}, children);
    }
  }
  m_made.is_volatile = m_made.is_volatile || (found != nullptr && found->is_volatile);
  m_made.calls.push_back({found, name});
  return node({.op = Op::call, .index = static_cast<std::uint32_t>(m_made.calls.size() - 1)}, given);
}

Parser::Index Parser::array() {
  next();
  std::vector<Index> cells;
  std::size_t columns = 0, in_row = 0;
  while (true) {
    cells.push_back(array_cell());
    ++in_row;
    if (m_now.kind == Kind::comma) {
      next();
      continue;
    }
    if (columns != 0 && in_row != columns) throw Broken{"the rows of an array have different lengths"};
    columns = std::exchange(in_row, 0);
    if (m_now.kind != Kind::semicolon) break;
    next();
  }
  demand(Kind::close_array, "the end of an array");
  if (cells.size() > 0xffff) throw Broken{"an array has too many values"};
  return node({.op = Op::array, .index = static_cast<std::uint32_t>(columns)}, cells);
}

Parser::Index Parser::array_cell() {
  const bool minus = takes("-");
  if (!minus) takes("+");
  const Kind kind = m_now.kind;
  if (kind != Kind::number && kind != Kind::text && kind != Kind::boolean && kind != Kind::error)
    throw Broken{"an array has something else than constants"};
  const Index made = primary();
  if (minus) m_made.nodes[made].number = -m_made.nodes[made].number;
  return made;
}

Formula parse(std::string_view text, const Names& names, std::uint32_t sheet, Cell cell) {
  return Parser(text, names, sheet, cell).run();
}

}  // namespace xlsx::calc
