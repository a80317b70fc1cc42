// What tests of formulas have in common: a book of a few cells, and what a formula in it is worth, as text or number.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "calc/convert.hpp"
#include "calc/engine.hpp"
#include "formula/reference.hpp"

namespace calc_kit {

using xlsx::calc::Value;

// Cells of the sheet "Data": {"A1", 5}, {"B2", "text"}, {"C3", "=A1*2"}. A text that begins with "=" is a formula.
struct Given {
  std::string_view cell;
  std::variant<double, bool, std::string_view, xlsx::calc::Fault> value;
};

class Workbook {
 public:
  Workbook() {
    book.sheets.emplace_back();
    book.sheets[0].name = "Data";
  }
  Workbook(std::initializer_list<Given> cells) : Workbook() {
    for (const Given& one : cells) put(one);
  }
  void put(const Given& given) {
    const xlsx::calc::Place place{0, *xlsx::formula::cell(given.cell)};
    if (const auto* text = std::get_if<std::string_view>(&given.value); text != nullptr && text->starts_with('='))
      return book.set_formula(place, text->substr(1));
    book.set(place, std::visit([](const auto& value) { return Value(value); }, given.value));
  }
  xlsx::calc::Computed run() { return xlsx::calc::Engine(book, moment).run(); }
  const Value& at(std::string_view cell) const { return book.sheets[0].value(*xlsx::formula::cell(cell)); }

  // What "=…" is worth in the cell XFD1048576, where nothing else is.
  Value calculated(std::string_view formula) {
    const xlsx::calc::Place place{0, {xlsx::formula::most_rows, xlsx::formula::most_columns}};
    book.set_formula(place, formula.substr(1));
    run();
    return book.sheets[0].value(place.cell);
  }

  xlsx::calc::Book book;
  xlsx::calc::Moment moment{.now = 45352.5, .seed = 7};
};

// As a cell shows it: "5", "TRUE", "#N/A", "text".
inline std::string shown(const Value& value) {
  const Value text = value.is_error() ? Value(name(value.fault())) : xlsx::calc::to_text(value);
  return std::string(text.text());
}

// A formula that looks at no cell.
inline Value calculated(std::string_view formula) { return Workbook().calculated(formula); }

// Equal to a relative error; `expected` is a number or, as text, what is shown.
inline void expect(const Value& value, double expected, double error = 1e-12) {
  ASSERT_TRUE(value.is(xlsx::calc::Type::number)) << shown(value) << " instead of " << expected;
  const double bound = error * std::fmax(std::fabs(expected), 1e-300);
  EXPECT_LE(std::fabs(value.number() - expected), bound) << value.number() << " instead of " << expected;
}
inline void expect(const Value& value, std::string_view expected) { EXPECT_EQ(shown(value), expected); }

struct Case {
  std::string_view formula;
  std::variant<double, std::string_view> expected;
};
inline void check(Workbook& book, std::initializer_list<Case> cases, double error = 1e-12) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.formula);
    const Value value = book.calculated(one.formula);
    if (const auto* const number = std::get_if<double>(&one.expected))
      expect(value, *number, error);
    else
      expect(value, std::get<std::string_view>(one.expected));
  }
}
inline void check(std::initializer_list<Case> cases, double error = 1e-12) {
  Workbook book;
  check(book, cases, error);
}

}  // namespace calc_kit
