// What an operation answers, as MCP's content: text for every client, structured content beside it, pictures as
// pictures, and of a failure what to do about it.
#pragma once

#include <berth/call_parts.hpp>

#include <string>
#include <string_view>

#include "catalogue.hpp"

namespace mcp {

Json tool_result(const Offer& offer, const Json& answer);
Json tool_failure(const berth::Error& error);
// A file that an operation gives: a picture or a sound as such, text as text, all else as an embedded resource.
Json tool_file(const Offer& offer, const std::string& type, const std::string& name, std::string_view bytes);
// What a stream told, and what is to be said of that.
Json tool_events(const Json& events, const std::string& note);

Json prompt_result(const Json& answer);
Json resource_result(const std::string& uri, const Offer& offer, const Json& answer);
Json resource_file(const std::string& uri, const std::string& type, std::string_view bytes);

}  // namespace mcp
