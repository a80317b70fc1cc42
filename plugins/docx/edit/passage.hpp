// A passage of a paragraph's text, and how what is to be said of it is put around it: runs are taken apart where the
// passage begins and ends, and all that is not text stays with the run that it was in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "edit/tree.hpp"

namespace docx {

// The paragraphs in the order of the text, as they are counted everywhere: what only older programs read is left out.
std::vector<std::uint32_t> paragraphs_of(const Tree& tree);
// One of them, from 1; an Error (404) if there is none.
std::uint32_t paragraph_of(const Tree& tree, std::size_t number);

// The runs of a paragraph that show text, in order: neither deleted ones nor those of text boxes in it.
struct RunText {
  std::uint32_t run = none;
  std::size_t begin = 0;  // in the paragraph's text
  std::string text{};
};
std::vector<RunText> runs_of(const Tree& tree, std::uint32_t paragraph);
std::string text_of(const std::vector<RunText>& runs);

struct Passage {
  std::size_t begin = 0, end = 0;  // bytes of the paragraph's text
};
// The occurrence (from 1) of a text in a paragraph; an Error (404) if it is not there, 422 if it is there more often
// and it was not said which (0).
Passage find_passage(const std::vector<RunText>& runs, const std::string& text, std::size_t occurrence);

// What a run's text is called in the new one.
enum class RunForm { same, deleted };

// Rewrites the runs that the passage touches. `around` is given each stretch of it that lies in one run, as a run of
// its own in this form, and whether it is the first and the last one, and says what stands in its place.
using Around = std::function<std::string(const std::string& run, bool first, bool last)>;
void mark_passage(const Tree& tree, const std::vector<RunText>& runs, const Passage& passage, RunForm form,
                  const Around& around, Edits& edits);

// Puts something between two bytes of the text, or at the paragraph's end, behind all that is in it. `what` is given
// the look (<w:rPr>…</w:rPr>) of the run beside.
using New = std::function<std::string(const std::string& look)>;
void mark_place(const Tree& tree, const std::vector<RunText>& runs, std::size_t place, const New& what, Edits& edits);
void mark_end(const Tree& tree, std::uint32_t paragraph, const std::vector<RunText>& runs, const New& what,
              Edits& edits);

// A run's properties, without what tracked changes say of them.
std::string look_of(const Tree& tree, std::uint32_t run);

}  // namespace docx
