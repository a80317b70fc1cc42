// Whether a value fits a schema, as far as simple schemas go: the tool depends on no validator, so that it can be
// installed with the SDK alone. What it does not know ($ref, if, format, …) counts as fitting.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace berth::check {

// Where and why it does not fit: "/name should be at most 3 characters".
std::optional<std::string> misfit(const nlohmann::json& value, const nlohmann::json& schema);

bool matches(const std::string& text, const std::string& pattern);  // true for a pattern that cannot be read
std::size_t characters(const std::string& text);                    // of UTF-8

}  // namespace berth::check
