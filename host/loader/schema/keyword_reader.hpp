// From a schema's text to Keywords, one keyword at a time.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/schema/keywords.hpp"

namespace berth::loader {

bool is_value_keyword(std::string_view word);
std::vector<std::string> value_keywords();
// Why the keyword cannot be used; nullopt if it now is.
std::optional<std::string> read_keyword(Keywords& to, std::string_view word, const nlohmann::json& value);

}  // namespace berth::loader
