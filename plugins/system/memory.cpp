// What /proc/meminfo does not have is left out; an old kernel without MemAvailable is asked for what is free.
#include "memory.hpp"

#include <algorithm>

namespace machine {

using berth::Json;

namespace {

// Of the control group that is the root of what is seen here, as in a container.
std::optional<std::uint64_t> limit_of(const Trees& trees) {
  auto limit = trees.sys.number<std::uint64_t>("fs/cgroup/memory.max");
  if (!limit) limit = trees.sys.number<std::uint64_t>("fs/cgroup/memory/memory.limit_in_bytes");
  if (limit && *limit >= std::uint64_t{1} << 60) return std::nullopt;  // as good as none
  return limit;
}

}  // namespace

Json memory_of(std::string_view meminfo) {
  const auto table = table_of(meminfo);
  const auto bytes = [&table](const char* key) -> std::uint64_t {
    const auto at = table.find(key);
    return at == table.end() ? 0 : bytes_of(at->second).value_or(0);
  };
  const auto total = bytes("MemTotal"), free = bytes("MemFree");
  const auto available = std::min(total, table.count("MemAvailable") ? bytes("MemAvailable") : free);
  const auto swap = bytes("SwapTotal"), swap_free = std::min(swap, bytes("SwapFree"));
  return {{"total", total},
          {"used", total - available},
          {"free", free},
          {"available", available},
          {"shared", bytes("Shmem")},
          {"buffers", bytes("Buffers")},
          {"cached", bytes("Cached") + bytes("SReclaimable")},
          {"swap", {{"total", swap}, {"used", swap - swap_free}, {"free", swap_free}}}};
}

Json tell_memory(const Trees& trees) {
  Json answer = memory_of(trees.proc.text("meminfo").value_or(""));
  if (const auto limit = limit_of(trees)) answer["limit"] = *limit;
  return answer;
}

}  // namespace machine
