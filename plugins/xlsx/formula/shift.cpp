// Only tokens that are cells, columns or rows are touched: texts, sheets' and other names stay as they are.
#include "formula/shift.hpp"

#include <cctype>

#include "formula/reference.hpp"
#include "formula/tokens.hpp"

namespace xlsx::formula {

namespace {

// One half of a reference: "$B7", "B", "$7".
struct Half {
  std::string_view text;
  std::int64_t rows, columns;

  // False: it has left the sheet.
  bool put(std::string& to) {
    std::string_view letters = take([](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
    if (!letters.empty() && !put_column(letters, to)) return false;
    const std::string_view digits = take([](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
    return digits.empty() || put_row(digits, to);
  }

 private:
  template <class Is>
  std::string_view take(Is is) {
    std::size_t end = text.starts_with('$') ? 1 : 0;
    const std::size_t begin = end;
    while (end < text.size() && is(text[end])) ++end;
    if (end == begin) return {};
    const auto taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
  }
  bool put_column(std::string_view letters, std::string& to) const {
    const auto number = column(letters);
    if (letters.starts_with('$') || !number) return to += letters, true;
    const std::int64_t moved = *number + columns;
    if (moved < 1 || moved > most_columns) return false;
    to += column_name(static_cast<std::uint32_t>(moved));
    return true;
  }
  bool put_row(std::string_view digits, std::string& to) const {
    if (digits.starts_with('$')) return to += digits, true;
    std::int64_t moved = rows;
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    moved += number;
    if (moved < 1 || moved > most_rows) return false;
    to += std::to_string(moved);
    return true;
  }
};

void put(std::string_view reference, std::int64_t rows, std::int64_t columns, std::string& to) {
  const std::size_t before = to.size();
  const auto colon = reference.find(':');
  bool inside = Half{reference.substr(0, colon), rows, columns}.put(to);
  if (inside && colon != std::string_view::npos) {
    to += ':';
    inside = Half{reference.substr(colon + 1), rows, columns}.put(to);
  }
  if (inside) return;
  to.resize(before);
  to += "#REF!";
}

}  // namespace

std::string shift(std::string_view formula, std::int64_t rows, std::int64_t columns) {
  std::string moved;
  Tokens tokens(formula);
  for (Token one = tokens.next(); one.kind != Kind::end; one = tokens.next()) {
    if (one.kind == Kind::cell || one.kind == Kind::columns || one.kind == Kind::rows)
      put(one.text, rows, columns, moved);
    else
      moved += one.text;
  }
  return moved;
}

}  // namespace xlsx::formula
