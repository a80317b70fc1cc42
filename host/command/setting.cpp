// Lua values to JSON, and complaints with lines. Nothing here may raise a Lua error: it would jump over destructors.
#include "command/setting.hpp"

#include <algorithm>
#include <cmath>
#include <lua.hpp>

#include "command/key_line.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr int most_depth = 32;
constexpr std::size_t most_values = 10'000, most_bytes = 1u << 20;
constexpr const char* list_rule = "a list counts from 1, without gaps";

}  // namespace

json LuaValues::refuse(const char* why) {
  if (m_problem.empty()) m_problem = why;
  return nullptr;
}

json LuaValues::read(int index) { return value_at(lua_absindex(m_state, index)); }

json LuaValues::value_at(int index) {
  if (++m_values > most_values) return refuse("a statement holds at most 10000 values");
  switch (lua_type(m_state, index)) {
    case LUA_TNIL: return nullptr;
    case LUA_TBOOLEAN: return lua_toboolean(m_state, index) != 0;
    case LUA_TNUMBER: return number_at(index);
    case LUA_TSTRING: return text_at(index);
    case LUA_TTABLE: return table_at(index);
    default: m_problem = std::string("a ") + luaL_typename(m_state, index) + " is no setting"; return nullptr;
  }
}

json LuaValues::number_at(int index) {
  if (lua_isinteger(m_state, index)) return static_cast<std::int64_t>(lua_tointeger(m_state, index));
  const auto number = static_cast<double>(lua_tonumber(m_state, index));
  if (!std::isfinite(number)) return refuse("a number is infinite or none at all");
  return number;
}

std::string LuaValues::text_at(int index) {
  std::size_t size = 0;
  const char* text = lua_tolstring(m_state, index, &size);
  m_bytes += size;
  if (m_bytes > most_bytes) {
    refuse("the texts of a statement are at most 1 MiB");
    return {};
  }
  if (!service::valid_utf8({text, size})) refuse("a text is not UTF-8");
  return {text, size};
}

// The pair on top of the stack. A list may come in any order.
void LuaValues::take_pair(std::map<std::size_t, json>& list, json& named) {
  const int value = lua_gettop(m_state), key = value - 1;
  if (lua_isinteger(m_state, key)) {
    const auto place = lua_tointeger(m_state, key);
    if (place < 1) {
      refuse(list_rule);
      return;
    }
    list[static_cast<std::size_t>(place)] = value_at(value);
  } else if (lua_type(m_state, key) == LUA_TSTRING) {
    std::string name = text_at(key);
    if (name.empty()) refuse("a name in a table is empty");
    named[std::move(name)] = value_at(value);
  } else {
    refuse("a table's keys must be names");
  }
}

json LuaValues::table_at(int index) {
  if (m_depth >= most_depth || !lua_checkstack(m_state, 8)) return refuse("tables are nested too deeply");
  ++m_depth;
  std::map<std::size_t, json> list;
  json named = json::object();
  lua_pushnil(m_state);
  while (lua_next(m_state, index) != 0) {
    take_pair(list, named);
    lua_pop(m_state, 1);
    if (m_problem.empty()) continue;
    lua_pop(m_state, 1);
    break;
  }
  --m_depth;
  if (list.empty()) return named;
  if (list.rbegin()->first != list.size()) return refuse(list_rule);
  json array = json::array();
  for (auto& [place, one] : list) array.push_back(std::move(one));
  if (named.empty()) return array;
  named[""] = std::move(array);
  return named;
}

void Statement::complain(const std::string& why, std::string_view key) const {
  const int line = key.empty() ? m_line : line_of_key(m_text, m_line, key);
  m_errors.push_back(m_file + ":" + std::to_string(line) + ": " + why);
}

void Statement::check_keys(const json& object, const std::vector<std::string>& known) const {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (key.empty()) {
      complain("a value without a name stands among the settings");
      continue;
    }
    const auto near = service::near_names(key, known);
    complain("unknown setting \"" + key + "\"" + (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"), key);
  }
}

bool Statement::boolean(const json& object, const char* key, bool otherwise) const {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  if (found->is_boolean()) return found->get<bool>();
  complain(std::string(key) + " must be true or false", key);
  return otherwise;
}

std::string Statement::text(const json& object, const char* key) const {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  complain(std::string(key) + " must be a text", key);
  return {};
}

}  // namespace berth::command
