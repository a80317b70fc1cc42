// OpenAPI 3.1 out of the table of operations.
#pragma once

#include <string>
#include <string_view>

namespace berth::routing {

class Table;
std::string openapi_json(const Table& table, std::string_view version);

}  // namespace berth::routing
