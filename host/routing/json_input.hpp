// JSON text from a client, read strictly: no duplicate keys (two readers could see two different values), no deep
// nesting, no invalid UTF-8, nothing after the end.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "service/error.hpp"

namespace berth::routing {

// 400 bad_json with the byte where it went wrong.
service::Result<nlohmann::json> parse_json(std::string_view text, unsigned max_depth = 64);

}  // namespace berth::routing
