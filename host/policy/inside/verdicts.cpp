// What a hook may say of a call: one verdict, which it returns, and what it counts.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <lua.hpp>

#include "policy/inside/library.hpp"
#include "policy/inside/lua_json.hpp"
#include "policy/inside/script.hpp"

namespace berth::policy {

namespace {

const char verdict_key = 0;  // in a table that is one: its kind
constexpr std::size_t most_words = 1000, most_charges = 16, most_name = 64;
constexpr double longest_delay = 60, longest_approval = 86'400;

Script& at_work(lua_State* state) {
  Script& script = Script::of(state);
  if (!script.work()) luaL_error(state, "this is for hooks, and none is at work");
  return script;
}

// A table of its own, from what the policy gave: a reason alone, or a table with names.
void begin_verdict(lua_State* state, StepKind kind, const char* plain) {
  lua_settop(state, 1);
  lua_newtable(state);
  if (lua_istable(state, 1)) {
    lua_pushnil(state);
    while (lua_next(state, 1) != 0) {
      lua_pushvalue(state, -2);
      lua_insert(state, -2);
      lua_rawset(state, 2);
    }
    if (lua_rawgeti(state, 2, 1) != LUA_TNIL)
      lua_setfield(state, 2, plain);
    else
      lua_pop(state, 1);
  } else if (!lua_isnil(state, 1)) {
    lua_pushvalue(state, 1);
    lua_setfield(state, 2, plain);
  }
  lua_pushinteger(state, static_cast<lua_Integer>(kind));
  lua_rawsetp(state, 2, &verdict_key);
  lua_pushstring(state, name_of(kind).data());
  lua_setfield(state, 2, "verdict");
  lua_Debug about{};
  if (lua_getstack(state, 1, &about) != 0 && lua_getinfo(state, "l", &about) != 0 && about.currentline > 0) {
    lua_pushinteger(state, about.currentline);
    lua_setfield(state, 2, "line");
  }
}

template <StepKind kind>
int verdict(lua_State* state) {
  begin_verdict(state, kind, kind == StepKind::delay ? "seconds" : "reason");
  return 1;
}

// charge { steps = 1 }
int charge(lua_State* state) {
  Script& script = at_work(state);
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  lua_pushnil(state);
  while (lua_next(state, 1) != 0) {
    if (lua_type(state, 2) != LUA_TSTRING || lua_rawlen(state, 2) > most_name)
      return luaL_error(state, "charge wants names with amounts: charge { steps = 1 }");
    const double amount = luaL_checknumber(state, 3);
    auto& charges = script.said().said.charges;
    if (!std::isfinite(amount) || charges.size() >= most_charges) return luaL_error(state, "this cannot be charged");
    charges.push_back({script.number(), lua_tostring(state, 2), amount});
    lua_pop(state, 1);
  }
  return 0;
}

bool is_key(std::string_view name) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= most_name && name[0] >= 'a' && std::all_of(name.begin(), name.end(), good);
}

// In the order of their names: Lua's own is another each time.
void add_sorted(std::string& all, std::string_view one) {
  std::size_t at = 0;
  while (at < all.size() && std::string_view(all).substr(at) < one)
    at = std::min(all.find(", ", at), all.size() - 2) + 2;
  if (at < all.size())
    all.insert(at, ", ").insert(at, one);
  else
    all.append(all.empty() ? "" : ", ").append(one);
}

// remaining { steps = 3, seconds = 12.5 }: what the header Berth-Budget-Remaining says.
int remaining(lua_State* state) {
  Script& script = at_work(state);
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  auto& said = script.said();
  said.remaining.clear();
  lua_pushnil(state);
  while (lua_next(state, 1) != 0) {
    if (lua_type(state, 2) != LUA_TSTRING || !is_key(lua_tostring(state, 2)))
      return luaL_error(state, "remaining wants names of a-z 0-9 _: remaining { steps = 3 }");
    const double left = luaL_checknumber(state, 3);
    char text[64];
    std::snprintf(text, sizeof text, "=%.12g", std::isfinite(left) ? left : 0);
    script.scratch().assign(lua_tostring(state, 2)).append(text);
    add_sorted(said.remaining, script.scratch());
    if (said.remaining.size() > most_words) return luaL_error(state, "this is more than a header holds");
    lua_pop(state, 1);
  }
  return 0;
}

double number_field(lua_State* state, int index, const char* name, double most) {
  double value = 0;
  const int type = lua_getfield(state, index, name);
  if (type != LUA_TNIL && type != LUA_TNUMBER) luaL_error(state, "%s wants a number", name);
  if (type == LUA_TNUMBER) value = lua_tonumber(state, -1);
  lua_pop(state, 1);
  return std::isfinite(value) ? std::clamp(value, 0.0, most) : most;
}

void read_reason(lua_State* state, int index, Step& step) {
  const int type = lua_getfield(state, index, "reason");
  if (type != LUA_TNIL && type != LUA_TSTRING) luaL_error(state, "reason wants a text");
  std::size_t size = 0;
  if (const char* text = type == LUA_TSTRING ? lua_tolstring(state, -1, &size) : nullptr)
    step.words.assign(text, std::min(size, most_words));
  lua_pop(state, 1);
}

void read_rewrite(lua_State* state, int index, Script& script) {
  const bool before = script.work()->question.kind == HookKind::before;
  const int type = lua_getfield(state, index, before ? "input" : "output");
  if (type == LUA_TNIL)
    luaL_error(state, before ? "rewrite wants the input: rewrite { input = … }"
                             : "rewrite wants the output: rewrite { output = … }");
  auto& text = script.said().rewritten;
  text.clear();
  write_json(state, -1, text);
  lua_pop(state, 1);
}

}  // namespace

void open_verdicts(lua_State* state) {
  const luaL_Reg all[] = {{"allow", verdict<StepKind::allow>},
                          {"deny", verdict<StepKind::deny>},
                          {"delay", verdict<StepKind::delay>},
                          {"rewrite", verdict<StepKind::rewrite>},
                          {"approve", verdict<StepKind::approve>},
                          {"charge", charge},
                          {"remaining", remaining}};
  for (const auto& one : all) lua_register(state, one.name, one.func);
}

// Nothing, or a verdict.
void read_verdict(lua_State* state, int index, Script& script) {
  index = lua_absindex(state, index);
  Step& step = script.step();
  if (lua_isnil(state, index)) return;
  const HookKind kind = script.work()->question.kind;
  if (kind != HookKind::before && kind != HookKind::after) return;
  bool is_one = lua_istable(state, index);
  if (is_one) is_one = lua_rawgetp(state, index, &verdict_key) == LUA_TNUMBER;
  if (!is_one)
    luaL_error(state, "a hook returns nothing or a verdict, such as deny \"…\", and not a %s",
               luaL_typename(state, index));
  step.kind = static_cast<StepKind>(lua_tointeger(state, -1));
  lua_pop(state, 1);
  step.line = static_cast<std::uint64_t>(number_field(state, index, "line", 1e9));
  read_reason(state, index, step);
  if (step.kind == StepKind::deny) {
    step.seconds = number_field(state, index, "retry_after", longest_approval);
    step.status = static_cast<std::uint64_t>(number_field(state, index, "status", 599));
  }
  if (step.kind == StepKind::delay) step.seconds = number_field(state, index, "seconds", longest_delay);
  if (step.kind == StepKind::approve) step.seconds = number_field(state, index, "timeout", longest_approval);
  if (step.kind == StepKind::rewrite) read_rewrite(state, index, script);
  const bool parks = step.kind == StepKind::delay || step.kind == StepKind::approve;
  if (parks && kind == HookKind::after) luaL_error(state, "what was carried out already cannot wait");
}

}  // namespace berth::policy
