// What a cell says, as JSON and as text: a number, a date by its format, a text, a truth, an error.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "book.hpp"
#include "cells.hpp"

namespace xlsx {

struct Value {
  enum class Kind : std::uint8_t { blank, number, moment, text, boolean, error } kind = Kind::blank;
  double number = 0;  // of a moment that is none of Excel's: no number (NaN)
  bool truth = false;
  std::string text;  // of a moment as ISO 8601 has it; of a number as short as it can be

  nlohmann::json json() const;
};
std::string_view name(Value::Kind kind);

// A text that is a number and nothing else, with blanks around it.
std::optional<double> number_in(std::string_view text);

// A whole number is one in JSON, too.
nlohmann::json json_of(double number);

// `strings` may be null: then a shared string's text is its number.
Value value_of(const CellText& cell, Strings* strings, const Book& book);

}  // namespace xlsx
