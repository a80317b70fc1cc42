// "since" as people and journalctl say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace machine {

// Seconds since 1970, or nothing, if it cannot be understood: "2026-01-31 12:00[:00]", "2026-01-31T12:00:00Z" (UTC
// both), "2026-01-31", "@1700000000", "today", "yesterday", "now", "-2h", "2 hours ago", "30min".
std::optional<std::int64_t> since_of(std::string_view text, std::int64_t now);

}  // namespace machine
