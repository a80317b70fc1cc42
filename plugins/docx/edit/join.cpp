// Paragraphs whose end is no more, once all that was settled is as it is to be.
#include <algorithm>
#include <iterator>
#include <string>

#include "edit/passage.hpp"
#include "edit/revisions.hpp"

namespace docx {

namespace {

// What follows, but for marks that may stand within a paragraph as well as between two.
std::uint32_t following(const Tree& tree, std::uint32_t node) {
  constexpr std::string_view passed[] = {
      "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "proofErr", "permStart", "permEnd"};
  while (node != none && tree.at(node).space == Space::w &&
         std::find(std::begin(passed), std::end(passed), tree.at(node).local) != std::end(passed))
    node = tree.at(node).next;
  return node;
}

bool is_marked(const Tree& tree, std::uint32_t paragraph) {
  const std::size_t end = tree.at(paragraph).close_begin, size = std::char_traits<char>::length(joint);
  return end >= size && tree.text().compare(end - size, size, joint) == 0;
}

}  // namespace

// From the last of a chain on: each gets what follows it, once that is whole. One pair a pass would be enough, chains
// are rare; here all pairs that do not touch are done at once.
void join(const Tree& tree, Edits& edits) {
  const auto size = std::char_traits<char>::length(joint);
  std::uint32_t busy = none;  // the next paragraph of a pair that was joined in this pass
  for (const auto paragraph : paragraphs_of(tree)) {
    if (!is_marked(tree, paragraph) || paragraph == busy) continue;
    const Node& one = tree.at(paragraph);
    const auto next = following(tree, one.next);
    if (next == none || !tree.is(next, Space::w, "p")) {  // nothing that it could go on with
      const bool nothing = runs_of(tree, paragraph).empty();
      if (nothing && next != none)
        edits.replace(one.begin, one.end, halves_in(tree, paragraph));
      else
        edits.remove(one.close_begin - size, one.close_begin);
      continue;
    }
    busy = next;
    const auto own = tree.child(paragraph, Space::w, "pPr"), its = tree.child(next, Space::w, "pPr");
    const std::string properties = its == none ? std::string() : std::string(tree.source(its));
    if (own != none)
      edits.replace(tree.at(own).begin, tree.at(own).end, properties);
    else
      edits.insert(one.open_end, properties);
    const Node& other = tree.at(next);
    if (other.empty()) {
      edits.remove(one.close_begin - size, one.close_begin);
      edits.remove(other.begin, other.end);
    } else {
      edits.remove(one.close_begin - size, one.end);
      edits.remove(other.begin, its == none ? other.open_end : tree.at(its).end);
    }
  }
}

}  // namespace docx
