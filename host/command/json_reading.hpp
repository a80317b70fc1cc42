// Reads JSON that a host sent, which may not be a host of ours: what is missing or of another type is empty.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "command/client.hpp"

namespace berth::command {

nlohmann::json json_of(std::string_view text);  // discarded if it is none, or nested too deeply to be handled safely
std::string text_at(const nlohmann::json& object, const char* key, std::string otherwise = {});
nlohmann::json list_at(const nlohmann::json& object, const char* key);  // an array of objects

// The list that a host gives at `path`, such as "operations" at /operations. Error code "problem" if it refuses: then
// the status is its own and the message its answer's body.
service::Result<nlohmann::json> fetch_list(Client& client, const std::string& path, const char* key);
int report_list_error(const service::Error& error);  // says it; the exit code that fits

}  // namespace berth::command
