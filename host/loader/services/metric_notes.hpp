// Changed series, as they go to the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/plugin_metrics.hpp"

namespace berth::loader {

using ChangedSeries = std::vector<std::pair<std::uint32_t, service::PluginSeries>>;  // by number, from 1

std::string pack_metrics(const ChangedSeries& changed);
// What can be shown of it; the rest is left out. From a process that may say anything.
ChangedSeries unpack_metrics(std::string_view packed);

}  // namespace berth::loader
