// A table that was only read may have been changed in its depth, so all that was touched is compared.
#include "policy/inside/memory.hpp"

#include <lua.hpp>
#include <utility>

#include "policy/inside/lua_json.hpp"

namespace berth::policy {

namespace {

const char tables_key = 0;  // its address names the table of all sessions' tables

void push_tables(lua_State* state) {
  if (lua_rawgetp(state, LUA_REGISTRYINDEX, &tables_key) == LUA_TTABLE) return;
  lua_pop(state, 1);
  lua_newtable(state);
  lua_pushvalue(state, -1);
  lua_rawsetp(state, LUA_REGISTRYINDEX, &tables_key);
}

void push_text(lua_State* state, const std::string& text) { lua_pushlstring(state, text.data(), text.size()); }

}  // namespace

void Memory::keep(Kept kept) {
  if (kept.value.empty())
    m_kept[kept.session].erase(kept.key);
  else
    m_kept[kept.session][std::move(kept.key)] = std::move(kept.value);
}

void Memory::push(lua_State* state, const std::string& session) {
  push_tables(state);
  push_text(state, session);
  if (lua_rawget(state, -2) != LUA_TTABLE) {
    lua_pop(state, 1);
    lua_newtable(state);
    const auto known = m_kept.find(session);
    if (known != m_kept.end()) {
      for (const auto& [key, value] : known->second) {
        push_text(state, key);
        push_json(state, value);
        lua_rawset(state, -3);
      }
    }
    push_text(state, session);
    lua_pushvalue(state, -2);
    lua_rawset(state, -4);
  }
  lua_remove(state, -2);
}

void Memory::forget(lua_State* state, const std::string& session) {
  push_tables(state);
  push_text(state, session);
  lua_pushnil(state);
  lua_rawset(state, -3);
  lua_pop(state, 1);
}

void Memory::forget_all(lua_State* state) {
  lua_pushnil(state);
  lua_rawsetp(state, LUA_REGISTRYINDEX, &tables_key);
}

void Memory::touch_all(const std::string& session) {
  const auto known = m_kept.find(session);
  if (known == m_kept.end()) return;
  for (const auto& [key, value] : known->second) m_touched.insert(key);
}

void Memory::settle(lua_State* state, const std::string& session, std::string& scratch) {
  m_changed.clear();
  if (m_touched.empty()) return;
  push(state, session);
  const Values& before = m_kept[session];
  std::size_t size = 0;
  for (const auto& [key, value] : before) size += m_touched.contains(key) ? 0 : key.size() + value.size();
  for (const auto& key : m_touched) {
    scratch.clear();
    push_text(state, key);
    if (lua_rawget(state, -2) != LUA_TNIL) write_json(state, -1, scratch);
    lua_pop(state, 1);
    if (!scratch.empty()) size += key.size() + scratch.size();
    const auto at = before.find(key);
    if (at == before.end() ? !scratch.empty() : at->second != scratch) m_changed[key] = scratch;
  }
  lua_pop(state, 1);
  if (size > most) luaL_error(state, "berth.state would hold more than 64 KiB for this session");
}

void Memory::give_on(std::uint64_t script, const std::string& session, std::vector<Kept>& to) {
  for (auto& [key, value] : m_changed) {
    if (value.empty())
      m_kept[session].erase(key);
    else
      m_kept[session][key] = value;
    to.push_back({script, session, key, std::move(value)});
  }
  take_back();
}

}  // namespace berth::policy
