// Where values and formulas are, and what names in formulas mean.
#include "book.hpp"

#include <algorithm>

#include "convert.hpp"
#include "formula/shift.hpp"
#include "letters.hpp"

namespace xlsx::calc {
namespace {

const Value nothing;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// What stands in the brackets behind a table's name: "#Totals", column names.
struct Wanted {
  bool all = false, data = false, headers = false, totals = false, this_row = false;
  std::string first, last;
  bool broken = false;
};

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

void take_item(std::string_view item, Wanted& to) {
  if (item.starts_with('#')) {
    const std::string word = lower(item);
    if (word == "#all")
      to.all = true;
    else if (word == "#data")
      to.data = true;
    else if (word == "#headers")
      to.headers = true;
    else if (word == "#totals")
      to.totals = true;
    else if (word == "#this row")
      to.this_row = true;
    else
      to.broken = true;
    return;
  }
  (to.first.empty() ? to.first : to.last) = unescaped(item);
}

// "[]", "[Column]", "[@Column]", "[[#Headers],[A]:[B]]".
Wanted wanted(std::string_view text) {
  Wanted made;
  text = trimmed(text.substr(1, text.size() - 2));
  if (text.starts_with('@')) {
    made.this_row = true;
    text.remove_prefix(1);
  }
  if (!text.starts_with('[')) {
    if (!text.empty()) take_item(text, made);
    return made;
  }
  while (!text.empty()) {
    std::size_t end = 1;
    while (end < text.size() && text[end] != ']') end += text[end] == '\'' ? 2 : 1;
    if (!text.starts_with('[') || end >= text.size()) return made.broken = true, made;
    take_item(text.substr(1, end - 1), made);
    text = trimmed(text.substr(end + 1));
    if (text.starts_with(':') || text.starts_with(',')) text = trimmed(text.substr(1));
  }
  return made;
}

}  // namespace

const Value& Sheet::value(Cell cell) const {
  const Block* const found = block(cell);
  return found ? found->values[(cell.row - 1) % Block::rows] : nothing;
}

Block* Sheet::block(Cell cell) const {
  const auto column = m_columns.find(cell.column);
  const std::uint32_t which = (cell.row - 1) / Block::rows;
  if (column == m_columns.end() || which >= column->second.size()) return nullptr;
  return column->second[which].get();
}

Block& Sheet::make_block(Cell cell) {
  auto& blocks = m_columns[cell.column];
  const std::uint32_t which = (cell.row - 1) / Block::rows;
  if (which >= blocks.size()) {
    m_memory += (which + 1 - blocks.size()) * sizeof(blocks[0]);
    blocks.resize(which + 1);
  }
  if (!blocks[which]) {
    blocks[which] = std::make_unique<Block>();
    m_memory += sizeof(Block);
  }
  m_extent = {std::max(m_extent.row, cell.row), std::max(m_extent.column, cell.column)};
  return *blocks[which];
}

std::optional<Place> Sheet::next_due(const Area& area, Cell from, std::uint32_t self) const {
  std::optional<Place> found;
  const auto look = [&](const Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t first,
                        std::uint32_t last) {
    if (block.due == 0) return true;
    for (std::uint32_t row = first; row < last; ++row) {
      if (block.stages[row] != Stage::due && block.stages[row] != Stage::begun) continue;
      found = Place{self, {base + row, column}};
      return false;
    }
    return true;
  };
  Area rest = area;
  if (from.column >= area.first.column) {  // the rest of the column where the last look ended
    const Area column{{std::max(from.row, area.first.row), from.column}, {area.last.row, from.column}};
    if (column.first.row <= column.last.row && from.column <= area.last.column && !visit(column, look)) return found;
    rest.first.column = from.column + 1;
  }
  if (rest.first.column <= rest.last.column) visit(rest, look);
  return found;
}

std::uint32_t Book::sheet(std::string_view name) const {
  for (std::size_t i = 0; i < sheets.size(); ++i)
    if (compare_text(sheets[i].name, name) == 0) return static_cast<std::uint32_t>(i);
  return none;
}

std::uint32_t Book::defined(std::string_view name, std::uint32_t sheet) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].sheet == sheet && compare_text(names[i].name, name) == 0) return static_cast<std::uint32_t>(i);
  return none;
}

bool Book::table(std::string_view name, std::string_view brackets, std::uint32_t sheet, Cell cell,
                 Referred& meant) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& table) {
    return name.empty() ? table.sheet == sheet && table.area.has(cell) : compare_text(table.name, name) == 0;
  });
  if (found == tables.end() || brackets.size() < 2) return false;
  const Wanted want = wanted(brackets);
  if (want.broken) return false;
  Area area = found->area;
  const auto column_of = [&](const std::string& column) -> std::optional<std::uint32_t> {
    for (std::size_t i = 0; i < found->columns.size(); ++i)
      if (compare_text(found->columns[i], column) == 0) return static_cast<std::uint32_t>(i);
    return std::nullopt;
  };
  if (!want.first.empty()) {
    const auto first = column_of(want.first), last = want.last.empty() ? first : column_of(want.last);
    if (!first || !last) return false;
    area.first.column = found->area.first.column + std::min(*first, *last);
    area.last.column = found->area.first.column + std::max(*first, *last);
  }
  const std::uint32_t data_first = found->area.first.row + found->header_rows,
                      data_last = found->area.last.row - found->totals_rows;
  if (want.this_row) {
    if (cell.row < data_first || cell.row > data_last) return false;
    meant = {.sheet = found->sheet,
             .last_sheet = found->sheet,
             .first = {0, static_cast<std::int32_t>(area.first.column), false, true},
             .last = {0, static_cast<std::int32_t>(area.last.column), false, true},
             .single = area.first.column == area.last.column};
    return true;
  }
  if (!want.all) {
    const bool plain = !want.data && !want.headers && !want.totals;
    if (want.headers && found->header_rows == 0) return false;
    if (want.totals && found->totals_rows == 0) return false;
    area.first.row = want.headers                          ? found->area.first.row
                     : want.totals && !want.data && !plain ? data_last + 1
                                                           : data_first;
    area.last.row = want.totals ? found->area.last.row : want.data || plain ? data_last : data_first - 1;
  }
  const auto side = [](Cell at) {
    return Side{static_cast<std::int32_t>(at.row), static_cast<std::int32_t>(at.column), true, true};
  };
  meant = {.sheet = found->sheet, .last_sheet = found->sheet, .first = side(area.first), .last = side(area.last)};
  return true;
}

void Book::set(Place place, Value value) {
  Block& block = sheets[place.sheet].make_block(place.cell);
  block.values[(place.cell.row - 1) % Block::rows] = std::move(value);
}

void Book::set_formula(Place place, std::string_view text) {
  const std::string key = distances(text, place);
  auto [known, fresh] = m_known.try_emplace(key, 0);
  if (fresh) {
    formulas.push_back(parse(text, *this, place.sheet, place.cell));
    m_written.push_back({std::string(text), place.cell});
    known->second = static_cast<std::uint32_t>(formulas.size());
  }
  set_formula(place, known->second);
}

void Book::set_formula(Place place, std::uint32_t number) {
  Block& block = sheets[place.sheet].make_block(place.cell);
  const std::uint32_t row = (place.cell.row - 1) % Block::rows;
  if (block.stages[row] != Stage::due) ++block.due;
  block.formulas[row] = number;
  block.stages[row] = Stage::due;
}

void Book::set_array(std::uint32_t sheet, const Area& area, std::string_view text) {
  set_formula({sheet, area.first}, text);
  arrays[Place{sheet, area.first}.key()] = area;
  m_anchors.push_back({sheet, area.first});
  const std::uint32_t number = member | static_cast<std::uint32_t>(m_anchors.size() - 1);
  for (std::uint32_t row = area.first.row; row <= area.last.row; ++row)
    for (std::uint32_t column = area.first.column; column <= area.last.column; ++column)
      if (Cell cell{row, column}; cell != area.first) set_formula({sheet, cell}, number);
}

Place Book::anchor(Place place) const {
  const Block* const block = sheets[place.sheet].block(place.cell);
  const std::uint32_t number = block == nullptr ? 0 : block->formulas[(place.cell.row - 1) % Block::rows];
  return (number & member) == 0 ? place : m_anchors[number & ~member];
}

std::size_t Book::memory() const {
  std::size_t all = 0;
  for (const Sheet& sheet : sheets) all += sheet.memory();
  return all;
}

// The formula with each relative reference written as its distance from the cell: the same for all cells of a filled
// column.
std::string Book::distances(std::string_view text, Place place) {
  std::string key;
  key.reserve(text.size() + 16);
  formula::Tokens tokens(text);
  bool structured = false;
  for (auto one = tokens.next(); one.kind != formula::Kind::end; one = tokens.next()) {
    if (one.kind == formula::Kind::bad) return key += one.text;
    structured = structured || one.kind == formula::Kind::structure || one.kind == formula::Kind::name;
    if (one.kind != formula::Kind::cell && one.kind != formula::Kind::columns && one.kind != formula::Kind::rows) {
      key += one.text;
      continue;
    }
    std::string_view rest = one.text;
    while (!rest.empty()) {
      const auto part = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      append_distance(key, part, place.cell);
      if (!rest.empty()) key += ':';
    }
  }
  // What a table's brackets mean may hang on the row, and a name on the sheet.
  if (structured) key += "\x01" + std::to_string(place.sheet) + "," + std::to_string(place.cell.row);
  return key;
}

void Book::append_distance(std::string& key, std::string_view part, Cell cell) {
  std::size_t at = 0;
  const bool column_fixed = part.starts_with('$');
  if (column_fixed) ++at;
  std::int64_t column = 0, row = 0;
  while (at < part.size() && (part[at] | 0x20) >= 'a' && (part[at] | 0x20) <= 'z')
    column = column * 26 + (part[at++] | 0x20) - 'a' + 1;
  const bool row_fixed = (at < part.size() && part[at] == '$') || (column == 0 && column_fixed);
  if (at < part.size() && part[at] == '$') ++at;
  while (at < part.size() && part[at] >= '0' && part[at] <= '9') row = row * 10 + part[at++] - '0';
  if (row) key += row_fixed ? "R" + std::to_string(row) : "r" + std::to_string(row - cell.row);
  if (column) key += column_fixed ? "C" + std::to_string(column) : "c" + std::to_string(column - cell.column);
}

std::string Book::text_at(Place place) const {
  const Block* const block = sheets[place.sheet].block(place.cell);
  const std::uint32_t number = block == nullptr ? 0 : block->formulas[(place.cell.row - 1) % Block::rows];
  if (number == 0) return "";
  if ((number & member) != 0) {
    const Place first = anchor(place);
    return anchor(first) == first ? text_at(first) : "";
  }
  const Written& written = m_written[number - 1];
  return formula::shift(written.text, std::int64_t{place.cell.row} - written.cell.row,
                        std::int64_t{place.cell.column} - written.cell.column);
}

void Book::finish_names() {
  for (auto& name : names) name.formula = parse(name.text, *this, name.sheet == none ? 0 : name.sheet, {1, 1});
}

}  // namespace xlsx::calc
