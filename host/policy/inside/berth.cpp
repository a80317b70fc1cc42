// berth.…: what a policy may do besides saying yes or no. There is no berth.http: whoever decides must not wait for
// strangers.
#include <algorithm>
#include <lua.hpp>

#include "policy/inside/library.hpp"
#include "policy/inside/lua_json.hpp"
#include "policy/inside/script.hpp"
#include "service/log.hpp"
#include "service/text.hpp"

namespace berth::policy {

namespace {

constexpr std::size_t most_lines = 100, most_line = 4096, most_events = 20, most_topic = 100;
constexpr std::size_t most_event = 64u << 10;
const char answers_key = 0;  // its address names the answers that a test gives in place of operations

Script& hook_at_work(lua_State* state) {
  Script& script = Script::of(state);
  if (!script.work()) luaL_error(state, "this is for hooks, and none is at work");
  return script;
}

// ---- berth.state

int read_state(lua_State* state) {
  Script& script = hook_at_work(state);
  script.memory().push(state, script.work()->question.session);
  lua_pushvalue(state, 2);
  lua_rawget(state, -2);
  std::size_t size = 0;
  if (lua_istable(state, -1) && lua_type(state, 2) == LUA_TSTRING) {
    const char* key = lua_tolstring(state, 2, &size);
    script.memory().touch(key, size);
  }
  return 1;
}

int write_state(lua_State* state) {
  Script& script = hook_at_work(state);
  if (lua_type(state, 2) != LUA_TSTRING) return luaL_error(state, "berth.state has names as keys");
  script.memory().push(state, script.work()->question.session);
  std::size_t size = 0;
  const char* key = lua_tolstring(state, 2, &size);
  script.memory().touch(key, size);
  lua_pushvalue(state, 2);
  lua_pushvalue(state, 3);
  lua_rawset(state, -3);
  return 0;
}

int next_pair(lua_State* state) {
  lua_settop(state, 2);
  return lua_next(state, 1) != 0 ? 2 : 1;
}

int state_pairs(lua_State* state) {
  Script& script = hook_at_work(state);
  const auto& session = script.work()->question.session;
  script.memory().touch_all(session);
  lua_pushcfunction(state, next_pair);
  script.memory().push(state, session);
  lua_pushnil(state);
  return 3;
}

void push_state_table(lua_State* state) {
  const luaL_Reg all[] = {
      {"__index", read_state}, {"__newindex", write_state}, {"__pairs", state_pairs}, {nullptr, nullptr}};
  lua_newtable(state);
  luaL_newlib(state, all);
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setmetatable(state, -2);
}

// ---- what goes out

void add_line(Script& script, service::Level level, const char* text, std::size_t size) {
  auto& lines = script.said().said.lines;
  if (lines.size() < most_lines)
    lines.push_back({script.number(), static_cast<std::uint64_t>(level), std::string(text, std::min(size, most_line))});
}

// berth.log("text"), berth.log("warn", "text")
int log(lua_State* state) {
  static const char* const levels[] = {"debug", "info", "warn", "error", nullptr};
  const bool levelled = lua_gettop(state) > 1;
  const auto level =
      levelled ? static_cast<service::Level>(luaL_checkoption(state, 1, nullptr, levels)) : service::Level::info;
  std::size_t size = 0;
  const char* text = luaL_tolstring(state, levelled ? 2 : 1, &size);
  add_line(Script::of(state), level, text, size);
  return 0;
}

int print(lua_State* state) {
  const int count = lua_gettop(state);
  luaL_Buffer line;
  luaL_buffinit(state, &line);
  for (int i = 1; i <= count; ++i) {
    if (i > 1) luaL_addchar(&line, '\t');
    luaL_tolstring(state, i, nullptr);
    luaL_addvalue(&line);
  }
  luaL_pushresult(&line);
  std::size_t size = 0;
  const char* text = lua_tolstring(state, -1, &size);
  add_line(Script::of(state), service::Level::info, text, size);
  return 0;
}

// berth.emit("topic", data)
int emit(lua_State* state) {
  Script& script = hook_at_work(state);
  std::size_t size = 0;
  const char* topic = luaL_checklstring(state, 1, &size);
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  if (size == 0 || size > most_topic || !std::all_of(topic, topic + size, good))
    return luaL_error(state, "a topic is words of a-z 0-9 _, joined by dots");
  if (script.said().said.events.size() >= most_events) return luaL_error(state, "a hook says at most 20 events");
  auto& text = script.scratch();
  text.clear();
  lua_settop(state, 2);
  write_json(state, 2, text);
  if (text.size() > most_event) return luaL_error(state, "an event says at most 64 KiB");
  script.said().said.events.push_back({script.number(), topic, text});
  return 0;
}

// ---- operations

// In a test: what its answers say.
int answer_in_place(lua_State* state) {
  lua_settop(state, 2);
  if (lua_rawgetp(state, LUA_REGISTRYINDEX, &answers_key) == LUA_TTABLE) {
    lua_pushvalue(state, 1);
    if (lua_rawget(state, -2) == LUA_TFUNCTION) {
      lua_pushvalue(state, 2);
      lua_call(state, 1, 2);
      return 2;
    }
  }
  lua_pushnil(state);
  push_json(state, "{\"code\":\"not_found\"}");
  return 2;
}

// berth.call("operation", input): the answer; or nil and the problem.
int call(lua_State* state) {
  Script& script = hook_at_work(state);
  const HookKind kind = script.work()->question.kind;
  if (kind == HookKind::before || kind == HookKind::stop)
    return luaL_error(state, "berth.call is not for before and stop: what others wait for must not wait itself");
  std::size_t size = 0;
  const char* operation = luaL_checklstring(state, 1, &size);
  if (script.lacks({operation, size})) {
    lua_pushnil(state);
    push_json(state, "{\"code\":\"not_loaded\"}");
    return 2;
  }
  if (script.testing()) return answer_in_place(state);
  if (!script.is_hook(state)) return luaL_error(state, "berth.call is not for coroutines of one's own");
  auto& input = script.work()->input;
  input.clear();
  if (lua_isnoneornil(state, 2))
    input = "{}";
  else
    write_json(state, 2, input);
  script.work()->operation.assign(operation, size);
  return begin_wait(state, script);
}

int has(lua_State* state) {
  std::size_t size = 0;
  const char* operation = luaL_checklstring(state, 1, &size);
  const bool found = Script::of(state).has({operation, size});
  lua_pushboolean(state, found);
  return 1;
}

bool matches_one(lua_State* state, int index, std::string_view text) {
  std::size_t size = 0;
  const char* pattern = luaL_checklstring(state, index, &size);
  return service::matches({pattern, size}, text);
}

// berth.matches("kernel.*", "kernel.exec"), berth.matches({ "kernel.*", "shell.*" }, "kernel.exec")
int matches(lua_State* state) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(state, 2, &size);
  bool found = lua_type(state, 1) != LUA_TTABLE && matches_one(state, 1, {text, size});
  if (lua_type(state, 1) == LUA_TTABLE) {
    const auto count = static_cast<lua_Integer>(count_patterns(state, 1));
    for (lua_Integer i = 1; i <= count && !found; ++i) {
      lua_rawgeti(state, 1, i);
      found = matches_one(state, lua_gettop(state), {text, size});
      lua_pop(state, 1);
    }
  }
  lua_pushboolean(state, found);
  return 1;
}

int now(lua_State* state) {
  lua_pushnumber(state, Script::of(state).now());
  return 1;
}

int list(lua_State* state) {
  lua_settop(state, 1);
  if (lua_isnil(state, 1)) lua_newtable(state);
  luaL_checktype(state, -1, LUA_TTABLE);
  mark_list(state, -1);
  return 1;
}

// berth.session is another at each hook.
int look_up_berth(lua_State* state) {
  const Script& script = Script::of(state);
  if (lua_type(state, 2) != LUA_TSTRING || std::string_view(lua_tostring(state, 2)) != "session") return 0;
  if (!script.work()) return 0;
  const auto& session = script.work()->question.session;
  if (session.empty()) return 0;
  lua_pushlstring(state, session.data(), session.size());
  return 1;
}

// ---- for tests

// answers { ["operation"] = function(input) … end }
int set_answers(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  lua_pushnil(state);
  Script& script = Script::of(state);
  script.there({});
  while (lua_next(state, 1) != 0) {
    lua_pop(state, 1);
    if (lua_type(state, -1) == LUA_TSTRING) script.add_there(lua_tostring(state, -1));
  }
  lua_rawsetp(state, LUA_REGISTRYINDEX, &answers_key);
  return 0;
}

// clock(seconds): what berth.now says from here on.
int set_clock(lua_State* state) {
  Script::of(state).pretend(luaL_checknumber(state, 1));
  return 0;
}

}  // namespace

void open_berth(lua_State* state) {
  const luaL_Reg all[] = {{"log", log}, {"emit", emit}, {"call", call},       {"has", has},
                          {"now", now}, {"list", list}, {"matches", matches}, {nullptr, nullptr}};
  luaL_newlib(state, all);
  push_null(state);
  lua_setfield(state, -2, "null");
  push_json(state, Script::of(state).source().settings);
  lua_setfield(state, -2, "settings");
  push_state_table(state);
  lua_setfield(state, -2, "state");
  lua_newtable(state);
  lua_pushcfunction(state, look_up_berth);
  lua_setfield(state, -2, "__index");
  lua_setmetatable(state, -2);
  lua_setglobal(state, "berth");
  lua_register(state, "print", print);
}

void forget_answers(lua_State* state) {
  lua_pushnil(state);
  lua_rawsetp(state, LUA_REGISTRYINDEX, &answers_key);
}

void open_answers(lua_State* state) {
  lua_register(state, "answers", set_answers);
  lua_register(state, "clock", set_clock);
}

}  // namespace berth::policy
