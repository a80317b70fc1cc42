// What is not copied is not there: the libraries themselves are left to the collector.
#include "policy/inside/allowed.hpp"

#include <lua.hpp>

namespace berth::policy {

void copy_names(lua_State* state, Names names) {
  for (const char* name : names) {
    lua_getfield(state, -1, name);
    lua_setfield(state, -3, name);
  }
}

void add_library(lua_State* state, const char* name, int (*open)(lua_State*), Names names) {
  lua_newtable(state);
  luaL_requiref(state, name, open, 0);
  copy_names(state, names);
  lua_pop(state, 1);
  lua_setfield(state, -2, name);
}

void add_strings(lua_State* state, Names names) {
  add_library(state, LUA_STRLIBNAME, luaopen_string, names);
  lua_getfield(state, -1, LUA_STRLIBNAME);
  lua_pushliteral(state, "");  // ("text"):name() looks into the library itself, not into its table
  lua_getmetatable(state, -1);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pop(state, 3);
}

}  // namespace berth::policy
