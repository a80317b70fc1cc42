// How a policy says what it wants to be asked, and what a hook is told.
#include <lua.hpp>

#include "policy/inside/library.hpp"
#include "policy/inside/lua_json.hpp"
#include "policy/inside/script.hpp"

namespace berth::policy {

namespace {

const char hooks_key = 0, tests_key = 0, id_key = 0, lazy_key = 0;  // their addresses are names in the registry
constexpr std::size_t most_hooks = 64, most_patterns = 64, most_tests = 256, most_needs = 64;
constexpr double shortest_period = 1, longest_period = 7 * 86'400;

void push_list_of(lua_State* state, const void* key) {
  if (lua_rawgetp(state, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
  lua_pop(state, 1);
  lua_newtable(state);
  lua_pushvalue(state, -1);
  lua_rawsetp(state, LUA_REGISTRYINDEX, key);
}

void still_reading(lua_State* state) {
  if (!Script::of(state).loading()) luaL_error(state, "hooks are declared while the policy is read, not later");
}

std::uint64_t line_of(lua_State* state, int function) {
  lua_Debug about{};
  lua_pushvalue(state, function);
  lua_getinfo(state, ">S", &about);
  return static_cast<std::uint64_t>(about.linedefined > 0 ? about.linedefined : 0);
}

void take_pattern(lua_State* state, int index, std::vector<std::string>& to) {
  if (lua_type(state, index) != LUA_TSTRING || lua_rawlen(state, index) == 0)
    luaL_error(state, "a pattern is a text, such as \"kernel.*\"");
  to.emplace_back(lua_tostring(state, index));
}

// Its patterns are a text, or a list of texts, or "*" where nothing is said. A hook that would never be asked is one
// that its policy counts on.
void take_patterns(lua_State* state, int index, std::vector<std::string>& to) {
  if (index == 0) {
    to.emplace_back("*");
    return;
  }
  if (lua_type(state, index) != LUA_TTABLE) return take_pattern(state, index, to);
  const auto count = count_patterns(state, index);
  if (count == 0) luaL_error(state, "the list of patterns is empty, so that this hook would never be asked");
  if (count > most_patterns) luaL_error(state, "a hook has at most 64 patterns");
  for (std::size_t i = 1; i <= count; ++i) {
    lua_rawgeti(state, index, static_cast<lua_Integer>(i));
    take_pattern(state, -1, to);
    lua_pop(state, 1);
  }
}

// The function is the last argument.
int add_hook(lua_State* state, HookKind kind, std::uint64_t every_ms = 0) {
  still_reading(state);
  const int function = lua_gettop(state);
  luaL_checktype(state, function, LUA_TFUNCTION);
  auto& hooks = Script::of(state).facts().hooks;
  if (hooks.size() >= most_hooks) return luaL_error(state, "a policy has at most 64 hooks");
  const auto line = line_of(state, function);
  push_list_of(state, &hooks_key);
  lua_pushvalue(state, function);
  lua_rawseti(state, -2, static_cast<lua_Integer>(hooks.size()) + 1);
  hooks.push_back({kind, {}, every_ms, line});
  if (kind <= HookKind::event) take_patterns(state, function > 1 ? 1 : 0, hooks.back().match);
  return 0;
}

// before(function), before("kernel.*", function), before({ "kernel.*", "shell.*" }, function)
template <HookKind kind>
int add(lua_State* state) {
  return add_hook(state, kind);
}

int add_every(lua_State* state) {
  const double seconds = luaL_checknumber(state, 1);
  if (!(seconds >= shortest_period && seconds <= longest_period))
    return luaL_error(state, "every wants seconds, from 1 to a week");
  return add_hook(state, HookKind::every, static_cast<std::uint64_t>(seconds * 1000));
}

// needs("xlsx.check", "what is done without it")
int add_need(lua_State* state) {
  still_reading(state);
  const char* operation = luaL_checkstring(state, 1);
  const char* otherwise = luaL_checkstring(state, 2);
  auto& needs = Script::of(state).facts().needs;
  if (needs.size() >= most_needs) return luaL_error(state, "a policy needs at most 64 operations");
  needs.push_back({operation, otherwise});
  return 0;
}

int add_test(lua_State* state) {
  still_reading(state);
  Script& script = Script::of(state);
  const char* name = luaL_checkstring(state, 1);
  luaL_checktype(state, 2, LUA_TFUNCTION);
  if (script.facts().tests >= most_tests) return luaL_error(state, "a policy has at most 256 tests");
  push_list_of(state, &tests_key);
  lua_pushvalue(state, 2);
  lua_rawseti(state, -2, static_cast<lua_Integer>(script.facts().tests++) + 1);
  script.test_names().emplace_back(name);
  return 0;
}

// ---- what a hook is told

void set_text(lua_State* state, const char* name, const std::string& text) {
  lua_pushlstring(state, text.data(), text.size());
  lua_setfield(state, -2, name);
}

// input and output are read when somebody asks for them, and only for the call at hand.
int look_up(lua_State* state) {
  const Work* work = Script::of(state).work();
  lua_rawgetp(state, 1, &id_key);
  if (!work || static_cast<std::uint64_t>(lua_tointeger(state, -1)) != work->question.id) return 0;
  if (lua_type(state, 2) != LUA_TSTRING) return 0;
  const std::string_view name = lua_tostring(state, 2);
  const std::string& text = name == "input" ? work->question.input : work->question.output;
  if ((name != "input" && name != "output") || text.empty()) return 0;
  push_json(state, text);
  lua_pushvalue(state, 2);
  lua_pushvalue(state, -2);
  lua_rawset(state, 1);
  return 1;
}

void push_lazy(lua_State* state, std::uint64_t id) {
  lua_createtable(state, 0, 10);
  lua_pushinteger(state, static_cast<lua_Integer>(id));
  lua_rawsetp(state, -2, &id_key);
  if (lua_rawgetp(state, LUA_REGISTRYINDEX, &lazy_key) != LUA_TTABLE) {
    lua_pop(state, 1);
    lua_newtable(state);
    lua_pushcfunction(state, look_up);
    lua_setfield(state, -2, "__index");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_pushvalue(state, -1);
    lua_rawsetp(state, LUA_REGISTRYINDEX, &lazy_key);
  }
  lua_setmetatable(state, -2);
}

void push_call(lua_State* state, const Question& question) {
  push_lazy(state, question.id);
  set_text(state, "operation", question.operation);
  set_text(state, "session", question.session);
  set_text(state, "caller", question.caller);
  set_text(state, "scope", question.scope);
  set_text(state, "request", question.request);
  lua_pushinteger(state, static_cast<lua_Integer>(question.input.size()));
  lua_setfield(state, -2, "bytes");
  lua_pushinteger(state, static_cast<lua_Integer>(question.turn));
  lua_setfield(state, -2, "turn");
}

void push_result(lua_State* state, const Question& question) {
  push_lazy(state, question.id);
  lua_pushinteger(state, static_cast<lua_Integer>(question.status));
  lua_setfield(state, -2, "status");
  lua_pushboolean(state, question.status < 400);
  lua_setfield(state, -2, "good");
  lua_pushnumber(state, static_cast<lua_Number>(question.took_us) / 1e6);
  lua_setfield(state, -2, "seconds");
  lua_pushinteger(state, static_cast<lua_Integer>(question.bytes));
  lua_setfield(state, -2, "bytes");
}

void push_event(lua_State* state, const Question& question) {
  lua_createtable(state, 0, 3);
  set_text(state, "topic", question.operation);
  set_text(state, "session", question.session);
  push_json(state, question.input.empty() ? "null" : std::string_view(question.input));
  lua_setfield(state, -2, "data");
}

}  // namespace

void open_hooks(lua_State* state) {
  const luaL_Reg all[] = {{"before", add<HookKind::before>},
                          {"after", add<HookKind::after>},
                          {"event", add<HookKind::event>},
                          {"every", add_every},
                          {"start", add<HookKind::start>},
                          {"stop", add<HookKind::stop>},
                          {"needs", add_need},
                          {"test", add_test}};
  for (const auto& one : all) lua_register(state, one.name, one.func);
}

std::size_t count_patterns(lua_State* state, int index) {
  const auto count = lua_rawlen(state, index);
  std::size_t pairs = 0;
  for (lua_pushnil(state); lua_next(state, index) != 0; ++pairs) lua_pop(state, 1);
  if (pairs != count) luaL_error(state, "patterns are a list of texts, such as { \"kernel.*\", \"shell.*\" }");
  return count;
}

void push_hook(lua_State* state, std::size_t hook) {
  push_list_of(state, &hooks_key);
  lua_rawgeti(state, -1, static_cast<lua_Integer>(hook) + 1);
  lua_remove(state, -2);
}

void push_test(lua_State* state, std::size_t test) {
  push_list_of(state, &tests_key);
  lua_rawgeti(state, -1, static_cast<lua_Integer>(test) + 1);
  lua_remove(state, -2);
}

int push_arguments(lua_State* state, const Script& script) {
  const Question& question = script.work()->question;
  switch (question.kind) {
    case HookKind::before: push_call(state, question); return 1;
    case HookKind::after:
      push_call(state, question);
      push_result(state, question);
      return 2;
    case HookKind::event: push_event(state, question); return 1;
    default: return 0;
  }
}

}  // namespace berth::policy
