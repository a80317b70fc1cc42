// One input object out of the three places where a request may put its fields: path, query and JSON body.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/manifest.hpp"
#include "service/error.hpp"

namespace berth::routing {

// Texts become what the schema says they are: numbers, booleans, arrays by repetition. A text that cannot stays a text,
// so that the schema's check names it. 400 bad_query for broken escapes; 422 invalid_input for a body that is no object
// or a field given twice.
service::Result<nlohmann::json> assemble_input(const loader::Operation& operation,
                                               const std::vector<std::pair<std::string, std::string>>& path_parameters,
                                               std::string_view query, std::optional<nlohmann::json> body);

}  // namespace berth::routing
