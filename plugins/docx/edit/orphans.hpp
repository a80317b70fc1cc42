// Comments whose place in the text is gone: no reference leads to them, and nobody would see them again.
#pragma once

#include <set>
#include <string>

#include "edit/editing.hpp"

namespace docx {

// The comments that a story refers to, by their ids.
std::set<std::string> comments_in(const Tree& story);

// Takes these away, with their replies, and what is left of their ranges in the text.
void drop_comments(Editing& editing, std::set<std::string> ids);

}  // namespace docx
