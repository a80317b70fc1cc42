// RFC 9457: how an Error looks to a client.
#pragma once

#include <string>
#include <string_view>

#include "service/error.hpp"

namespace berth::routing {

std::string_view reason_of(int status);  // "Not Found"
// The application/problem+json text: type, title, status, detail, instance, code, hint, errors, retry_after.
std::string problem_json(const service::Error& error, std::string_view instance);

}  // namespace berth::routing
