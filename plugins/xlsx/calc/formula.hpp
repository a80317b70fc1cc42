// A formula, understood: a tree in flat lists. References that are relative are kept as distances from the cell, so
// that a formula which was filled down a column is one formula.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace xlsx::calc {

enum class Op : std::uint8_t {
  number,
  text,
  truth,
  error,
  omitted,    // constants
  array,      // of `count` columns, its cells as children row by row
  reference,  // `Formula::references[index]`
  defined,    // a name of the book: its number
  variable,   // of LET or LAMBDA, by its name: `Formula::texts[index]`
  call,       // of `Formula::calls[index]`
  apply,      // of a value that is a function: the first child
  minus,
  plus,
  percent,
  single,
  spill,  // one child
  add,
  subtract,
  multiply,
  divide,
  power,
  concatenate,
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal,
  range,
  unite,
  intersect,
  external,  // what another file has: its text
};

struct Node {
  Op op = Op::omitted;
  Fault fault = Fault::null;  // of an error
  bool truth = false;
  std::uint16_t count = 0;  // of children
  std::uint32_t first = 0;  // of them, in `children`
  std::uint32_t index = 0;
  double number = 0;
};

// A side of a reference: a distance from the formula's cell, or a place.
struct Side {
  std::int32_t row = 0, column = 0;
  bool row_fixed = false, column_fixed = false;
  friend bool operator==(const Side&, const Side&) = default;
};

struct Referred {
  static constexpr std::uint32_t own = ~0u;
  std::uint32_t sheet = own, last_sheet = own;
  Side first{}, last{};
  bool single = false;  // written as one cell
  friend bool operator==(const Referred&, const Referred&) = default;
};

struct Function;  // functions.hpp

struct Called {
  const Function* function = nullptr;  // null: nobody knows it, or it is not computed here
  std::string name;                    // without a prefix
};

struct Formula {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> children;
  std::vector<std::string> texts;
  std::vector<Referred> references;
  std::vector<Called> calls;
  std::uint32_t root = 0;
  bool is_volatile = false;  // NOW, RAND, OFFSET, INDIRECT…: another value each time, or other precedents
  std::string broken;        // not empty: why it could not be read; it is worth #NAME? then

  const Node& child(const Node& node, std::size_t which) const { return nodes[children[node.first + which]]; }
};

// What the names in a formula mean.
class Names {
 public:
  static constexpr std::uint32_t none = ~0u;
  virtual ~Names() = default;
  virtual std::uint32_t sheet(std::string_view name) const = 0;
  // A defined name: of that sheet, or of the whole book (`sheet` none).
  virtual std::uint32_t defined(std::string_view name, std::uint32_t sheet) const = 0;
  // What is meant by the brackets behind a table's name, for a formula in a cell ("" is the table that the cell is in).
  // Rows of "this row" are relative. False: there is no such table or column.
  virtual bool table(std::string_view name, std::string_view brackets, std::uint32_t sheet, Cell cell,
                     Referred& meant) const = 0;
};

// `text` as files have it: English, A1, without "=". Relative references are as seen from `cell`.
Formula parse(std::string_view text, const Names& names, std::uint32_t sheet, Cell cell);

}  // namespace xlsx::calc
