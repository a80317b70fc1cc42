// workspace.edit: exact replacements in a text file, all of them or none.
#pragma once

#include "asked.hpp"

namespace workspace {

constexpr std::size_t most_edited = 4u << 20;  // bytes of a file that is edited
constexpr std::size_t most_diff = 64u << 10;   // of an answer

berth::Json edit_file(const Asked& asked);
// The text after the edits: each {old_text, new_text, all?}. Throws an Error (422) that says which one does not fit,
// and why. `replaced` counts.
std::string edited(std::string text, const berth::Json& edits, std::size_t& replaced);

}  // namespace workspace
