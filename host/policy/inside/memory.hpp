// berth.state: what a policy keeps for each session, as the host has it, and the Lua tables that stand for it. What a
// hook changes is given on when the hook has come to its end, all of it or nothing.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/wire.hpp"

struct lua_State;

namespace berth::policy {

class Memory {
 public:
  static constexpr std::size_t most = 64u << 10;  // bytes of keys and values, for each session

  void keep(Kept kept);
  void clear() { m_kept.clear(); }

  // For protected calls: these may raise errors of Lua's.
  void push(lua_State* state, const std::string& session);  // its table
  void settle(lua_State* state, const std::string& session, std::string& scratch);
  static void forget(lua_State* state, const std::string& session);  // its table; it is made anew
  static void forget_all(lua_State* state);

  void touch(const char* key, std::size_t size) { m_touched.emplace(key, size); }
  void touch_all(const std::string& session);
  // What settle() found, for good.
  void give_on(std::uint64_t script, const std::string& session, std::vector<Kept>& to);
  void take_back() {
    m_touched.clear();
    m_changed.clear();
  }
  bool touched() const { return !m_touched.empty(); }
  void drop(const std::string& session) { m_kept.erase(session); }

 private:
  using Values = std::map<std::string, std::string>;  // key → JSON
  std::unordered_map<std::string, Values> m_kept;
  std::set<std::string> m_touched;  // keys that the hook at work has read or written
  Values m_changed;                 // of them; empty: gone
};

}  // namespace berth::policy
