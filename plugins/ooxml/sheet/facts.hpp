// What the parts of an Excel file know of each other, gathered while they are read one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "look.hpp"
#include "sheet/cells.hpp"

namespace ooxml::sheet {

// Bounds of what is kept; a file that goes beyond them is checked for less.
constexpr std::size_t most_chain = 4'000'000, most_kept = 1'000'000;

// What may be counted in one part, and named by its index in another.
enum class Counted : std::uint8_t {
  cell_formats,
  style_formats,
  fonts,
  fills,
  borders,
  dxfs,
  shared_strings,
  cell_metadata,
  value_metadata,
  metadata_strings,
  views,
  externals,
  authors,
  cache_fields,
  cache_hierarchies,
  server_formats,
  pivot_fields,
  pivot_hierarchies,
  data_fields,
  count
};

// In which of the parts that have an index in `elements` it is counted; -1: in the part that is read.
constexpr int home(Counted what) {
  if (what <= Counted::dxfs) return 0;
  if (what == Counted::views || what == Counted::externals) return 1;
  return what <= Counted::metadata_strings && what != Counted::shared_strings ? 2 : -1;
}
constexpr bool of_the_book(Counted what) { return what <= Counted::externals; }

struct SheetEntry {
  std::string name;
  std::uint32_t id = 0;
  std::string part;
  bool hidden = false;
};

struct TableFacts {
  std::string part, name;
  std::uint32_t id = 0;
  Area area;
  bool header = true;
  std::vector<std::uint64_t> columns;  // hashes of their names
  std::vector<std::string> names;
};

struct Facts {
  std::uint32_t counts[static_cast<std::size_t>(Counted::count)] = {};
  std::uint32_t& count(Counted what) { return counts[static_cast<std::size_t>(what)]; }
  std::uint32_t elements[3] = {};  // of the styles, of the workbook, of the metadata
  bool has_workbook = false, has_styles = false, has_strings = false;

  std::vector<SheetEntry> sheets;
  std::unordered_set<std::string> table_names;              // folded; defined names live among them
  std::unordered_map<std::string, std::string> book_names;  // defined names of the whole book, folded
  std::set<std::uint32_t> pivot_caches, connections, maps, table_ids, number_formats;
  std::set<std::string> table_styles;
  std::map<std::string, TableFacts> tables;           // by part
  std::map<std::string, std::uint32_t> cache_fields;  // how many a cache's definition has, by part

  // Shared strings that are called like a table's column: what they are; all others matter to nobody.
  std::unordered_set<std::uint64_t> column_hashes;
  std::unordered_map<std::uint32_t, std::uint64_t> column_strings;

  // The cells of the calculation chain: sheet id, row and column in one number; sorted.
  std::vector<std::uint64_t> chain;
  std::vector<bool> chained;  // that there is a formula in it
  std::string chain_part;

  const SheetEntry* sheet_of(std::string_view part) const;
};

constexpr std::uint64_t chain_key(std::uint32_t sheet, Cell cell) {
  return static_cast<std::uint64_t>(sheet) << 36 | static_cast<std::uint64_t>(cell.row) << 15 | cell.column;
}

// A text's number, piece by piece; the case of ASCII's letters does not matter, and blanks at line ends neither.
class Hash {
 public:
  void add(std::string_view text);
  std::uint64_t value() const { return m_value; }

 private:
  std::uint64_t m_value = 14695981039346656037ULL;
};

// The same of a text that may hold "_x000a_".
std::uint64_t hash_of(std::string_view text);

}  // namespace ooxml::sheet
