// A text that matches a pattern, so that operations whose fields have one can be called with made-up inputs.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace berth::check {

// `pick(n)` chooses one of 0 … n-1. Nothing for a pattern of another make than literals, classes, groups, choices and
// repetitions, or if what was made does not match after all.
std::optional<std::string> text_for(const std::string& pattern, const std::function<std::size_t(std::size_t)>& pick);

}  // namespace berth::check
