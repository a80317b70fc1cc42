// Values as Excel takes them for something else: a text for a number, a number for a text, either for a truth.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "value.hpp"

namespace xlsx::calc {

// How Excel shows a number in a cell without a format, of as many digits as a formula sees: fifteen.
std::string general(double number);

// A number as somebody writes it: "12", "1,234.5", "12%", "$5", "1E3", "(5)", a date, a time; nothing: it is none.
std::optional<double> number_in(std::string_view text, bool since_1904 = false);

// To what a function wants: the value, or the error.
Value to_number(const Value& value);
Value to_text(const Value& value);
Value to_truth(const Value& value);

// Less, equal or greater as Excel orders values: numbers, texts without regard to case, truths; a blank is whatever it
// is compared with.
int compare(const Value& a, const Value& b);
int compare_text(std::string_view a, std::string_view b);

// Rounded to fifteen digits, as Excel compares and shows numbers.
double fifteen(double number);

// Finite, or #NUM!.
inline Value checked(double number) { return number - number == 0 ? Value(number) : Value(Fault::num); }

}  // namespace xlsx::calc
