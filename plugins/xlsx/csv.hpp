// Comma-separated values as RFC 4180 has them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "formula/reference.hpp"
#include "serve/asked.hpp"
#include "values.hpp"

namespace xlsx {

struct CsvManner {
  char delimiter = ',';
  bool quote_all = false;
  bool windows = false;   // lines end with CR LF, and a mark of UTF-8 goes before: as old Excels want it
  bool formulas = false;  // instead of values
};
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Fields `delimiter`, `quote` and `windows` of the input. Throws berth::Error (400).
CsvManner csv_manner(const berth::Json& input);
// And `what`, where CSV is all that is asked for.
CsvManner whole_csv_manner(const berth::Json& input);

void put_csv(std::string& to, std::string_view text, bool is_text, const CsvManner& manner);

struct CsvDone {
  std::uint64_t rows = 0, cells = 0, bytes = 0;
};
// Where the text goes, piece by piece; false: nobody wants any more.
using CsvSink = std::function<bool(std::string_view)>;

// A sheet, or a range of it: from its first row to the last that has anything.
CsvDone write_csv(const ooxml::Package& package, const Book& book, Strings& strings, std::size_t sheet,
                  const formula::Area& area, const CsvManner& manner, const CsvSink& sink);

// The box around all cells of the area that say something; nothing if there are none.
std::optional<formula::Area> used(const ooxml::Package& package, const Sheet& sheet, const formula::Area& area,
                                  const std::function<bool()>& stop);

// Operation: to a file of the workspace, or one for each sheet.
berth::Json to_csv(const ooxml::serve::Asked& asked);
// The same on files of the machine, where nobody else makes the folder for all sheets.
berth::Json to_csv_here(const ooxml::serve::Asked& asked);

// What a cell says must not move a terminal's cursor or change its colours: all but tabs and ends of lines is escaped.
std::string for_terminal(std::string_view text);

}  // namespace xlsx
