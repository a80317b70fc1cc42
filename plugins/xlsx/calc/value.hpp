// What a cell or a formula is worth: a number, a text, a truth, an error, nothing, or what formulas alone have: an
// array, a reference, a function. Sixteen bytes; texts and arrays are shared and never changed once somebody else has
// them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "formula/reference.hpp"

namespace xlsx::calc {

using formula::Area;
using formula::Cell;

enum class Fault : std::uint8_t {
  null,
  div0,
  value,
  ref,
  name,
  num,
  na,
  getting_data,
  spill,
  calc,
  field,
  blocked,
  unknown,
  connect,
  busy,
  external
};

std::string_view name(Fault fault);                    // "#DIV/0!"
std::optional<Fault> fault_of(std::string_view text);  // nothing: no error is written so

enum class Type : std::uint8_t { blank, number, boolean, text, error, omitted, array, area, function };

// Cells of one sheet, or a block of cells in several sheets, or several areas one after the other.
struct Reference {
  struct Piece {
    std::uint32_t sheet = 0, last_sheet = 0;
    Area area;
    friend bool operator==(const Piece&, const Piece&) = default;
  };
  std::vector<Piece> pieces;
  bool single() const {
    return pieces.size() == 1 && pieces[0].sheet == pieces[0].last_sheet && pieces[0].area.first == pieces[0].area.last;
  }
};

class Array;
struct Lambda;

class Value {
 public:
  Value() = default;
  Value(double number) : m_type(Type::number), m_number(number) {}
  Value(int number) : Value(static_cast<double>(number)) {}
  Value(std::size_t number) : Value(static_cast<double>(number)) {}
  Value(bool truth) : m_type(Type::boolean), m_small(truth) {}
  Value(Fault fault) : m_type(Type::error), m_small(static_cast<std::uint8_t>(fault)) {}
  Value(std::string_view text);
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(Array array);
  Value(Reference reference);
  Value(Lambda lambda);
  Value(const Value& other) : m_type(other.m_type), m_small(other.m_small), m_number(other.m_number) { keep(); }
  Value(Value&& other) noexcept
      : m_type(std::exchange(other.m_type, Type::blank)), m_small(other.m_small), m_number(other.m_number) {}
  Value& operator=(Value other) noexcept {
    std::swap(m_type, other.m_type);
    std::swap(m_small, other.m_small);
    std::swap(m_number, other.m_number);
    return *this;
  }
  ~Value() {
    if (m_type >= Type::text && m_type != Type::error && m_type != Type::omitted) release();
  }
  static Value omitted();

  Type type() const { return m_type; }
  bool is(Type type) const { return m_type == type; }
  bool blank() const { return m_type == Type::blank || m_type == Type::omitted; }
  bool is_error() const { return m_type == Type::error; }
  // Each only for a value of that type.
  double number() const { return m_number; }
  bool truth() const { return m_small != 0; }
  Fault fault() const { return static_cast<Fault>(m_small); }
  std::string_view text() const;
  const Array& array() const;
  const Reference& area() const;
  const Lambda& function() const;

 private:
  struct Shared;
  struct Text;
  template <class T>
  struct Holder;
  void keep() const;
  void release();

  Type m_type = Type::blank;
  std::uint8_t m_small = 0;
  union {
    double m_number = 0;
    Shared* m_shared;
  };
};
static_assert(sizeof(Value) == 16);

class Array {
 public:
  Array(std::size_t rows, std::size_t columns) : m_columns(columns), m_values(rows * columns) {}
  std::size_t rows() const { return m_columns == 0 ? 0 : m_values.size() / m_columns; }
  std::size_t columns() const { return m_columns; }
  std::size_t size() const { return m_values.size(); }
  Value& at(std::size_t row, std::size_t column) { return m_values[row * m_columns + column]; }
  const Value& at(std::size_t row, std::size_t column) const { return m_values[row * m_columns + column]; }
  std::vector<Value>& all() { return m_values; }
  const std::vector<Value>& all() const { return m_values; }

 private:
  std::size_t m_columns;
  std::vector<Value> m_values;
};

// A function made by LAMBDA: where its body stands, and what the names around it meant.
struct Lambda {
  const void* formula = nullptr;
  std::uint32_t node = 0;
  std::vector<std::pair<std::string_view, Value>> around;
};

}  // namespace xlsx::calc
