// What can be put right without asking what was meant: the order of elements, grids of tables, ids that are there
// twice, tables without properties, cells without a paragraph.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "edit/tree.hpp"

namespace docx {

struct Repair {
  std::string kind{}, part{}, message{};
  std::size_t line = 0;
};

// Ids that were seen in the whole document, by their kinds.
struct SeenIds {
  std::set<std::string> pictures{}, paragraphs{}, controls{};
  std::size_t next = 1;
};

// One pass over one part: the edits, and what they are. Repeated until there are none: an edit does not reach into
// another one. Ids are looked at once, by `fix_ids`.
void fix_order(const Tree& tree, Edits& edits, std::vector<Repair>& repairs);
void fix_tables(const Tree& tree, Edits& edits, std::vector<Repair>& repairs);
void fix_ids(const Tree& tree, SeenIds& seen, Edits& edits, std::vector<Repair>& repairs);

// What a repair is told as: where it was, in the text as it was.
void note_repair(std::vector<Repair>& repairs, const Tree& tree, std::uint32_t node, const char* kind,
                 std::string message);
std::string_view written_name(const Tree& tree, std::uint32_t node);  // "w:tbl"

}  // namespace docx
