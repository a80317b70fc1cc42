// What an Excel file must mean, beyond what may stand where: references that resolve, numbers that are unique, cells in
// their order, values that are what they say.
#pragma once

#include <memory>

#include "look.hpp"

namespace ooxml {

std::unique_ptr<Domain> sheet_rules();

}  // namespace ooxml
