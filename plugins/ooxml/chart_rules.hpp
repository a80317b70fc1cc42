// What the grammar cannot say of a chart: axes that belong together, series and cached points that are counted right.
#pragma once

#include <memory>

#include "look.hpp"

namespace ooxml {

std::unique_ptr<Handler> chart_rules(const Reading& reading);

}  // namespace ooxml
