// Lua's parser bounds its depth itself, and takes as long as the text is long.
#include "policy/syntax.hpp"

#include <lua.hpp>
#include <memory>

namespace berth::policy {

std::optional<std::string> syntax_error(const std::string& name, std::string_view text) {
  if (text.size() > most_text) return name + ".lua: a policy has at most 256 KiB";
  const std::unique_ptr<lua_State, void (*)(lua_State*)> state(luaL_newstate(), lua_close);
  if (!state) return name + ".lua: there is no memory to read it";
  const std::string chunk = "=" + name + ".lua";
  if (luaL_loadbufferx(state.get(), text.data(), text.size(), chunk.c_str(), "t") == LUA_OK) return std::nullopt;
  const char* why = lua_tostring(state.get(), -1);
  return why ? why : name + ".lua: it cannot be read";
}

}  // namespace berth::policy
