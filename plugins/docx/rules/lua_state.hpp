// A Lua state for rules: what it may take, and what is in it.
#pragma once

#include <cstddef>
#include <lua.hpp>
#include <memory>
#include <string>

#include "rules/lua_rules.hpp"

namespace docx {

class LuaState {
 public:
  explicit LuaState(const LuaLimits& limits);
  ~LuaState();
  LuaState(const LuaState&) = delete;

  lua_State* get() const { return m_state; }
  // Calls what lies on the stack with so many arguments; no results. What went wrong, or nothing. Only meanwhile memory
  // is bounded: what is done to the state from outside never fails.
  std::string call(int arguments);

 private:
  static void* take(void* with, void* old, std::size_t old_size, std::size_t size);
  static void step(lua_State* state, lua_Debug*);

  const LuaLimits m_limits;
  std::size_t m_memory = 0, m_steps = 0;
  bool m_bounded = false;
  lua_State* m_state = nullptr;
};

}  // namespace docx
