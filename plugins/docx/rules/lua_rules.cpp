// A rule's functions are kept in the registry. What Lua calls only keeps what it was given.
#include "rules/lua_rules.hpp"

#include <berth/call.hpp>
#include <utility>

#include "rules/lua_set.hpp"

namespace docx {

namespace {

// rule{…} and report(…): what they are given goes to the end of a list, and is looked at when the rules do not run. In
// C's way: nothing here needs to be destroyed when Lua jumps out of it.
int keep(lua_State* state) {
  constexpr lua_Unsigned most = 10'000;
  luaL_checkany(state, 1);
  lua_settop(state, 2);
  const lua_Unsigned size = lua_rawlen(state, lua_upvalueindex(1));
  if (size >= most) return luaL_error(state, "that was too often");
  lua_createtable(state, 2, 0);
  lua_pushvalue(state, 1);
  lua_rawseti(state, -2, 1);
  lua_pushvalue(state, 2);
  lua_rawseti(state, -2, 2);
  lua_rawseti(state, lua_upvalueindex(1), static_cast<lua_Integer>(size) + 1);
  return 0;
}

std::string text_at(lua_State* state, int at) {
  std::size_t size = 0;
  const char* text = lua_type(state, at) == LUA_TSTRING ? lua_tolstring(state, at, &size) : nullptr;
  return text ? std::string(text, size) : std::string();
}

std::string field(lua_State* state, int table, const char* name) {
  lua_getfield(state, table, name);
  std::string text = text_at(state, -1);
  lua_pop(state, 1);
  return text;
}

int function(lua_State* state, int table, const char* name) {
  if (lua_getfield(state, table, name) == LUA_TFUNCTION) return luaL_ref(state, LUA_REGISTRYINDEX);
  lua_pop(state, 1);
  return LUA_NOREF;
}

}  // namespace

int LuaRules::offer(const char* name) {
  lua_State* state = lua();
  lua_newtable(state);
  lua_pushvalue(state, -1);
  lua_pushcclosure(state, keep, 1);
  lua_setglobal(state, name);
  return luaL_ref(state, LUA_REGISTRYINDEX);
}

LuaRules::LuaRules(const std::string& text, const std::string& name, const LuaLimits& limits)
    : m_limits(limits), m_state(limits) {
  m_made = offer("rule");
  m_said = offer("report");
  std::string wrong;
  if (luaL_loadbufferx(lua(), text.data(), text.size(), ("=" + name).c_str(), "t") != LUA_OK)
    wrong = text_at(lua(), -1);
  else
    wrong = m_state.call(0);
  if (wrong.empty()) wrong = take_rules();
  if (wrong.empty() && m_rules.empty()) wrong = name + ": there is no rule{…} in it";
  lua_settop(lua(), 0);
  if (!wrong.empty())
    throw berth::Error(422, "bad_rules", wrong, "a rule is rule{name = …, on = {…}, start = function(e) … end}");
}

// What is wrong with them, or nothing.
std::string LuaRules::take_rules() {
  constexpr std::size_t most = 200;
  lua_State* state = lua();
  lua_rawgeti(state, LUA_REGISTRYINDEX, m_made);
  const auto size = static_cast<std::size_t>(lua_rawlen(state, -1));
  if (size > most) return "there are more than " + std::to_string(most) + " rules";
  std::string wrong;
  for (std::size_t i = 1; i <= size && wrong.empty(); ++i) {
    lua_rawgeti(state, -1, static_cast<lua_Integer>(i));
    lua_rawgeti(state, -1, 1);
    wrong = lua_istable(state, -1) ? take_rule(lua_gettop(state)) : "rule wants a table: rule{…}";
    lua_pop(state, 2);
  }
  lua_pop(state, 1);
  return wrong;
}

std::string LuaRules::take_rule(int table) {
  lua_State* state = lua();
  LuaRule rule;
  rule.name = field(state, table, "name");
  const std::string level = field(state, table, "level");
  const auto meant = ooxml::serve::level_of(level.empty() ? "error" : level);
  if (rule.name.empty() || rule.name.size() > 60 || rule_info(rule.name) || has(rule.name))
    return "a rule wants a name of its own";
  if (!meant) return rule.name + ": a level is \"error\", \"warning\", \"hint\" or \"off\"";
  rule.level = *meant;
  lua_getfield(state, table, "on");
  if (lua_istable(state, -1)) {
    constexpr lua_Unsigned most = 1000;
    for (lua_Unsigned i = 1; i <= std::min(most, lua_rawlen(state, -1)); ++i) {
      lua_rawgeti(state, -1, static_cast<lua_Integer>(i));
      rule.on.insert(text_at(state, -1));
      lua_pop(state, 1);
    }
  } else if (lua_isstring(state, -1)) {
    rule.on.insert(text_at(state, -1));
  }
  lua_pop(state, 1);
  rule.start = function(state, table, "start");
  rule.text = function(state, table, "text");
  rule.part = function(state, table, "part");
  rule.finish = function(state, table, "finish");
  m_rules.push_back(std::move(rule));
  return {};
}

// report(message [, {expected =, remedy =, name =}])
void LuaRules::take_reports(const LuaRule& rule, Scene& scene, const Ruler::Place& place) {
  lua_State* state = lua();
  lua_rawgeti(state, LUA_REGISTRYINDEX, m_said);
  const auto size = static_cast<lua_Integer>(lua_rawlen(state, -1));
  for (lua_Integer i = 1; i <= size; ++i) {
    lua_rawgeti(state, -1, i);
    lua_rawgeti(state, -1, 1);
    Ruler::Fault fault;
    fault.message = text_at(state, -1);
    lua_rawgeti(state, -2, 2);
    if (lua_istable(state, -1)) {
      const int more = lua_gettop(state);
      fault.expected = field(state, more, "expected");
      fault.remedy = field(state, more, "remedy");
      fault.name = field(state, more, "name");
    }
    lua_pop(state, 3);
    lua_pushnil(state);
    lua_rawseti(state, -2, i);
    scene.ruler.find(scene.ruler.level_or(rule.name, rule.level), place, rule.name, std::move(fault));
  }
  lua_pop(state, 1);
}

void LuaRules::run(LuaRule& rule, int arguments, Scene& scene, const Ruler::Place& place) {
  const std::string wrong = m_state.call(arguments);
  take_reports(rule, scene, place);
  if (wrong.empty()) return;
  rule.broken = true;
  scene.ruler.find(Level::error, place, "lua-error",
                   {"the rule " + rule.name + " failed: " + wrong, rule.name, "", "correct the rule"});
}

std::unique_ptr<MoreRules> lua_rules(const std::string& text, const std::string& name, const LuaLimits& limits) {
  return std::make_unique<LuaRules>(text, name, limits);
}

}  // namespace docx
