// A table for people: columns as wide as they need to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::command {

using Row = std::vector<std::string>;
// Text of somebody else's as it may be shown: on one line, with nothing in it that a terminal obeys.
std::string printable(std::string_view text);
bool colours(
    int fd);  // a terminal that has them (TERM is neither dumb nor missing), and nobody asked for none by NO_COLOR
// Prints `rows` under `titles`; titles are bold where there are colours.
void print_table(const Row& titles, const std::vector<Row>& rows);

}  // namespace berth::command
