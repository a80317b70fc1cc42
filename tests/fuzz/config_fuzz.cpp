// Any text as berth.lua: it is read or refused, and nothing hangs, grows or gets out.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "command/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  berth::command::check_config({reinterpret_cast<const char*>(data), size}, "berth.lua");
  return 0;
}
