// Counts characters, not bytes.
#include "command/columns.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "service/text.hpp"

namespace berth::command {

namespace {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first >= 0x7f;
  const auto second = static_cast<unsigned char>(character[1]);
  if (first == 0xc2) return second < 0xa0;
  // Marks that turn the direction of text, and line separators.
  const auto third = static_cast<unsigned char>(character.back());
  return character.size() == 3 && first == 0xe2 &&
         ((second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae))) ||
          (second == 0x81 && third >= 0xa6 && third <= 0xa9));
}

void print_row(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string cell = printable(row[i]);
    line += cell;
    if (i + 1 < row.size()) line.append(widths[i] - width_of(cell) + 2, ' ');
  }
  std::cout << line << "\n";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(service::utf8_length(text), 1);
    const std::string_view character = text.substr(0, length);
    if (character == "\n" || character == "\t")
      out += ' ';
    else
      out += is_control(character) ? std::string_view("?") : character;
    text.remove_prefix(length);
  }
  return out;
}

bool colours(int fd) {
  const char* none = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool able = terminal && *terminal && std::string_view(terminal) != "dumb";
  return able && !(none && *none) && isatty(fd) == 1;
}

void print_table(const Row& titles, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& title : titles) widths.push_back(width_of(title));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(printable(row[i])));
  }
  const bool bold = colours(1);
  if (bold) std::cout << "\033[1m";
  print_row(titles, widths);
  if (bold) std::cout << "\033[0m";
  for (const auto& row : rows) print_row(row, widths);
}

}  // namespace berth::command
