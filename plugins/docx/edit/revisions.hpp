// Tracked changes in a part's tree: which there are, and what becomes of the text when one is accepted or rejected.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "edit/tree.hpp"

namespace docx {

enum class Revised { text, mark, row, cell, look };

struct Revision {
  std::uint32_t node = none;
  Revised of = Revised::text;
  bool gone = false;  // it takes something away: del, moveFrom, cellDel
  std::string kind{}, id{}, author{}, date{}, text{};
  std::size_t number = 0;     // from 1, in the order of the text
  std::size_t paragraph = 0;  // in which it lies; 0: none
};

// In the order of the text; what only older programs read is left out.
std::vector<Revision> revisions_of(const Tree& tree);

// All but the ends of paragraphs that vanish: `join` then puts together what these have divided. A chosen one is
// accepted, or rejected.
using Choice = std::function<bool(const Revision&)>;
void settle(const Tree& tree, const std::vector<Revision>& all, const Choice& chosen, bool accept, Edits& edits);

// The begins and ends of ranges in what is taken away whose other half is elsewhere: these stay.
std::string halves_in(const Tree& tree, std::uint32_t node);

// How a paragraph is marked whose end is to vanish; in no file, and gone once they are joined.
constexpr const char* joint = "<?docx-join?>";
// One pass: paragraphs that are marked go on with the next one, whose properties they get.
void join(const Tree& tree, Edits& edits);

}  // namespace docx
