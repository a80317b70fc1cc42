// Lua values to JSON, and complaints with lines.
#include "command/setting.hpp"

#include <algorithm>
#include <cctype>
#include <lua.hpp>

#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

json table_to_json(lua_State* state, int index, std::string& problem, int depth) {
  json array = json::array(), object = json::object();
  lua_pushnil(state);
  while (problem.empty() && lua_next(state, index) != 0) {
    json value = lua_to_json(state, lua_gettop(state), problem, depth + 1);
    if (lua_isinteger(state, -2))
      array.push_back(std::move(value));
    else if (lua_type(state, -2) == LUA_TSTRING)
      object[lua_tostring(state, -2)] = std::move(value);
    else
      problem = "a table's keys must be names";
    lua_pop(state, 1);
  }
  if (!problem.empty()) lua_settop(state, index);
  if (object.empty()) return array.empty() ? json::object() : array;
  if (!array.empty()) object[""] = std::move(array);
  return object;
}

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool names_key(const std::string& line, std::string_view key) {
  for (auto at = line.find(key); at != std::string::npos; at = line.find(key, at + 1)) {
    const auto after = line.find_first_not_of(" \t\"']", at + key.size());
    const bool whole = at == 0 || !word_character(line[at - 1]);
    if (whole && after != std::string::npos && line[after] == '=') return true;
  }
  return false;
}

}  // namespace

json lua_to_json(lua_State* state, int index, std::string& problem, int depth) {
  if (depth > 32) {
    problem = "tables are nested too deeply";
    return nullptr;
  }
  if (!lua_checkstack(state, 8)) problem = "tables are nested too deeply";
  switch (lua_type(state, index)) {
    case LUA_TNIL: return nullptr;
    case LUA_TBOOLEAN: return lua_toboolean(state, index) != 0;
    case LUA_TNUMBER:
      if (lua_isinteger(state, index)) return static_cast<std::int64_t>(lua_tointeger(state, index));
      return static_cast<double>(lua_tonumber(state, index));
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(state, index, &size);
      if (!service::valid_utf8({text, size})) problem = "a text is not UTF-8";
      return std::string(text, size);
    }
    case LUA_TTABLE: return table_to_json(state, lua_absindex(state, index), problem, depth);
    default: problem = std::string("a ") + luaL_typename(state, index) + " is no setting"; return nullptr;
  }
}

void Statement::complain(const std::string& why, std::string_view key) const {
  int line = m_line;
  if (!key.empty() && m_line > 0) {
    const auto last = std::min(m_lines.size(), static_cast<std::size_t>(m_line) + 200);
    for (auto at = static_cast<std::size_t>(m_line) - 1; at < last; ++at) {
      if (!names_key(m_lines[at], key)) continue;
      line = static_cast<int>(at) + 1;
      break;
    }
  }
  m_errors.push_back(m_file + ":" + std::to_string(line) + ": " + why);
}

void Statement::check_keys(const json& object, const std::vector<std::string>& known) const {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
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
