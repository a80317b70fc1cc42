// Reads cells, areas and the words of cells.
#include "sheet/cells.hpp"

#include <algorithm>
#include <array>

namespace ooxml::sheet {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Reads letters of a column; false: none, or too far to the right.
bool column(std::string_view text, std::size_t& at, std::uint32_t& number) {
  std::size_t begin = at;
  number = 0;
  while (at < text.size() && is_letter(text[at]) && at - begin < 4) {
    number = number * 26 + static_cast<std::uint32_t>((text[at] | 0x20) - 'a' + 1);
    ++at;
  }
  return at > begin && number <= last_column;
}

bool row(std::string_view text, std::size_t& at, std::uint32_t& number) {
  std::size_t begin = at;
  number = 0;
  while (at < text.size() && is_digit(text[at]) && at - begin < 8) number = number * 10 + (text[at++] - '0');
  return at > begin && text[begin] != '0' && number <= last_row;
}

void dollar(std::string_view text, std::size_t& at) {
  if (at < text.size() && text[at] == '$') ++at;
}

// A whole column or row: "A", "$3".
bool line(std::string_view text, Cell& cell) {
  std::size_t at = 0;
  dollar(text, at);
  cell = {};
  bool good = at < text.size() && is_digit(text[at]) ? row(text, at, cell.row) : column(text, at, cell.column);
  return good && at == text.size();
}

}  // namespace

bool read_cell(std::string_view text, Cell& cell) {
  std::size_t at = 0;
  dollar(text, at);
  if (!column(text, at, cell.column)) return false;
  dollar(text, at);
  return row(text, at, cell.row) && at == text.size();
}

bool read_area(std::string_view text, Area& area, bool lines) {
  std::size_t colon = text.find(':');
  if (colon == text.npos) {
    if (!read_cell(text, area.from)) return false;
    area.to = area.from;
    return true;
  }
  std::string_view left = text.substr(0, colon), right = text.substr(colon + 1);
  if (read_cell(left, area.from) && read_cell(right, area.to)) {
    // Excel takes the corners as they come.
    if (area.from.row > area.to.row) std::swap(area.from.row, area.to.row);
    if (area.from.column > area.to.column) std::swap(area.from.column, area.to.column);
    return true;
  }
  if (!lines || !line(left, area.from) || !line(right, area.to)) return false;
  if ((area.from.row == 0) != (area.to.row == 0)) return false;
  if (area.from.row == 0) {
    area.from.row = 1;
    area.to.row = last_row;
  } else {
    area.from.column = 1;
    area.to.column = last_column;
  }
  return area.from.row <= area.to.row && area.from.column <= area.to.column;
}

bool read_areas(std::string_view text) {
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find(' ', at), text.size());
    Area area;
    if (end > at) {
      if (!read_area(text.substr(at, end - at), area, true)) return false;
      any = true;
    }
    at = end + 1;
  }
  return any;
}

std::string written(Cell cell) {
  std::string letters;
  for (std::uint32_t column = cell.column; column != 0; column = (column - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  }
  return letters + std::to_string(cell.row);
}

std::string written(const Area& area) {
  return area.from == area.to ? written(area.from) : written(area.from) + ":" + written(area.to);
}

bool read_number(std::string_view text, std::uint32_t& number) {
  text = trimmed(text);
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return false;
  std::uint64_t all = 0;
  for (char c : text) {
    if (!is_digit(c)) return false;
    all = all * 10 + static_cast<std::uint64_t>(c - '0');
    if (all > 0xFFFFFFFF) return false;
  }
  number = static_cast<std::uint32_t>(all);
  return true;
}

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

bool is_decimal(std::string_view text) {
  text = trimmed(text);
  std::size_t at = 0, digits = 0;
  auto run = [&] {
    while (at < text.size() && is_digit(text[at])) {
      ++at;
      ++digits;
    }
  };
  auto sign = [&] {
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  };
  sign();
  run();
  if (at < text.size() && text[at] == '.') {
    ++at;
    run();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    sign();
    digits = 0;
    run();
    if (digits == 0) return false;
  }
  return at == text.size();
}

// "2024-01-31", "2024-01-31T12:30:00Z", "12:30:00"
bool is_iso_date(std::string_view text) {
  auto shaped = [&text](std::string_view shape) {
    if (text.size() < shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
    }
    text.remove_prefix(shape.size());
    return true;
  };
  text = trimmed(text);
  if (shaped("0000-00-00") && (text.empty() || !shaped("T"))) return text.empty();
  if (!shaped("00:00")) return false;
  shaped(":00");
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
  }
  return text.empty() || text == "Z" || shaped("+00:00") || shaped("-00:00");
}

bool is_error_word(std::string_view text) {
  static constexpr std::array<std::string_view, 17> words = {
      "#NULL!", "#DIV/0!", "#VALUE!",   "#REF!",     "#NAME?",    "#NUM!",  "#N/A",       "#GETTING_DATA", "#SPILL!",
      "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!"};
  return std::find(words.begin(), words.end(), trimmed(text)) != words.end();
}

bool is_defined_name(std::string_view text) {
  if (text.empty() || characters(text) > 255) return false;
  auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (!is_letter(text[0]) && text[0] != '_' && text[0] != '\\' && !high(text[0])) return false;
  for (char c : text.substr(1)) {
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '.' && c != '\\' && c != '?' && !high(c)) return false;
  }
  Cell cell;
  return !read_cell(text, cell);
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (unsigned char c : text) count += (c & 0xC0) != 0x80 ? (c >= 0xF0 ? 2 : 1) : 0;
  return count;
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(out[i]),
                  next = i + 1 < out.size() ? static_cast<unsigned char>(out[i + 1]) : 0;
    if (c >= 'A' && c <= 'Z') out[i] = static_cast<char>(c | 0x20);
    // À to Þ, but for ×; Greek and Cyrillic capitals whose small letters are in the same block.
    if (c == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) out[i + 1] = static_cast<char>(next + 0x20);
    if (c == 0xD0 && next >= 0x90 && next <= 0x9F) out[i + 1] = static_cast<char>(next + 0x20);
    if (c == 0xD0 && next >= 0xA0 && next <= 0xAF) {
      out[i] = static_cast<char>(0xD1);
      out[i + 1] = static_cast<char>(next - 0x20);
    }
    if (c >= 0xC0) ++i;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace ooxml::sheet
