// Finds the line of one key in a statement of berth.lua, since Lua tells the line of the statement alone.
#pragma once

#include <string_view>

namespace berth::command {

// `line`, counted from 1, is where the statement begins; given back if the key is not written in it.
int line_of_key(std::string_view text, int line, std::string_view key);

}  // namespace berth::command
