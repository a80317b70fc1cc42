// Numbers are told as they were meant: 0.30000000000000004 keeps its digits, 12 is no 12.0.
#include "values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "gather.hpp"

namespace xlsx {

std::optional<double> number_in(std::string_view text) {
  constexpr std::string_view blanks = " \n\t\r";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  text = text.substr(0, text.find_last_not_of(blanks) + 1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, wrong] = std::from_chars(text.data(), end, number);
  if (wrong != std::errc() || at != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

namespace {

using Kind = Value::Kind;

std::string shortest(double number) {
  std::array<char, 40> text{};
  const auto made = std::to_chars(text.data(), text.data() + text.size(), number == 0 ? 0.0 : number);
  return {text.data(), made.ptr};
}

Value text_value(std::string text) {
  Value value{Kind::text, 0, false, std::move(text)};
  if (value.text.find("_x") != std::string::npos) value.text = plain(value.text);
  return value;
}

Value number_value(const CellText& cell, const Book& book) {
  const auto number = number_in(cell.value);
  if (!number) return text_value(std::string(cell.value));
  Value value{Kind::number, *number, false, {}};
  const Shown shown = book.styles.of(cell.style);
  if (is_time(shown)) value.text = moment(value.number, shown, book.since_1904);
  if (!value.text.empty())
    value.kind = Kind::moment;
  else
    value.text = shortest(value.number);
  return value;
}

}  // namespace

std::string_view name(Kind kind) {
  constexpr std::string_view names[] = {"blank", "number", "date", "text", "boolean", "error"};
  return names[static_cast<std::size_t>(kind)];
}

nlohmann::json json_of(double number) {
  if (std::fabs(number) < 9e15 && number == std::floor(number)) return static_cast<std::int64_t>(number);
  return number;
}

nlohmann::json Value::json() const {
  switch (kind) {
    case Kind::blank: return nullptr;
    case Kind::boolean: return truth;
    case Kind::number: return json_of(number);
    default: return text;
  }
}

Value value_of(const CellText& cell, Strings* strings, const Book& book) {
  if (!cell.has_value) return {};
  switch (cell.type) {
    case CellType::shared: {
      if (!strings) return {Kind::text, 0, false, std::string(cell.value)};
      return {Kind::text, 0, false, std::string(strings->at(number_of(cell.value, SIZE_MAX)))};
    }
    case CellType::text: return text_value(std::string(cell.value));
    case CellType::boolean: {
      const bool truth = truth_of(cell.value);
      return {Kind::boolean, truth ? 1.0 : 0.0, truth, truth ? "TRUE" : "FALSE"};
    }
    case CellType::error: return {Kind::error, 0, false, std::string(cell.value)};
    case CellType::date:
      return {Kind::moment, serial(cell.value, book.since_1904).value_or(NAN), false, std::string(cell.value)};
    default: return cell.value.empty() ? Value{} : number_value(cell, book);
  }
}

}  // namespace xlsx
