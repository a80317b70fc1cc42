// A sealed Lua state for configuration: no files, no processes, no way to load code, bounded memory and steps.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct lua_State;

namespace berth::command {

class LuaSandbox {
 public:
  LuaSandbox();
  ~LuaSandbox();
  LuaSandbox(const LuaSandbox&) = delete;

  lua_State* state() const { return m_state; }
  // Runs text. nullopt, or what went wrong, with "file:line: " before it where Lua knows the line.
  std::optional<std::string> run(std::string_view text, const std::string& file_name);

 private:
  static void* allocate(void* self, void* block, std::size_t before, std::size_t after);

  std::size_t m_used = 0;
  lua_State* m_state;
};

}  // namespace berth::command
