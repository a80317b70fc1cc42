// The difference of two texts, as `diff -u` shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace workspace {

// Empty if they are the same. No longer than `most` bytes: `truncated` says that hunks were left out.
std::string unified_diff(std::string_view before, std::string_view after, const std::string& name, std::size_t most,
                         bool& truncated);

}  // namespace workspace
