// JSON text to Lua values and back, on Lua's stack and without anything that an error of Lua's would jump over.
#pragma once

#include <string>
#include <string_view>

struct lua_State;

namespace berth::policy {

// Both may raise errors of Lua's, and are for protected calls.
void push_json(lua_State* state, std::string_view text);  // null is berth.null; a list keeps that it is one
// Adds to `to`. What is no JSON (functions, infinite numbers, tables in themselves) is an error that says so.
void write_json(lua_State* state, int index, std::string& to);
void push_null(lua_State* state);
void mark_list(lua_State* state, int index);  // an empty one, too

}  // namespace berth::policy
