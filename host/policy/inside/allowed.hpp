// Of Lua's own libraries what is named and nothing more: for policies, and for berth.lua. For protected calls.
#pragma once

#include <span>

struct lua_State;

namespace berth::policy {

using Names = std::span<const char* const>;

void copy_names(lua_State* state, Names names);  // from the table on top to the one below it
// A library with these names alone, as a field of the table on top.
void add_library(lua_State* state, const char* name, int (*open)(lua_State*), Names names);
void add_strings(lua_State* state, Names names);  // that of texts, whose methods are these, too

}  // namespace berth::policy
