// The standard library less everything that reaches out, searches by pattern (which no step count stops) or catches
// errors (which would let a chunk outlive its step count).
#include "command/lua_sandbox.hpp"

#include <cstdlib>
#include <lua.hpp>

namespace berth::command {

namespace {

constexpr std::size_t most_memory = 16u << 20;
constexpr int most_steps = 10'000'000;

void out_of_steps(lua_State* state, lua_Debug*) {
  luaL_where(state, 0);
  lua_pushliteral(state, "the configuration takes too long; is there an endless loop?");
  lua_concat(state, 2);
  lua_error(state);
}

int environment(lua_State* state) {
  const char* value = std::getenv(luaL_checkstring(state, 1));
  if (value)
    lua_pushstring(state, value);
  else
    lua_settop(state, 2);
  return 1;
}

void remove(lua_State* state, const char* table, const char* const* names) {
  if (table)
    lua_getglobal(state, table);
  else
    lua_pushglobaltable(state);
  for (; *names; ++names) {
    lua_pushnil(state);
    lua_setfield(state, -2, *names);
  }
  lua_pop(state, 1);
}

int seal(lua_State* state) {
  luaL_requiref(state, "_G", luaopen_base, 1);
  luaL_requiref(state, LUA_STRLIBNAME, luaopen_string, 1);
  luaL_requiref(state, LUA_TABLIBNAME, luaopen_table, 1);
  luaL_requiref(state, LUA_MATHLIBNAME, luaopen_math, 1);
  static const char* const base[] = {"collectgarbage", "dofile",   "getmetatable", "load",   "loadfile", "pcall",
                                     "print",          "rawequal", "rawget",       "rawlen", "rawset",   "require",
                                     "setmetatable",   "warn",     "xpcall",       nullptr};
  static const char* const text[] = {"dump", "find", "gmatch", "gsub", "match", "rep", nullptr};
  remove(state, nullptr, base);
  remove(state, "string", text);
  lua_register(state, "env", environment);
  return 0;
}

}  // namespace

LuaSandbox::LuaSandbox() : m_state(lua_newstate(&LuaSandbox::allocate, this)) {
  if (!m_state) std::abort();
  lua_pushcfunction(m_state, seal);
  if (lua_pcall(m_state, 0, 0, 0) != LUA_OK) std::abort();
}

LuaSandbox::~LuaSandbox() { lua_close(m_state); }

void* LuaSandbox::allocate(void* self, void* block, std::size_t before, std::size_t after) {
  std::size_t& used = static_cast<LuaSandbox*>(self)->m_used;
  const std::size_t old = block ? before : 0;
  if (after == 0) {
    std::free(block);
    used -= old;
    return nullptr;
  }
  if (after > old && used + (after - old) > most_memory) return nullptr;
  void* fresh = std::realloc(block, after);
  if (fresh) used = used - old + after;
  return fresh;
}

std::optional<std::string> LuaSandbox::run(std::string_view text, const std::string& file_name) {
  lua_sethook(m_state, out_of_steps, LUA_MASKCOUNT, most_steps);
  const std::string name = "@" + file_name;
  int failed = luaL_loadbufferx(m_state, text.data(), text.size(), name.c_str(), "t");
  if (failed == LUA_OK) failed = lua_pcall(m_state, 0, 0, 0);
  lua_sethook(m_state, nullptr, 0, 0);
  if (failed == LUA_OK) return std::nullopt;
  const char* why = lua_tostring(m_state, -1);
  std::string message = why ? why : "an error that is no text";
  if (failed == LUA_ERRMEM) message = file_name + ": the configuration needs too much memory";
  lua_pop(m_state, 1);
  return message.starts_with(file_name) ? message : file_name + ": " + message;
}

}  // namespace berth::command
