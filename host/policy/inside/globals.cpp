// The globals are a list of what is allowed: what is not here is not there. Text alone is loaded, never bytecode, which
// could be forged.
#include <array>
#include <lua.hpp>

#include "policy/inside/allowed.hpp"
#include "policy/inside/library.hpp"

namespace berth::policy {

namespace {

constexpr std::array base_names{"assert",   "error",        "getmetatable", "ipairs", "next",   "pairs",
                                "pcall",    "rawequal",     "rawget",       "rawlen", "rawset", "select",
                                "tonumber", "setmetatable", "tostring",     "type",   "xpcall"};
constexpr std::array string_names{"byte",  "char", "find",     "format", "gmatch",  "gsub", "len",    "lower",
                                  "match", "pack", "packsize", "rep",    "reverse", "sub",  "unpack", "upper"};

// load(text [, name]): with the globals that all of the policy has.
int load_text(lua_State* state) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(state, 1, &size);
  const char* name = luaL_optstring(state, 2, "=load");
  if (luaL_loadbufferx(state, text, size, name, "t") == LUA_OK) return 1;
  lua_pushnil(state);
  lua_insert(state, -2);
  return 2;
}

}  // namespace

void open_globals(lua_State* state) {
  lua_newtable(state);
  luaL_requiref(state, LUA_GNAME, luaopen_base, 0);
  copy_names(state, base_names);
  lua_pop(state, 1);
  add_strings(state, string_names);
  const struct {
    const char* name;
    lua_CFunction open;
  } whole[] = {{LUA_TABLIBNAME, luaopen_table},
               {LUA_MATHLIBNAME, luaopen_math},
               {LUA_UTF8LIBNAME, luaopen_utf8},
               {LUA_COLIBNAME, luaopen_coroutine}};
  for (const auto& library : whole) {
    luaL_requiref(state, library.name, library.open, 0);
    lua_setfield(state, -2, library.name);
  }
  lua_pushcfunction(state, load_text);
  lua_setfield(state, -2, "load");
  lua_pushvalue(state, -1);
  lua_setfield(state, -2, LUA_GNAME);
  lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

}  // namespace berth::policy
