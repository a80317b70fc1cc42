// What /plugins says of the services that a plugin is lent.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "loader/registry.hpp"

namespace berth::command {

void describe_services(nlohmann::json& out, const loader::Registry::Entry& entry);

}  // namespace berth::command
