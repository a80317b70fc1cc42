// What `berth call` sends: the words of a command line, read as an operation's schema says, and where each goes in a
// request.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command/client.hpp"
#include "service/error.hpp"

namespace berth::command {

// name=value and name:=JSON onto `input`; a name given again adds to a list.
service::Result<nlohmann::json> read_words(const std::vector<std::string>& words, const nlohmann::json& schema,
                                           nlohmann::json input);
// {"type":"object", …} as --input gives it: JSON, @FILE, or - for standard input.
service::Result<nlohmann::json> read_whole_input(const std::string& given);
// The request for an operation as GET /operations describes it: path, query and body filled out of the input.
service::Result<Client::Request> make_request(const nlohmann::json& operation, nlohmann::json input);

}  // namespace berth::command
