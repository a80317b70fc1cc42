// OpenAPI 3.1 out of the operations that there are.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loader/manifest.hpp"

namespace berth::routing {

class Table;
std::string openapi_json(const Table& table, std::string_view version);
// `with_jobs`: plugins whose calls may be answered by a job.
nlohmann::json openapi_document(const std::vector<loader::Operation>& operations, std::string_view version,
                                const std::set<std::string>& with_jobs = {});

}  // namespace berth::routing
