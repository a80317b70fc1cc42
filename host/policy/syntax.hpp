// Whether a text is Lua at all, found out without running any of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::policy {

constexpr std::size_t most_text = 256u << 10;  // bytes of a policy

// "budget.lua:3: …", or nothing.
std::optional<std::string> syntax_error(const std::string& name, std::string_view text);

}  // namespace berth::policy
