// What lies on a sheet rather than in it: charts, images, pivot tables, comments.
#pragma once

#include <nlohmann/json.hpp>

#include "survey.hpp"

namespace xlsx {

// {charts, images, pivots, comments}, each only if there are some.
nlohmann::json drawn(const ooxml::Package& package, const Sheet& sheet, Budget& budget);

}  // namespace xlsx
