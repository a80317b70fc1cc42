// A table for people: columns as wide as they need to be.
#pragma once

#include <string>
#include <vector>

namespace berth::command {

using Row = std::vector<std::string>;
// Prints `rows` under `titles`; titles are bold on a terminal without NO_COLOR.
void print_table(const Row& titles, const std::vector<Row>& rows);

}  // namespace berth::command
