// Counts characters, not bytes.
#include "command/columns.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace berth::command {

namespace {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

void print_row(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    line += row[i];
    if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
  }
  std::cout << line << "\n";
}

}  // namespace

void print_table(const Row& titles, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& title : titles) widths.push_back(width_of(title));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  const bool bold = isatty(1) == 1 && !std::getenv("NO_COLOR");
  if (bold) std::cout << "\033[1m";
  print_row(titles, widths);
  if (bold) std::cout << "\033[0m";
  for (const auto& row : rows) print_row(row, widths);
}

}  // namespace berth::command
