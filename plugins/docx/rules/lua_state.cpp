// No count of steps stops a pattern, and a bound that can be caught is none: so there are neither patterns nor pcall.
#include "rules/lua_state.hpp"

#include <berth/call.hpp>
#include <cstdlib>
#include <cstring>

namespace docx {

namespace {

constexpr int steps_at_once = 10'000;

// contains(text, what): patterns are none here.
int contains(lua_State* state) {
  std::size_t size = 0, what_size = 0;
  const char* text = luaL_checklstring(state, 1, &size);
  const char* what = luaL_checklstring(state, 2, &what_size);
  lua_pushboolean(state, what_size == 0 || ::memmem(text, size, what, what_size) != nullptr);
  return 1;
}

void drop(lua_State* state, const char* table, std::initializer_list<const char*> names) {
  if (table)
    lua_getglobal(state, table);
  else
    lua_pushglobaltable(state);
  for (const char* name : names) {
    lua_pushnil(state);
    lua_setfield(state, -2, name);
  }
  lua_pop(state, 1);
}

int open(lua_State* state) {
  luaL_requiref(state, "_G", luaopen_base, 1);
  luaL_requiref(state, "string", luaopen_string, 1);
  luaL_requiref(state, "table", luaopen_table, 1);
  luaL_requiref(state, "math", luaopen_math, 1);
  luaL_requiref(state, "utf8", luaopen_utf8, 1);
  lua_settop(state, 0);
  drop(state, nullptr,
       {"collectgarbage", "dofile", "getmetatable", "load", "loadfile", "pcall", "print", "require", "setmetatable",
        "warn", "xpcall"});
  drop(state, "string", {"dump", "find", "gmatch", "gsub", "match", "pack", "unpack", "packsize"});
  lua_pushcfunction(state, contains);
  lua_setglobal(state, "contains");
  return 0;
}

}  // namespace

LuaState::LuaState(const LuaLimits& limits) : m_limits(limits), m_state(lua_newstate(&take, this)) {
  if (!m_state) throw berth::Error(507, "no_memory", "there is no memory for rules in Lua");
  *static_cast<LuaState**>(lua_getextraspace(m_state)) = this;
  lua_sethook(m_state, &step, LUA_MASKCOUNT, steps_at_once);
  lua_pushcfunction(m_state, open);
  if (const auto wrong = call(0); !wrong.empty()) {
    lua_close(m_state);
    throw berth::Error(500, "lua", wrong);
  }
}

LuaState::~LuaState() { lua_close(m_state); }

void* LuaState::take(void* with, void* old, std::size_t old_size, std::size_t size) {
  auto& self = *static_cast<LuaState*>(with);
  const std::size_t before = old ? old_size : 0;
  if (size == 0) {
    self.m_memory -= before;
    std::free(old);
    return nullptr;
  }
  const std::size_t after = self.m_memory - before + size;
  if (self.m_bounded && size > before && after > self.m_limits.memory) return nullptr;
  void* fresh = std::realloc(old, size);
  if (fresh) self.m_memory += size - before;
  return fresh;
}

void LuaState::step(lua_State* state, lua_Debug*) {
  auto& self = **static_cast<LuaState**>(lua_getextraspace(state));
  self.m_steps += steps_at_once;
  if (self.m_steps > self.m_limits.steps) luaL_error(state, "the rules took too many steps");
}

std::string LuaState::call(int arguments) {
  m_bounded = true;
  const int ended = lua_pcall(m_state, arguments, 0, 0);
  m_bounded = false;
  if (ended == LUA_OK) return {};
  const char* said = lua_tostring(m_state, -1);
  std::string wrong = said ? said : "an error that is no text";
  lua_pop(m_state, 1);
  return wrong;
}

}  // namespace docx
