// What is asked for is looked for in this order: cells, a table, a name.
#include "target.hpp"

#include <algorithm>
#include <berth/call.hpp>
#include <optional>
#include <utility>

#include "formula/tokens.hpp"
#include "gather.hpp"

namespace xlsx {

using berth::Error;

namespace {

std::string sheet_names(const Book& book) {
  std::string all;
  for (const auto& one : book.sheets) {
    if (all.size() > 300) return all + ", …";
    all += (all.empty() ? "" : ", ") + one.name;
  }
  return all;
}

std::size_t sheet_named(const Book& book, const std::string& name) {
  if (const auto* const found = book.sheet(name)) return static_cast<std::size_t>(found - book.sheets.data());
  const std::size_t number = number_of(name);
  if (number >= 1 && number <= book.sheets.size()) return number - 1;
  throw Error(404, "no_such_sheet", "there is no sheet " + name, "there are: " + sheet_names(book));
}

bool has_cells(const Sheet& sheet) { return sheet.part && sheet.kind != "chartsheet"; }

std::size_t first_sheet(const Book& book) {
  if (book.active < book.sheets.size() && has_cells(book.sheets[book.active])) return book.active;
  const auto at = std::ranges::find_if(book.sheets, has_cells);
  if (at == book.sheets.end()) throw Error(422, "no_cells", "the workbook has no sheet with cells");
  return static_cast<std::size_t>(at - book.sheets.begin());
}

std::string unquoted(std::string_view prefix) {
  prefix.remove_suffix(1);  // "!"
  if (!prefix.starts_with('\'')) return std::string(prefix);
  std::string name;
  for (std::size_t i = 1; i + 1 < prefix.size(); ++i) {
    name += prefix[i];
    if (prefix[i] == '\'') ++i;
  }
  return name;
}

// "'A sheet'!$A$1:$B$2"; nothing if it is anything else.
std::optional<Target> reference(const Book& book, std::string_view text, std::optional<std::size_t> sheet) {
  formula::Tokens tokens(text);
  const auto first = tokens.next();
  if (first.kind == formula::Kind::prefix) {
    sheet = sheet_named(book, unquoted(first.text));
    text.remove_prefix(first.text.size());
  }
  const auto area = formula::area(text);
  if (!area) return std::nullopt;
  return Target{sheet ? *sheet : first_sheet(book), *area, false};
}

std::optional<Target> table(const ooxml::Package& package, const Book& book, const std::string& name) {
  std::optional<Target> found;
  TablesSeen seen;
  for (std::size_t i = 0; i < book.sheets.size() && !found; ++i) {
    read_tables(package, book, i, seen, [&](const Table& one) {
      const auto area = formula::area(one.reference);
      if (same_name(one.name, name) && area) found = Target{i, *area, false};
    });
  }
  return found;
}

std::optional<Target> defined(const Book& book, const std::string& name, std::optional<std::size_t> sheet) {
  const DefinedName* found = nullptr;
  for (const auto& one : book.names) {
    if (!same_name(one.name, name)) continue;
    if (!found || (one.sheet && one.sheet == sheet)) found = &one;
  }
  if (!found) return std::nullopt;
  const auto target = reference(book, found->text, found->sheet ? found->sheet : sheet);
  if (!target)
    throw Error(400, "not_cells", name + " is a name, and stands for " + found->text + ", which is no range of cells");
  return target;
}

}  // namespace

Target target_of(const ooxml::Package& package, const Book& book, const std::string& sheet, const std::string& range) {
  std::optional<std::size_t> named;
  if (!sheet.empty()) named = sheet_named(book, sheet);
  std::optional<Target> target;
  if (range.empty()) target = Target{named ? *named : first_sheet(book), Target::everything(), true};
  if (!target) target = reference(book, range, named);
  if (!target) target = table(package, book, range);
  if (!target) target = defined(book, range, named);
  if (!target)
    throw Error(400, "bad_range", range + " is no range, table or name",
                "say it like B2:D9, B:D, Sheet2!A1:C9, or give the name of a table");
  if (!has_cells(book.sheets[target->sheet]))
    throw Error(400, "no_cells", "the sheet " + book.sheets[target->sheet].name + " has no cells");
  return *target;
}

}  // namespace xlsx
