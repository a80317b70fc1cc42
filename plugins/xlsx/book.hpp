// What must be known of a workbook before its cells can be understood: its sheets, names, date system and formats.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "formula/reference.hpp"
#include "number_format.hpp"
#include "package.hpp"
#include "strings.hpp"

namespace xlsx {

struct Sheet {
  std::string name, state = "visible", kind;  // kind: "worksheet", "chartsheet", …
  const ooxml::Part* part = nullptr;          // null: the file has none, or an earlier sheet has it
};

struct DefinedName {
  std::string name, text;
  std::optional<std::size_t> sheet;  // whose alone it is
  bool hidden = false;
};

// What a format's number of a cell stands for.
struct Styles {
  std::vector<Shown> shown;          // of each s="…" of cells
  std::vector<std::string> formats;  // codes that the workbook brings
  std::vector<std::string> named;    // cell styles
  std::size_t fonts = 0, fills = 0, borders = 0, differences = 0;

  Shown of(std::uint32_t style) const { return style < shown.size() ? shown[style] : Shown::number; }
};

struct Book {
  std::vector<Sheet> sheets;
  std::vector<DefinedName> names;
  Styles styles;
  bool since_1904 = false, locked = false;
  std::size_t active = 0;
  bool iterates = false;  // circles are meant to be
  std::string calculation = "auto", application;

  // By its name, whatever the case of its letters; null: there is none.
  const Sheet* sheet(std::string_view name) const;
};

struct Table {
  std::string name, reference;
  std::vector<std::string> columns;
  std::size_t headers = 1, totals = 0;
};

inline constexpr std::size_t most_names = 65'536, most_styles = 65'536, most_sheets = 16'384;

Book read_book(const ooxml::Package& package);
Styles read_styles(const ooxml::Package& package);
// Those that were read: each is read once, however many sheets lead to it.
using TablesSeen = std::unordered_set<const ooxml::Part*>;
// One after the other.
void read_tables(const ooxml::Package& package, const Book& book, std::size_t sheet, TablesSeen& seen,
                 const std::function<void(const Table&)>& take);
void read_strings(const ooxml::Package& package, Strings& strings);

// The defined names of a workbook, for many questions.
class NameSet {
 public:
  explicit NameSet(const Book& book);
  bool has(std::string_view name) const;

 private:
  std::unordered_set<std::string> m_names;  // in small letters
};

// Compares names as Excel does, but for letters beyond ASCII, which must be the same.
bool same_name(std::string_view a, std::string_view b);
// Excel writes what XML cannot hold as _x000D_.
std::string plain(std::string_view text);

}  // namespace xlsx
