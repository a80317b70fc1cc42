// A chunk finds only what is listed here. Not listed is what reaches out, what loads code, what catches errors (a chunk
// could outlive its limits), and what works for long within one step, where no hook looks: patterns, table.move,
// table.sort, string.rep.
#include "command/lua_sandbox.hpp"

#include <array>
#include <cstdlib>
#include <ctime>
#include <lua.hpp>

#include "policy/inside/allowed.hpp"

namespace berth::command {

namespace {

constexpr std::size_t most_memory = 16u << 20;
constexpr std::uint64_t most_steps = 10'000'000;
constexpr std::int64_t most_time = 2'000'000'000;  // nanoseconds
// What is left may touch all of the memory in one step, which takes milliseconds: so few steps between two looks.
constexpr int steps_between_looks = 16;
constexpr const char* chunk_name = "=berth.lua";
constexpr std::string_view chunk_prefix = "berth.lua:";

constexpr std::array base_names{"assert", "error", "ipairs", "pairs", "select", "tonumber", "tostring", "type"};
constexpr std::array string_names{"byte", "char", "format", "len", "lower", "reverse", "sub", "upper"};
constexpr std::array table_names{"concat", "insert", "pack", "remove", "unpack"};

std::int64_t time_used() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

int give_environment(lua_State* state) {
  const char* value = std::getenv(luaL_checkstring(state, 1));
  if (value)
    lua_pushstring(state, value);
  else
    lua_settop(state, 2);
  return 1;
}

// Builds a table of globals from the lists above and puts it in place of the one that the libraries filled.
int seal(lua_State* state) {
  lua_newtable(state);
  luaL_requiref(state, LUA_GNAME, luaopen_base, 0);
  policy::copy_names(state, base_names);
  lua_pop(state, 1);
  policy::add_library(state, LUA_TABLIBNAME, luaopen_table, table_names);
  luaL_requiref(state, LUA_MATHLIBNAME, luaopen_math, 0);
  lua_setfield(state, -2, LUA_MATHLIBNAME);
  policy::add_strings(state, string_names);
  lua_pushcfunction(state, give_environment);
  lua_setfield(state, -2, "env");
  lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  return 0;
}

}  // namespace

std::vector<std::string> LuaSandbox::names() {
  std::vector<std::string> all{"env", LUA_STRLIBNAME, LUA_TABLIBNAME, LUA_MATHLIBNAME};
  all.insert(all.end(), base_names.begin(), base_names.end());
  return all;
}

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

bool LuaSandbox::out_of_steps() {
  m_steps += steps_between_looks;
  return m_steps > most_steps || time_used() > m_ends;
}

// Lua calls it for as long as the chunk runs, however often it fails.
void LuaSandbox::watch(lua_State* state, lua_Debug*) {
  void* self = nullptr;
  lua_getallocf(state, &self);
  if (static_cast<LuaSandbox*>(self)->out_of_steps()) {
    luaL_where(state, 0);
    lua_pushliteral(state, "the configuration takes too long; is there an endless loop?");
    lua_concat(state, 2);
    lua_error(state);
  }
}

std::optional<std::string> LuaSandbox::run(std::string_view text, const std::string& file_name) {
  m_steps = 0;
  m_ends = time_used() + most_time;
  lua_sethook(m_state, watch, LUA_MASKCOUNT, steps_between_looks);
  int failed = luaL_loadbufferx(m_state, text.data(), text.size(), chunk_name, "t");
  if (failed == LUA_OK) failed = lua_pcall(m_state, 0, 0, 0);
  lua_sethook(m_state, nullptr, 0, 0);
  if (failed == LUA_OK) return std::nullopt;
  const char* why = lua_tostring(m_state, -1);
  std::string message = why ? why : "an error that is no text";
  if (failed == LUA_ERRMEM) message = "the configuration needs too much memory";
  lua_pop(m_state, 1);
  // Lua would cut a long file name.
  if (message.starts_with(chunk_prefix)) return file_name + ":" + message.substr(chunk_prefix.size());
  return file_name + ": " + message;
}

}  // namespace berth::command
