// Which fields of a value do not fit, told from what valijson found.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"

namespace berth::loader {

struct SchemaPlan;

// `suspects` are the JSON pointers to the places where valijson found something wrong. At most 20 misfits; never none.
std::vector<service::Misfit> explain(const SchemaPlan& plan, const nlohmann::json& value,
                                     const std::set<std::string>& suspects);
void append_step(std::string& pointer, std::string_view name);  // "/name", escaped

}  // namespace berth::loader
