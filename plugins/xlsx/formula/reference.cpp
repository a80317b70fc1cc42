// Read strictly: what is beyond a sheet's border is a name in a formula, and no cell.
#include "reference.hpp"

#include <algorithm>

namespace xlsx::formula {

namespace {

// Takes a "$" and letters off the front; 0: there are none, or there is no such column.
std::uint32_t take_column(std::string_view& text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  std::uint32_t number = 0;
  std::size_t at = 0;
  for (; at < text.size() && at < 4; ++at) {
    const char c = static_cast<char>(text[at] & ~0x20);
    if (c < 'A' || c > 'Z') break;
    number = number * 26 + static_cast<std::uint32_t>(c - 'A' + 1);
  }
  text.remove_prefix(at);
  return number > most_columns ? 0 : number;
}

std::uint32_t take_row(std::string_view& text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  if (text.starts_with('0')) return 0;
  std::uint32_t number = 0;
  std::size_t at = 0;
  for (; at < text.size() && at < 8 && text[at] >= '0' && text[at] <= '9'; ++at)
    number = number * 10 + static_cast<std::uint32_t>(text[at] - '0');
  text.remove_prefix(at);
  return number > most_rows ? 0 : number;
}

struct Corner {
  std::uint32_t column = 0, row = 0;  // 0: not said
};

std::optional<Corner> take_corner(std::string_view text) {
  Corner one;
  auto rest = text;
  one.column = take_column(rest);
  if (one.column == 0) rest = text;
  if (!rest.empty()) {
    one.row = take_row(rest);
    if (one.row == 0) return std::nullopt;
  }
  if (!rest.empty() || (one.row == 0 && one.column == 0)) return std::nullopt;
  return one;
}

}  // namespace

std::optional<Cell> cell(std::string_view text) {
  const std::uint32_t column = take_column(text);
  if (column == 0) return std::nullopt;
  const std::uint32_t row = take_row(text);
  if (row == 0 || !text.empty()) return std::nullopt;
  return Cell{row, column};
}

std::optional<Area> area(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto one = cell(text);
    return one ? std::optional(Area{*one, *one}) : std::nullopt;
  }
  const auto a = take_corner(text.substr(0, colon)), b = take_corner(text.substr(colon + 1));
  if (!a || !b || (a->row == 0) != (b->row == 0) || (a->column == 0) != (b->column == 0)) return std::nullopt;
  const auto [top, bottom] = std::minmax({a->row, b->row});
  const auto [left, right] = std::minmax({a->column, b->column});
  return Area{{top == 0 ? 1 : top, left == 0 ? 1 : left},
              {bottom == 0 ? most_rows : bottom, right == 0 ? most_columns : right}};
}

std::optional<std::uint32_t> column(std::string_view letters) {
  const std::uint32_t number = take_column(letters);
  return number == 0 || !letters.empty() ? std::nullopt : std::optional(number);
}

std::string column_name(std::uint32_t column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  return letters;
}

std::string name(Cell one) { return column_name(one.column) + std::to_string(one.row); }

std::string name(const Area& one) {
  return one.first == one.last ? name(one.first) : name(one.first) + ":" + name(one.last);
}

}  // namespace xlsx::formula
