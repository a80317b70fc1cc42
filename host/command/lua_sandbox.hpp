// A sealed Lua state for configuration: no files, no processes, no way to load code, bounded memory, steps and time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;
struct lua_Debug;

namespace berth::command {

class LuaSandbox {
 public:
  LuaSandbox();
  ~LuaSandbox();
  LuaSandbox(const LuaSandbox&) = delete;

  lua_State* state() const { return m_state; }
  // Runs text. nullopt, or what went wrong, with "file:line: " before it where Lua knows the line.
  std::optional<std::string> run(std::string_view text, const std::string& file_name);

  static std::vector<std::string> names();  // of what a chunk finds, before anything is added

 private:
  static void* allocate(void* self, void* block, std::size_t before, std::size_t after);
  static void watch(lua_State* state, lua_Debug*);
  bool out_of_steps();

  std::size_t m_used = 0;
  std::uint64_t m_steps = 0;
  std::int64_t m_ends = 0;  // of this thread's processor time
  lua_State* m_state;
};

}  // namespace berth::command
